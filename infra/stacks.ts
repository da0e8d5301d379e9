import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DataStack } from './data-stack.ts';
import { DomainStack, hasNames } from './domain-stack.ts';
import { ServiceStack } from './service-stack.ts';
import type { Stage } from './stages.ts';

/** The stacks of a stage, checked against AWS's own rules on every synth. */
export function createStacks(
  app: App,
  stage: Stage,
): { data: DataStack; domain: DomainStack | undefined; service: ServiceStack } {
  const data = new DataStack(app, `daily-papers-${stage.name}-data`, stage);
  const service = new ServiceStack(app, `daily-papers-${stage.name}-service`, stage, data.tables);
  const domain = hasNames(stage) ? new DomainStack(app, `daily-papers-${stage.name}-domain`, stage) : undefined;
  // The API is mapped to a domain by its name, which must be there; nothing else ties the two stacks.
  if (domain) service.addStackDependency(domain);
  Tags.of(app).add('project', 'daily-papers');
  Tags.of(app).add('stage', stage.name);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { data, domain, service };
}
