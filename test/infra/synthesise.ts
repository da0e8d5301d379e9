import { readFileSync } from 'node:fs';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createStacks } from '../../infra/stacks.ts';
import { readStage } from '../../infra/stages.ts';

/*
 * A process of its own, in which the CDK is loaded in a third of the time that it takes under Jest: reads a stage's settings and the
 * app's context from its argument, and writes the app's stacks, without bundled functions, as JSON (`Synthesis` in synthesis.ts).
 */

const { settings, otherContext } = JSON.parse(process.argv[2] ?? '{}');
const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
const app = new App({ context: { ...context, ...otherContext, 'aws:cdk:bundling-stacks': [] } });

function synthesise() {
  const stacks = createStacks(
    app,
    readStage(name => settings[name]),
  );
  const described = (stack: Stack | undefined) =>
    stack && {
      template: Template.fromStack(stack).toJSON(),
      region: stack.region,
      terminationProtection: stack.terminationProtection,
      dependencies: stack.dependencies.map(({ stackName }) => stackName),
    };
  return {
    data: described(stacks.data),
    domain: described(stacks.domain),
    cdn: described(stacks.cdn),
    service: described(stacks.service),
  };
}

try {
  process.stdout.write(JSON.stringify(synthesise()));
} catch (error) {
  process.stdout.write(JSON.stringify({ refused: (error as Error).message }));
}
