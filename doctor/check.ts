/** The result of a check: fine; sending fails; worth a look; not known, which never counts as fine. */
export type Status = 'ok' | 'failed' | 'warning' | 'unknown';

/** A check's finding: a sentence for the operator, and the remedy if there is one. */
export interface Finding {
  status: Status;
  says: string;
  todo?: string;
}

/** The headings of the report, in order. */
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

/** One question about a deployment. It asks for facts and judges them. An error means that it got no answer. */
export interface Check {
  group: (typeof groups)[number];
  /** `mail-from`: the name that programs tell checks apart by. */
  name: string;
  /** The question, as it follows "Not known": `whether MAIL FROM is aligned`. */
  asks: string;
  find: () => Promise<Finding>;
}

/** The finding of a check, with the check's name and group. */
export type Result = Omit<Check, 'find' | 'asks'> & Finding;

export const ok = (says: string): Finding => ({ status: 'ok', says });
export const failed = (says: string, todo: string): Finding => ({ status: 'failed', says, todo });
export const warning = (says: string, todo: string): Finding => ({ status: 'warning', says, todo });
export const unknown = (says: string, todo?: string): Finding => ({ status: 'unknown', says, ...(todo && { todo }) });

/** The remedy for a resource that was changed or removed by hand. A plain deployment skips unchanged templates. */
export const putBack = 'Deploy the stage with --revert-drift, which puts back what was changed by hand.';

/** Milliseconds to wait for an answer. */
const patience = 20_000;

/** Runs all checks at once. A check without an answer in time is unknown, and holds up no other. */
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

/** The reason that a call got no answer, in words. */
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
