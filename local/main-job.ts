import PostalMime from 'postal-mime';
import { CommandError } from '../cli/command-line.ts';
import { type Counts, ingestText, publishDigest, sendDigest } from '../cli/digest-client.ts';
import { addDays, newYorkDay } from '../shared/time/day.ts';
import { collectMails, type DeliveredDigest } from './delivered.ts';
import type { PapersFile } from './papers-file.ts';
import { readSample, samplePageOf } from './sample.ts';
import { type LocalSystem, startSystem } from './system.ts';

/** Gets the progress of the job. */
export interface Reporter {
  /** Begins a step that counts `what`. */
  begin(what: string): void;
  progress(done: number, total: number): void;
  /** Ends a successful step. `text` is its outcome. */
  end(text: string): void;
  /** Reports a fault outside of the steps. */
  warn(text: string): void;
}

/** The output of `npm run demo -- --json`. */
export interface MainJobResult {
  papers: { read: number; stored: number; rejected: number };
  subscribers: { requested: number; confirmed: number; unsubscribed: number };
  digest: { id: string; papers: number; subject: string; htmlBytes: number; textBytes: number };
  deliveries: Counts;
  seconds: number;
}

const requestsInFlight = 32;

/**
 * The main job once, on a fresh system in memory: papers come in, readers subscribe and confirm, the digest goes out,
 * one reader unsubscribes with one click, and the next digest does not reach that reader.
 * @throws CommandError when a step went wrong, or the error of one of the system's parts
 */
export async function runMainJob(
  papers: PapersFile,
  subscribers: number,
  report: Reporter,
): Promise<{ result: MainJobResult; html: string }> {
  const mails = collectMails();
  const day = (papers.kind === 'hugging-face' && papers.date) || newYorkDay(Date.now());
  const system = await startSystem({
    httpPort: 0,
    schedules: false,
    // SES's events about the mails are no part of the job, and would double its time.
    feedback: false,
    sources:
      papers.kind === 'page'
        ? { page: () => papers.text }
        : { huggingFace: date => (date === day ? papers.items : []) },
    ses: { remember: false, onAccepted: mails.accepted },
    // All subscribers sign up from this machine.
    environment: {
      REQUESTS_PER_NETWORK_HOUR: '1000000',
      REQUESTS_PER_DOMAIN_DAY: '1000000',
      REQUESTS_PER_HOUR: '1000000',
    },
    onError: report.warn,
  });
  try {
    const { url } = system;

    report.begin('Papers come in');
    const ingested = await ingest(system, { day, source: papers.kind });
    const counts = countPapers(ingested);
    report.end(`${counts.read} read, ${counts.stored} stored, ${counts.rejected} rejected`);
    if (counts.stored === 0) throw new CommandError(`The file has no paper that can be used.${reasonsIn(ingested)}`);

    report.begin('People subscribe and confirm');
    const readers = Array.from({ length: subscribers }, (_, n) => `reader-${n + 1}@example.com`);
    let confirmed = 0;
    await eachOf(readers, async address => {
      await subscribe(url, address);
      await confirm(await mails.confirmationLink(address));
      confirmed += 1;
      report.progress(confirmed, subscribers);
    });
    report.end(`${confirmed} of ${subscribers} are active, each by the link in their own mail`);

    report.begin('The digest is frozen');
    const digest = await publishDigest(system, { date: day });
    report.end(`${digest.id}, ${digest.papers} papers: ${digest.subject}`);

    report.begin('The digest goes out');
    const deliveries = await sendDigest(system, digest.id, report.progress);
    const delivered = checkArrivals(mails.digest(digest.id), readers);
    report.end(`${deliveries.sent} of ${deliveries.planned} sent, one mail to each reader`);

    report.begin('One reader leaves, with one click');
    const [leaver = '', ...stayers] = readers;
    await unsubscribe(delivered.links.get(leaver)?.[0] ?? '');
    report.end(`${leaver} is unsubscribed`);

    report.begin('The next digest goes out');
    const next = addDays(day, 1);
    await ingestText(system, { source: 'page', day: next, text: samplePageOf(await readSample(), next) });
    const following = await publishDigest(system, { date: next });
    await sendDigest(system, following.id, report.progress);
    if (stayers.length > 0) checkArrivals(mails.digest(following.id), stayers);
    if (mails.digest(following.id)?.links.has(leaver)) throw new CommandError(`${leaver} got a digest after leaving.`);
    report.end(`${stayers.length} got it, and ${leaver} did not`);

    const { html = '', text = '' } = await PostalMime.parse(delivered.example);
    const { id, papers: inDigest, subject } = digest;
    const result: MainJobResult = {
      papers: counts,
      subscribers: { requested: subscribers, confirmed, unsubscribed: 1 },
      digest: {
        id,
        papers: inDigest,
        subject,
        htmlBytes: Buffer.byteLength(html),
        textBytes: Buffer.byteLength(text),
      },
      deliveries,
      seconds: Math.round(performance.now() / 10) / 100,
    };
    return { result, html };
  } finally {
    await system.stop();
  }
}

interface IngestAnswer {
  results: { read: number; stored: number; rejected: { entry: string; reason: string }[] }[];
}

async function ingest(system: LocalSystem, event: { day: string; source: string }): Promise<IngestAnswer> {
  try {
    return (await system.invoke('ingest-papers', event)) as IngestAnswer;
  } catch (error) {
    throw new CommandError(`The papers could not be read. ${(error as Error).message}`);
  }
}

function countPapers({ results }: IngestAnswer) {
  const counts = { read: 0, stored: 0, rejected: 0 };
  for (const { read, stored, rejected } of results) {
    counts.read += read;
    counts.stored += stored;
    counts.rejected += rejected.length;
  }
  return counts;
}

function reasonsIn(ingested: IngestAnswer): string {
  const [first] = ingested.results.flatMap(result => result.rejected);
  return first ? ` "${first.entry}": ${first.reason}.` : '';
}

/** Runs `work` for every item, a bounded number at once. The first failure stops it. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: requestsInFlight }, worker));
}

async function subscribe(url: string, email: string): Promise<void> {
  const answer = await fetch(`${url}/v1/subscriptions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  });
  await expectStatus(answer, 202, `Subscribing ${email}`);
}

/** Opens the page behind the link and presses its button. */
async function confirm(link: string): Promise<void> {
  await expectStatus(await fetch(link), 200, 'Opening a confirmation link');
  await expectStatus(await fetch(link, { method: 'POST' }), 200, 'Confirming');
}

/** Acts as a mail client whose own unsubscribe button is pressed (RFC 8058 section 3.1). */
async function unsubscribe(link: string): Promise<void> {
  if (!link) throw new CommandError('The digest has no List-Unsubscribe link.');
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
  const answer = await fetch(link, { method: 'POST', body, redirect: 'error' });
  await expectStatus(answer, 200, 'The one-click unsubscribe');
}

async function expectStatus(answer: Response, status: number, what: string): Promise<void> {
  const text = await answer.text();
  if (answer.status !== status) throw new CommandError(`${what} was answered with ${answer.status}: ${text}`);
}

/** @throws CommandError unless each reader got the digest once, and no other address did */
function checkArrivals(digest: DeliveredDigest | undefined, readers: string[]): DeliveredDigest {
  if (!digest) throw new CommandError('No digest was delivered.');
  const missing = readers.filter(reader => !digest.links.has(reader));
  if (missing.length > 0) throw new CommandError(`${missing.length} readers got no digest, ${missing[0]} for one.`);
  for (const [address, links] of digest.links) {
    if (links.length > 1) throw new CommandError(`${address} got the digest ${links.length} times.`);
  }
  if (digest.links.size > readers.length) throw new CommandError('An address got the digest that should not have it.');
  return digest;
}
