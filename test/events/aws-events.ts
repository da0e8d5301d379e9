import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/* Events in the form in which AWS hands them to a function, with ids of our own. */

const folder = join(import.meta.dirname, 'aws');
/** Recorded events that some copies of this project come with. */
const recordedFolder = join(import.meta.dirname, '../../../shared/aws-events');

type Json = Record<string, unknown>;

const readJson = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8')) as Json;

export const awsEventNames = readdirSync(folder).map(file => file.replace(/\.json$/, ''));

/** An event of the folder `aws`, with other values in the place of some of its fields. */
export function awsEvent(name: string, changed: Json = {}): Json {
  return { ...readJson(folder, `${name}.json`), ...changed };
}

/** The event that a rule of the bus hands over. */
export function busEvent(detailType: string, detail: unknown): Json {
  return awsEvent('eventbridge-rule', { 'detail-type': detailType, detail });
}

/** The event of an event source mapping: a record for each body, ids by position. */
export function queueEvent(bodies: readonly unknown[]): Json {
  const [record] = awsEvent('sqs').Records as Json[];
  return {
    Records: bodies.map((body, index) => ({
      ...record,
      messageId: `message-${index}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })),
  };
}

/** The body of a queue's message that came by a topic. */
export function topicEnvelope(message: unknown): Json {
  return awsEvent('sns-envelope-in-sqs-body', { Message: JSON.stringify(message) });
}

/** The recorded events, by name; none where they are not at hand. */
export function recordedEvents(): [string, Json][] {
  if (!existsSync(recordedFolder)) return [];
  const files = readdirSync(recordedFolder).filter(file => file.endsWith('.json'));
  return files.map(file => [file.replace(/\.json$/, ''), readJson(recordedFolder, file)]);
}

/** The form of a value: its keys and types, without their content. */
export function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(formOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, formOf(inner)]));
}
