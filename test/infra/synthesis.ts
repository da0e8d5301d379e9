import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createStacks } from '../../infra/stacks.ts';
import { readStage } from '../../infra/stages.ts';

const production = {
  stage: 'prod',
  senderAddress: 'news@papers.test',
  publicUrl: 'https://papers.test',
  postalAddress: '1 Long Road, 12345 Sampleton',
};

/** The app's two templates, without bundling the functions. */
export function synthesise(
  given: Record<string, unknown> = {},
  otherContext: Record<string, unknown> = {},
): { data: Template; service: Template } {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const app = new App({ context: { ...context, ...otherContext, 'aws:cdk:bundling-stacks': [] } });
  const settings: Record<string, unknown> = { ...production, ...given };
  const { data, service } = createStacks(
    app,
    readStage(name => settings[name]),
  );
  return { data: Template.fromStack(data), service: Template.fromStack(service) };
}

/** Properties of a template's resources of one type. */
export function propertiesOf(template: Template, type: string) {
  return Object.values(template.findResources(type)).map(resource => resource.Properties);
}
