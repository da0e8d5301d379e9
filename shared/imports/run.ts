import type { ConsentRecord, Statement } from '../consents/record.ts';
import type { ConsentRepository } from '../consents/repository.ts';
import { eachSideBySide } from '../platform/concurrency.ts';
import type { Tombstone } from '../subscribers/items.ts';
import type { KeyRing } from '../subscribers/keys.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { decideImport, type ImportDecision, type ImportRow, identify, type importServices } from './row.ts';

export interface ImportServices {
  keys: KeyRing;
  subscribers: Pick<SubscriberRepository, 'get' | 'getMany' | 'put' | 'removeImported'>;
  consents: Pick<ConsentRepository, 'append' | 'readItems' | 'erase'>;
}

/** A part of a file. All fields but `rows` are the same in each part, also if it is sent again. */
export interface ImportChunk {
  importId: string;
  service: (typeof importServices)[number];
  /** The start of the import, epoch ms. With the line it names each consent record, so that none is appended twice. */
  startedAt: number;
  dryRun: boolean;
  /** The operator's statement that the readers had confirmed, if the file tells of no confirmation. */
  statement?: Statement | undefined;
  rows: ImportRow[];
}

/**
 * `created`: a new subscriber was stored, active or opted out. `stopped`: a stored subscriber is no longer mailed.
 * `unchanged`, `rejected`: nothing was stored, for the `reason`.
 */
export interface ImportOutcome {
  line: number;
  outcome: 'created' | 'stopped' | 'unchanged' | 'rejected';
  status?: Subscriber['status'];
  reason?: string;
  id?: string;
}

const sideBySide = 25;
/** The attempts of a write while other processes write the same subscriber. */
const writeAttempts = 5;

const markOf = ({ importId }: Pick<ImportChunk, 'importId'>, line: number) => `${importId}#${line}`;

/** Imports rows, or only tells their outcomes (`dryRun`). Importing again changes nothing. A bad row stops no other. */
export async function importRows(services: ImportServices, chunk: ImportChunk, now: number): Promise<ImportOutcome[]> {
  const outcomes: ImportOutcome[] = [];
  const rowsById = new Map<string, { row: ImportRow; address: string }[]>();
  for (const row of chunk.rows) {
    const found = identify(services.keys, row.email);
    if (!found.ok) {
      outcomes.push({ line: row.line, outcome: 'rejected', reason: found.reason });
      continue;
    }
    rowsById.set(found.id, [...(rowsById.get(found.id) ?? []), { row, address: found.address }]);
  }
  const known = await services.subscribers.getMany([...rowsById.keys()]);
  await eachSideBySide(rowsById, sideBySide, async ([id, rows]) => {
    if (known.damaged.has(id)) {
      // The subscriber may have left. So it stays as it is: [no opt-out comes back](docs/invariants.md#7).
      const reason = `what is stored of them (${id}) is damaged: mend it first`;
      for (const { row } of rows) outcomes.push({ line: row.line, outcome: 'rejected', reason });
      return;
    }
    let subscriber = known.subscribers.get(id);
    // One after the other: a file may hold an address twice.
    for (const { row, address } of rows) {
      const done = await importRow(services, chunk, row, { id, address }, subscriber, known.tombstones.get(id), now);
      subscriber = done.subscriber;
      outcomes.push(done.outcome);
    }
  });
  const taken = chunk.dryRun ? outcomes : await withoutErased(services, chunk.importId, outcomes);
  return taken.toSorted((a, b) => a.line - b.line);
}

/**
 * Takes back subscribers that were erased while this import created them. An erasure writes its tombstone first: either
 * this function sees the tombstone, or the next step of the erasure finds the new subscriber.
 */
async function withoutErased(
  services: ImportServices,
  importId: string,
  outcomes: ImportOutcome[],
): Promise<ImportOutcome[]> {
  const created = outcomes.flatMap(({ outcome, id }) => (outcome === 'created' && id ? id : []));
  const { tombstones } = await services.subscribers.getMany(created);
  await undoImport(services, importId, [...tombstones.keys()]);
  return outcomes.map(outcome =>
    outcome.outcome === 'created' && tombstones.has(outcome.id ?? '')
      ? { line: outcome.line, outcome: 'rejected', reason: 'was erased here on request' }
      : outcome,
  );
}

async function importRow(
  services: ImportServices,
  chunk: ImportChunk,
  row: ImportRow,
  { id, address }: { id: string; address: string },
  stored: Subscriber | undefined,
  tombstone: Tombstone | undefined,
  now: number,
): Promise<{ outcome: ImportOutcome; subscriber: Subscriber | undefined }> {
  const { line } = row;
  const mark = markOf(chunk, line);
  let subscriber = stored;
  for (let attempt = 0; attempt < writeAttempts; attempt += 1) {
    // This row created it before, and the answer was lost: the same outcome again.
    if (subscriber?.importedAs === mark && subscriber.revision === 1) {
      return { outcome: { line, outcome: 'created', status: subscriber.status, id }, subscriber };
    }
    const statement = chunk.statement && { ...chunk.statement, undated: chunk.service === 'list' };
    const decision = decideImport(row, { subscriber, tombstone }, { id, address, mark }, statement, now);
    if (decision.outcome === 'unchanged') return { outcome: { line, ...decision, outcome: 'unchanged' }, subscriber };
    if (decision.outcome === 'reject') return { outcome: { line, ...decision, outcome: 'rejected' }, subscriber };
    if (chunk.dryRun || (await store(services, chunk, row, decision))) {
      const written = { ...decision.subscriber, revision: decision.subscriber.revision + 1 };
      const outcome = decision.outcome === 'create' ? ('created' as const) : ('stopped' as const);
      return { outcome: { line, outcome, status: written.status, id }, subscriber: written };
    }
    subscriber = await services.subscribers.get(id);
  }
  const reason = 'others wrote the same subscriber at each of several attempts: import the file again';
  return { outcome: { line, outcome: 'rejected', reason }, subscriber };
}

/** @returns false if another process wrote the subscriber: decide again */
async function store(
  services: ImportServices,
  { importId, service, startedAt, statement }: ImportChunk,
  row: ImportRow,
  { subscriber }: Extract<ImportDecision, { subscriber: Subscriber }>,
): Promise<boolean> {
  const { status, confirmedAt, addedAt } = row;
  const proof = status === 'active' && statement ? { addedAt, statement } : { confirmedAt };
  // Before the status changes: [never mailed unasked](docs/invariants.md#3).
  const record: ConsentRecord = {
    subscriberId: subscriber.id,
    at: startedAt + row.line,
    action: 'imported',
    by: 'import',
    origin: row.confirmedIp ? { ip: row.confirmedIp } : {},
    evidence: { importId, service, status, ...withoutGaps(proof) },
  };
  await services.consents.append(record, subscriber.revision === 0);
  return services.subscribers.put(subscriber);
}

/**
 * Takes back subscribers that an import created, with their consent records, unless they were written since. Undoing
 * again changes nothing.
 * @returns the ids of the subscribers that were written since, and stay
 */
export async function undoImport(services: ImportServices, importId: string, ids: string[]): Promise<string[]> {
  const kept: string[] = [];
  await eachSideBySide(ids, sideBySide, async id => {
    if (!(await services.subscribers.removeImported(id, importId))) {
      kept.push(id);
      return;
    }
    // Any other record proves an act outside the import: then the chain stays.
    const records = await services.consents.readItems(id);
    const own = records.every(
      ({ evidence }) => (evidence as { importId?: unknown } | undefined)?.importId === importId,
    );
    if (own) await services.consents.erase(id);
  });
  return kept;
}

/** Drops undefined fields: a digest must not depend on them. */
function withoutGaps<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
