/** How something stands: fine; in the way of sending; worth a look; not known, which is never taken for fine. */
export type Status = 'ok' | 'failed' | 'warning' | 'unknown';

/** What a check has found, for a person: a sentence, and what to do about it where something is to be done. */
export interface Finding {
  status: Status;
  says: string;
  todo?: string;
}

/** The headings of the report, in its order. */
export const groups = [
  'Deployment',
  'Mail identity',
  'Sending',
  'Public address',
  'Alarms',
  'Timers',
  'Key ring',
  'Dead letters',
] as const;

/** One question about a deployment. It asks for facts and judges them; whatever it throws is an answer it did not get. */
export interface Check {
  group: (typeof groups)[number];
  /** `mail-from`: how programs tell the checks apart. */
  name: string;
  /** What it asks, behind "not known": `whether MAIL FROM is aligned`. */
  asks: string;
  find: () => Promise<Finding>;
}

/** What came of a check. */
export type Result = Omit<Check, 'find' | 'asks'> & Finding;

export const ok = (says: string): Finding => ({ status: 'ok', says });
export const failed = (says: string, todo: string): Finding => ({ status: 'failed', says, todo });
export const warning = (says: string, todo: string): Finding => ({ status: 'warning', says, todo });
export const unknown = (says: string, todo?: string): Finding => ({ status: 'unknown', says, ...(todo && { todo }) });

/** What to do about a resource that somebody changed or removed: a plain deployment leaves alone what its template leaves alone. */
export const putBack = 'Deploy the stage with --revert-drift, which puts back what was changed by hand.';

/** Milliseconds after which an answer is waited for no longer. */
const patience = 20_000;

/** Runs all checks side by side. One that gets no answer, or none in time, is unknown and holds up no other. */
export async function runChecks(checks: readonly Check[], patienceMs = patience): Promise<Result[]> {
  return Promise.all(
    checks.map(async check => ({ group: check.group, name: check.name, ...(await answerOf(check, patienceMs)) })),
  );
}

async function answerOf({ asks, find }: Check, patienceMs: number): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>(resolve => {
    const finding = unknown(`Not known ${asks}: no answer within ${patienceMs / 1000} seconds.`, 'Try again.');
    timer = setTimeout(() => resolve(finding), patienceMs);
  });
  try {
    return await Promise.race([find(), late]);
  } catch (error) {
    return unknown(`Not known ${asks}: ${reasonOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Codes of the network, in words. */
const networkReasons: Record<string, string> = {
  ENOTFOUND: 'DNS has no address for it.',
  EAI_AGAIN: 'DNS does not answer.',
  ECONNREFUSED: 'nothing listens there.',
  ECONNRESET: 'the connection was cut.',
  ETIMEOUT: 'DNS does not answer in time.',
  ETIMEDOUT: 'no answer in time.',
  ESERVFAIL: 'DNS could not find out.',
};

/** Why a call gave no answer, in words. */
export function reasonOf(error: unknown): string {
  const { name, message, code } = error as Error & { code?: string };
  const action = /perform: (\S+)/.exec(message)?.[1];
  if (action || /AccessDenied|AuthorizationError|UnauthorizedOperation/.test(name)) {
    return `your credentials may not ask that (${action ?? name}).`;
  }
  if (/Timeout|AbortError/.test(name)) return 'no answer in time.';
  const [line = ''] = message.split('\n');
  return networkReasons[code ?? ''] ?? `${name}: ${line}`;
}
