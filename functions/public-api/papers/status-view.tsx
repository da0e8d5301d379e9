import { paperCountLine } from '../../../shared/email/words.ts';
import { sourceFacts } from '../../../shared/events/sources.ts';
import { longDate } from '../../../shared/time/day.ts';
import { renderPage } from '../pages/layout.tsx';
import type { Status } from './contract.ts';

interface StatusPageProps extends Status {
  /** The next daily: the day of its papers, and when it is made (epoch ms). */
  next: { day: string; at: number };
}

const states: Record<Status['sources'][number]['state'], string> = {
  fresh: 'Has papers',
  waiting: 'Nothing yet, and nothing is due',
  quiet: 'Nothing, as expected',
  stalled: 'Nothing, though papers are due',
  failed: 'Could not be read',
};

const timeFormat = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** A moment with its machine-readable form. Readers live in every zone, so that its zone is named. */
function Moment({ at }: { at: number }) {
  return <time datetime={new Date(at).toISOString()}>{timeFormat.format(at)} UTC</time>;
}

/** `/status`: whether today's papers came, and what became of the last mail. */
export function statusPage({ day, sources, digest, next }: StatusPageProps): string {
  return renderPage({
    title: 'Status · Daily Papers',
    children: (
      <>
        <h1>Status</h1>
        <h2>The last mail</h2>
        {digest.state === 'published' ? (
          <p>
            It was made:{' '}
            <a href={`/digests/${digest.id}`}>the papers of {longDate(digest.id.slice('daily-'.length))}</a>.
          </p>
        ) : (
          <p>
            {digest.state === 'missing' ? 'It is late.' : 'There was none.'} {digest.reason}
          </p>
        )}
        <h2>The next mail</h2>
        <p>
          The papers of {longDate(next.day)}. It is made at <Moment at={next.at} />, if papers are announced, and comes
          at your own hour.
        </p>
        <h2>Sources on {longDate(day)}</h2>
        <dl>
          {sources.map(({ source, state, reason, papers, readAt }) => (
            <>
              <dt>{sourceFacts[source].title}</dt>
              <dd>
                {states[state]}: {state === 'fresh' ? paperCountLine(papers) : reason}.
                {readAt !== undefined && (
                  <>
                    {' '}
                    Last read at <Moment at={Date.parse(readAt)} />.
                  </>
                )}
              </dd>
            </>
          ))}
        </dl>
      </>
    ),
  });
}
