import type { Digest } from '../../../shared/digests/digest.ts';
import type { Chosen } from '../../../shared/digests/select-papers.ts';
import { subjectFor } from '../../../shared/digests/subject.ts';
import { paperCountLine, reasonLine } from '../../../shared/email/words.ts';
import { longDate } from '../../../shared/time/day.ts';
import { renderPage } from '../pages/layout.tsx';
import { ButtonField, PaperList, SubscribeForm } from '../pages/parts.tsx';

interface PreviewPageProps {
  /** The topics as typed. */
  typed: string;
  /** The fault of what was typed. */
  problem?: string | undefined;
  /** The digest, and the visitor's papers of it. */
  shown?: { digest: Digest; chosen: Chosen[] } | undefined;
}

/** `/preview?topics=`: the newest daily as it would have been for these topics. */
export function previewPage({ typed, problem, shown }: PreviewPageProps): string {
  return renderPage({
    title: `${problem ? 'Problem: ' : ''}What would come · Daily Papers`,
    wide: true,
    children: (
      <div class="columns">
        <div class="intro">
          <h1>See what would come</h1>
          <TopicsForm typed={typed} problem={problem} />
        </div>
        <div class="sign-up">{shown && <SubscribeForm topics={typed} />}</div>
        {shown ? <Shown {...shown} typed={typed} /> : <NothingYet typed={problem ? '' : typed} />}
      </div>
    ),
  });
}

/** Asks for topics, separated by commas. */
export function TopicsForm({ typed = '', problem }: { typed?: string; problem?: string | undefined }) {
  return (
    <form method="get" action="/preview">
      <ButtonField
        name="topics"
        label="Your topics, with commas between them"
        button="Show"
        problem={problem}
        value={typed}
        input={{ maxlength: 1_000, placeholder: 'protein design, agents' }}
      />
    </form>
  );
}

function NothingYet({ typed }: { typed: string }) {
  return (
    <section class="list">
      <p>
        {typed.trim() === ''
          ? 'Type what you work on: words, names of methods, or categories such as cs.CL.'
          : 'No digest was made yet. Come back tomorrow.'}
      </p>
    </section>
  );
}

function Shown({ digest, chosen, typed }: { digest: Digest; chosen: Chosen[]; typed: string }) {
  const mine = chosen.filter(({ topics }) => topics.length > 0);
  const others = chosen.filter(({ topics }) => topics.length === 0);
  const withReasons = (some: Chosen[]) => some.map(one => ({ ...one.paper, reason: reasonLine(one) }));
  return (
    <section class="list">
      <h2>Your mail of {longDate(digest.date)}</h2>
      <p class="muted">
        Subject:{' '}
        {subjectFor(
          digest,
          chosen.map(({ paper }) => paper),
        )}{' '}
        · {paperCountLine(chosen.length)} ·{' '}
        <a href={`/preview/mail?${new URLSearchParams({ topics: typed })}`}>see it as a mail</a> (its links for voting
        and preferences work in your own mails)
      </p>
      {mine.length > 0 ? (
        <>
          <h3>On your topics ({mine.length})</h3>
          <PaperList papers={withReasons(mine)} />
        </>
      ) : (
        <p>Nothing was on your topics that day. These would have come instead.</p>
      )}
      {others.length > 0 && (
        <>
          {mine.length > 0 && <h3>Also trending</h3>}
          <PaperList papers={withReasons(others)} />
        </>
      )}
    </section>
  );
}
