import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';

/** A domain that belongs to nobody, and yet is none of those for examples, which a stage with readers refuses. */
const production = {
  stage: 'prod',
  senderAddress: 'news@papers.home.arpa',
  publicUrl: 'https://papers.home.arpa',
  postalAddress: '1 Long Road, 12345 Sampleton',
  alarmEmail: 'operator@papers.home.arpa',
};

// biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes.
type Properties = any;

interface Resource {
  Type: string;
  Properties: Properties;
  [attribute: string]: Properties;
}

interface TemplateJson {
  Resources: Record<string, Resource>;
  Parameters?: Record<string, Properties>;
  Outputs?: Record<string, Properties>;
}

/** A stack's template, with the questions that tests ask of it. */
export class SynthesisedTemplate {
  readonly #json: TemplateJson;

  constructor(json: unknown) {
    this.#json = json as TemplateJson;
  }

  toJSON(): Properties {
    return this.#json;
  }

  findResources(type: string): Record<string, Resource> {
    return Object.fromEntries(Object.entries(this.#json.Resources).filter(([, { Type }]) => Type === type));
  }

  findParameters(name: string): Properties {
    return namedIn(this.#json.Parameters, name);
  }

  findOutputs(name: string): Properties {
    return namedIn(this.#json.Outputs, name);
  }

  resourceCountIs(type: string, count: number): void {
    expect(Object.keys(this.findResources(type))).toHaveLength(count);
  }

  /** Expects a resource that has these properties, among others. */
  hasResourceProperties(type: string, properties: Properties): void {
    expect({ type, properties, found: this.#with(type, properties).length > 0 }).toMatchObject({ found: true });
  }

  resourcePropertiesCountIs(type: string, properties: Properties, count: number): void {
    expect(this.#with(type, properties)).toHaveLength(count);
  }

  #with(type: string, properties: Properties): Properties[] {
    return propertiesOf(this, type).filter(found => {
      try {
        expect(found).toMatchObject(properties);
        return true;
      } catch {
        return false;
      }
    });
  }
}

/** One entry, by its name; all for `*`. */
function namedIn(entries: Record<string, Properties> = {}, name: string): Record<string, Properties> {
  return Object.fromEntries(Object.entries(entries).filter(([each]) => name === '*' || each === name));
}

interface StackJson {
  template: unknown;
  region: string;
  terminationProtection?: boolean;
  /** Names of the stacks that are deployed before. */
  dependencies: string[];
}

interface Synthesis {
  data: StackJson;
  domain?: StackJson;
  cdn?: StackJson;
  service: StackJson;
}

/**
 * The app's stacks and their templates, without bundling the functions.
 * @throws Error when the settings are refused
 */
export function synthesise(given: Record<string, unknown> = {}, otherContext: Record<string, unknown> = {}) {
  const asked = JSON.stringify({ settings: { ...production, ...given }, otherContext });
  const stacks = JSON.parse(ask(asked)) as Synthesis & { refused?: string };
  if (stacks.refused !== undefined) throw new Error(stacks.refused);
  const templateOf = (stack: StackJson | undefined) => stack && new SynthesisedTemplate(stack.template);
  return {
    stacks,
    data: new SynthesisedTemplate(stacks.data.template),
    domain: templateOf(stacks.domain),
    cdn: templateOf(stacks.cdn),
    service: new SynthesisedTemplate(stacks.service.template),
  };
}

/** Properties of a template's resources of one type. */
export function propertiesOf(template: SynthesisedTemplate, type: string): Properties[] {
  return Object.values(template.findResources(type)).map(resource => resource.Properties);
}

/** Asks the synthesiser, and waits: where tests are defined, nothing can be awaited. */
function ask(asked: string): string {
  // Without `fetch`, whose loading takes longer than the question.
  const script =
    "process.stdin.pipe(require('node:http').request(process.argv[1], { method: 'POST' }, answer => answer.pipe(process.stdout)))";
  const args = ['--eval', script, process.env.SYNTHESISER ?? ''];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    input: asked,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`The stacks could not be synthesised: ${stderr}`);
  return stdout;
}
