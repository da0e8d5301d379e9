import { groups, type Result, type Status } from './check.ts';

const signs: Record<Status, string> = { ok: '✓', failed: '✗', warning: '!', unknown: '?' };
/** Colours of a terminal: green, red, yellow, grey. */
const colours: Record<Status, number> = { ok: 32, failed: 31, warning: 33, unknown: 90 };
const width = 100;

/** The deployment and the findings about it. */
export interface Report {
  /** `stage "production", account 123456789012, eu-central-1` */
  subject: string;
  /** The time of the checks, ISO. */
  at: string;
  checks: Result[];
}

/** The number of checks by status. */
export function countsOf(checks: readonly Result[]): Record<Status, number> {
  const counts = { ok: 0, failed: 0, warning: 0, unknown: 0 };
  for (const { status } of checks) counts[status] += 1;
  return counts;
}

/** The report as text: a line a check under its group's heading, each with its remedy. */
export function reportText({ subject, checks }: Report, coloured: boolean): string {
  const lines = [`Daily Papers, ${subject}`];
  for (const group of groups) {
    const own = checks.filter(check => check.group === group);
    if (own.length === 0) continue;
    lines.push('', group);
    for (const { status, says, todo } of own) {
      const sign = coloured ? `\x1b[${colours[status]}m${signs[status]}\x1b[0m` : signs[status];
      lines.push(...wrap(says, 4).map((line, at) => (at === 0 ? `  ${sign} ${line}` : `    ${line}`)));
      if (todo) lines.push(...wrap(todo, 6).map((line, at) => (at === 0 ? `    → ${line}` : `      ${line}`)));
    }
  }
  return [...lines, '', summary(checks), ''].join('\n');
}

function summary(checks: readonly Result[]): string {
  const { ok, failed, warning, unknown } = countsOf(checks);
  const counts = `${ok} ✓   ${failed} ✗   ${warning} !   ${unknown} ?`;
  if (failed > 0) return `${counts}   There is something in the way: see ✗.`;
  if (unknown > 0) return `${counts}   Nothing is known to be in the way; what has a ? is not known.`;
  return `${counts}   ${warning > 0 ? 'It can send; see ! for what to look at.' : 'It can send.'}`;
}

/** Breaks a text at its spaces into lines that fit beside an indent. A longer word has a line of its own. */
function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  for (const word of plain(text).split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width - indent)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/**
 * Without control characters, which a terminal would obey: parts of the text come from DNS and from foreign servers.
 */
const plain = (text: string) => text.replace(/[^\P{Cc}\n]/gu, '');

/** The report as JSON. */
export function reportJson(report: Report): string {
  return `${JSON.stringify({ ...report, counts: countsOf(report.checks) }, null, 2)}\n`;
}
