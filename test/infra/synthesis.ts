import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createStacks } from '../../infra/stacks.ts';
import { readStage } from '../../infra/stages.ts';

/** A domain that belongs to nobody, and yet is none of those for examples, which a stage with readers refuses. */
const production = {
  stage: 'prod',
  senderAddress: 'news@papers.home.arpa',
  publicUrl: 'https://papers.home.arpa',
  postalAddress: '1 Long Road, 12345 Sampleton',
  alarmEmail: 'operator@papers.home.arpa',
};

/** The app's stacks and their templates, without bundling the functions. */
export function synthesise(given: Record<string, unknown> = {}, otherContext: Record<string, unknown> = {}) {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const app = new App({ context: { ...context, ...otherContext, 'aws:cdk:bundling-stacks': [] } });
  const settings: Record<string, unknown> = { ...production, ...given };
  const stacks = createStacks(
    app,
    readStage(name => settings[name]),
  );
  return {
    stacks,
    data: Template.fromStack(stacks.data),
    domain: stacks.domain && Template.fromStack(stacks.domain),
    cdn: stacks.cdn && Template.fromStack(stacks.cdn),
    service: Template.fromStack(stacks.service),
  };
}

/** Properties of a template's resources of one type. */
export function propertiesOf(template: Template, type: string) {
  return Object.values(template.findResources(type)).map(resource => resource.Properties);
}
