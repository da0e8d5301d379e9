import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { CdnStack } from './cdn-stack.ts';
import { DataStack } from './data-stack.ts';
import { DomainStack, hasNames } from './domain-stack.ts';
import { ServiceStack } from './service-stack.ts';
import { cdnStackNameOf, dataStackOf, domainStackOf, type Stage, serviceStackOf } from './stages.ts';

/** The stacks of a stage, checked against AWS's own rules on every synth. */
export function createStacks(
  app: App,
  stage: Stage,
): { data: DataStack; domain: DomainStack | undefined; cdn: CdnStack | undefined; service: ServiceStack } {
  const data = new DataStack(app, dataStackOf(stage), stage);
  const service = new ServiceStack(app, serviceStackOf(stage), stage, data.tables);
  const domain = hasNames(stage) ? new DomainStack(app, domainStackOf(stage), stage) : undefined;
  // The domain must exist before the API is mapped to it by its name. Nothing else ties the two stacks.
  if (domain) service.addStackDependency(domain);
  const cdn =
    stage.cdn && stage.domainName ? new CdnStack(app, cdnStackNameOf(stage), stage, stage.domainName) : undefined;
  // The API refuses requests from outside the CDN, so the CDN comes first.
  if (cdn) {
    service.addStackDependency(cdn);
    if (domain) cdn.addStackDependency(domain);
  }
  Tags.of(app).add('project', 'daily-papers');
  Tags.of(app).add('stage', stage.name);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { data, domain, cdn, service };
}
