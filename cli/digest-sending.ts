import * as z from 'zod';
import * as contract from '../functions/admin-api/digests/contract.ts';
import { digestIdSchema } from '../shared/digests/digest.ts';
import { type FeedbackCounts, feedbackCountsSchema } from '../shared/feedback/sums.ts';
import { daySchema } from '../shared/time/day.ts';
import { weekSchema } from '../shared/time/period.ts';
import { UsageError } from './command-line.ts';
import { type AdminCommand, type Context, defineCommand } from './define-command.ts';
import { leftOutLines, noticeOf, retryHints, statesText, table } from './text.ts';
import { watchDigest } from './watch.ts';
import { createView } from './watch-view.ts';

/** Digests in a list: two weeks of dailies. */
const listed = 14;
/** Domains on a page. `--json` has all of them. */
const listedDomains = 30;

const id = digestIdSchema.describe('of a digest, such as daily-2026-11-23 or weekly-2026-W48');
const byId = { positionals: ['id' as const], input: z.object({ id }) };

const list = defineCommand({
  name: 'list',
  summary: 'the newest digests, and how far each is',
  input: z.object({}),
  async run({ client, show, commandFor }) {
    const { digests: newest } = await client.call(contract.listDigests, { query: { limit: String(listed) } });
    const digests = await Promise.all(newest.map(({ id }) => client.call(contract.showDigest, { params: { id } })));
    const head = ['digest', 'status', 'planned', 'sent', 'failed', 'suppressed', 'unknown', 'open batches', 'subject'];
    const rows = digests.map(({ id, status, counts, openBatches, subject }) => {
      const { planned, sent, failed, suppressed, unknown } = counts;
      return [id, status, ...[planned, sent, failed, suppressed, unknown, openBatches].map(String), subject];
    });
    const none = `There are no digests yet. Make one with: ${commandFor('digests publish --date YYYY-MM-DD')}`;
    show({ digests }, ...(digests.length > 0 ? table([head, ...rows]) : [none]));
  },
});

const showOne = defineCommand({
  name: 'show',
  summary: 'the progress of its sending',
  ...byId,
  async run({ client, show, commandFor }, { id }) {
    const digest = await client.call(contract.showDigest, { params: { id } });
    const notYet =
      digest.status === 'ready' && `not planned yet; send it now with: ${commandFor(`digests send ${id}`)}`;
    show(
      digest,
      `${id}: ${digest.status}, ${digest.papers} papers, "${digest.subject}"`,
      digest.plannedAt ? `planned at ${digest.plannedAt}` : notYet || 'never planned',
      digest.finishedAt ? `all of it had ended at ${digest.finishedAt}` : '',
      statesText(digest),
      noticeOf(digest, commandFor) ?? '',
      ...retryHints(digest, commandFor),
      ...leftOutLines(digest.leftOut),
    );
  },
});

const feedback = defineCommand({
  name: 'feedback',
  summary: 'the events of SES about it, in all and by domain',
  ...byId,
  async run({ client, show }, { id }) {
    const answer = await client.call(contract.showFeedback, { params: { id } });
    const all = Object.keys(feedbackCountsSchema.shape) as (keyof FeedbackCounts)[];
    const names = all.filter(name => answer.total[name] !== undefined);
    const row = (name: string, counts: FeedbackCounts) => [name, ...names.map(each => String(counts[each] ?? 0))];
    const rows = answer.domains.slice(0, listedDomains).map(({ domain, ...counts }) => row(domain, counts));
    const more = answer.domains.length - rows.length;
    show(
      answer,
      ...table([['domain', ...names], row('all', answer.total), ...rows]),
      more > 0 ? `and ${more} domains with fewer mails` : '',
    );
  },
});

const publish = defineCommand({
  name: 'publish',
  summary: 'freeze the digest of a day, or of a week',
  input: z.object({
    date: daySchema.optional().describe('the day of a daily digest'),
    week: weekSchema.optional().describe('the week of a weekly digest'),
  }),
  options: { date: 'YYYY-MM-DD', week: 'YYYY-Www' },
  async run({ client, show, commandFor }, { date, week }) {
    if ((date === undefined) === (week === undefined)) throw new UsageError('Give either --date or --week.');
    const digest = await client.call(contract.publishDigest, {
      body: { ...(date && { date }), ...(week && { week }) },
    });
    show(
      digest,
      `${digest.id}: ${digest.status}, ${digest.papers} papers, "${digest.subject}"`,
      noticeOf(digest, commandFor) ??
        `Each reader gets it at their own hour. To all of them now: ${commandFor(`digests send ${digest.id}`)}`,
    );
  },
});

const send = defineCommand({
  name: 'send',
  summary: 'send it now to every reader who lacks it',
  ...byId,
  async run({ client, show, commandFor }, { id }) {
    const answer = await client.call(contract.sendDigest, { params: { id } });
    show(answer, `${id} is being sent. Watch it with: ${commandFor(`digests watch ${id}`)}`);
  },
});

/** `pause`, `resume` and `cancel`. */
const steering = (name: string, summary: string, route: typeof contract.pauseDigest) =>
  defineCommand({
    name,
    summary,
    ...byId,
    async run({ client, show, commandFor }, { id }) {
      const digest = await client.call(route, { params: { id } });
      const goesOn = `${id} goes on. Watch it with: ${commandFor(`digests watch ${id}`)}`;
      show(digest, noticeOf(digest, commandFor) ?? goesOn);
    },
  });

const retry = defineCommand({
  name: 'retry',
  summary: 'try again: all of it, or one subscriber’s',
  positionals: ['id'],
  input: z.object({
    id,
    state: z.enum(['failed', 'unknown']).describe('which deliveries; unknown ones may go out twice'),
    subscriber: z.string().min(1).max(64).optional().describe('the id of one subscriber'),
  }),
  options: { state: 'failed|unknown', subscriber: 'SID' },
  async run({ client, show, commandFor }, { id, state, subscriber }) {
    const body = { state, ...(subscriber && { subscriberId: subscriber }) };
    const answer = await client.call(contract.retryDeliveries, { params: { id }, body });
    const what = subscriber ? `The delivery to ${subscriber}` : `What is ${state}`;
    show(answer, `${what} is being tried again. Watch it with: ${commandFor(`digests watch ${id}`)}`);
  },
});

const watch = defineCommand({
  name: 'watch',
  summary: 'follow its sending until nothing is open',
  ...byId,
  async run(context: Context, { id }) {
    const { client, terminal, json, commandFor } = context;
    const signal = terminal.onInterrupt();
    const view = createView(terminal, json);
    const read = () => client.call(contract.showDigest, { params: { id } }, signal);
    await watchDigest({ read, view, signal, commandFor, now: terminal.now, sleep: terminal.sleep });
  },
});

export const sendingCommands: readonly AdminCommand[] = [
  list,
  showOne,
  feedback,
  publish,
  send,
  steering('pause', 'stop sending it, until it is resumed', contract.pauseDigest),
  steering('resume', 'go on after a pause or a halt', contract.resumeDigest),
  steering('cancel', 'never send what was not sent yet', contract.cancelDigest),
  retry,
  watch,
];
