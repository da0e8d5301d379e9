import { eventRules } from '../shared/events/rules.ts';
import {
  type FunctionName,
  functionNames,
  functions,
  type QueueName,
  queues,
  schedules,
} from '../shared/platform/resources.ts';

/* The picture in docs/architecture.md, drawn from the definitions that are deployed. */

const queueNames = Object.keys(queues) as QueueName[];

/** The functions that only HTTP calls start, with their callers. */
const startedByHttp: Partial<Record<FunctionName, string>> = {
  'public-api': 'readers',
  'admin-api': 'operators',
};

/** A Mermaid flowchart of functions with their tables, and of the queues, timers and rules that start them. */
export function drawSystem(): string {
  return [
    'flowchart LR',
    '  readers([readers and front ends])',
    '  operators([operators])',
    '  ses([SES])',
    ...queueNames.map(name => `  ${name}[/queue ${name}/]`),
    ...functionNames.map(
      name =>
        `  ${name}["<b>${name}</b>${tablesOf(name)}${functions[name].publishesEvents ? '<br>publishes events' : ''}"]`,
    ),
    ...Object.entries(startedByHttp).map(([name, caller]) => arrow(caller, 'HTTP', name)),
    ...schedules.map(({ target, cron }) => `  timer-${target}([timer<br>${minutesOf(cron)}]) --> ${target}`),
    ...queueNames.map(name => arrow(name, '', queues[name].consumer)),
    ...startedByEvents().map(
      ([target, events]) => `  rule-${target}([event bus<br>${events.join('<br>')}]) --> ${target}`,
    ),
    ...functionNames.flatMap(name => [
      ...(functions[name].sendsTo ?? []).map(queue => arrow(name, '', queue)),
      ...(functions[name].sendsMail ? [arrow(name, 'mails', 'ses')] : []),
    ]),
    arrow('ses', 'events of each mail, by SNS', 'feedback'),
  ].join('\n');
}

function tablesOf(name: FunctionName): string {
  const { tables } = functions[name];
  const with_ = (access: string) => Object.entries(tables).flatMap(([table, given]) => (given === access ? table : []));
  return [
    ['writes', with_('write')],
    ['reads', with_('read')],
  ]
    .map(([verb, names]) => (names?.length ? `<br>${verb} ${[names].flat().join(', ')}` : ''))
    .join('');
}

function startedByEvents(): [FunctionName, string[]][] {
  return functionNames.flatMap(name => {
    const events = eventRules.filter(({ target }) => target === name).map(({ detailType }) => detailType);
    return events.length > 0 ? [[name, events]] : [];
  });
}

/** `hourly at :45`, or `every 10 minutes`. */
function minutesOf(cron: string): string {
  const minutes = cron.split(' ')[0]?.split(',') ?? [];
  return minutes.length > 1 ? `every ${60 / minutes.length} minutes` : `hourly at :${minutes[0]}`;
}

const arrow = (from: string, label: string, to: string) => `  ${from} -->${label && `|"${label}"|`} ${to}`;

const begin = '```mermaid\n';
const end = '\n```';

/** A document with its picture drawn anew. @throws Error when it has none */
export function withDrawing(document: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error('There is no ```mermaid block to draw into.');
  return document.slice(0, from + begin.length) + drawSystem() + document.slice(to);
}
