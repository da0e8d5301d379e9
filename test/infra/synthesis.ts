import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');

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
  const stacks = JSON.parse(remembered(asked)) as Synthesis & { refused?: string };
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

/** The same code makes the same templates of the same settings: many files of tests ask for the same. */
function remembered(asked: string): string {
  const folder = join(tmpdir(), 'daily-papers-templates');
  const file = join(folder, createHash('sha256').update(codeDigest).update(asked).digest('hex'));
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const made = synthesiseNow(asked);
    mkdirSync(folder, { recursive: true });
    // Renamed when it is whole: another process may be reading.
    writeFileSync(`${file}.${process.pid}`, made);
    renameSync(`${file}.${process.pid}`, file);
    return made;
  }
}

function synthesiseNow(asked: string): string {
  const script = join(root, 'test/infra/synthesise.ts');
  // The CDK's own check of templates takes a third of the time; `.ci/run` synthesises with it.
  const env = { ...process.env, CDK_VALIDATION: 'false' };
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28, env } as const;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', script, asked], options);
  if (status !== 0) throw new Error(`The stacks could not be synthesised: ${stderr}`);
  return stdout;
}

const codeDigest = digestOfCode();

function digestOfCode(): string {
  const hash = createHash('sha256').update(process.version);
  const files = ['infra', 'shared'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => /\.tsx?$/.test(file))
      .map(file => join(folder, file)),
  );
  for (const file of [...files.sort(), 'cdk.json', 'package-lock.json', 'test/infra/synthesise.ts']) {
    hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}
