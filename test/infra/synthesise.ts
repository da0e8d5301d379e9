import { readFileSync } from 'node:fs';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createStacks } from '../../infra/stacks.ts';
import { readStage } from '../../infra/stages.ts';

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));

function describe(stack: Stack | undefined) {
  return (
    stack && {
      template: Template.fromStack(stack).toJSON(),
      region: stack.region,
      terminationProtection: stack.terminationProtection,
      dependencies: stack.dependencies.map(({ stackName }) => stackName),
    }
  );
}

/**
 * Synthesises a stage's stacks, without bundled functions.
 * @param asked JSON: `settings` of the stage and `otherContext` of the app
 * @returns JSON: `Synthesis` of synthesis.ts, or why the settings are refused
 */
export function synthesise(asked: string): string {
  const { settings, otherContext } = JSON.parse(asked) as Record<string, Record<string, unknown>>;
  try {
    const app = new App({ context: { ...context, ...otherContext, 'aws:cdk:bundling-stacks': [] } });
    const { data, domain, cdn, service } = createStacks(
      app,
      readStage(name => settings?.[name]),
    );
    return JSON.stringify({
      data: describe(data),
      domain: describe(domain),
      cdn: describe(cdn),
      service: describe(service),
    });
  } catch (error) {
    return JSON.stringify({ refused: (error as Error).message });
  }
}
