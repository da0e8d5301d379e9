import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DataStack } from './data-stack.ts';
import { ServiceStack } from './service-stack.ts';
import type { Stage } from './stages.ts';

/** The two stacks of a stage, checked against AWS's own rules on every synth. */
export function createStacks(app: App, stage: Stage): { data: DataStack; service: ServiceStack } {
  const data = new DataStack(app, `daily-papers-${stage.name}-data`, stage);
  const service = new ServiceStack(app, `daily-papers-${stage.name}-service`, stage, data.tables);
  Tags.of(app).add('project', 'daily-papers');
  Tags.of(app).add('stage', stage.name);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { data, service };
}
