import type { DigestPaper } from '../../../shared/digests/digest.ts';
import { paperCountLine, upvoteLine } from '../../../shared/email/words.ts';
import { longDate } from '../../../shared/time/day.ts';
import { type DigestEntry, DigestList } from '../digests/digests-view.tsx';
import { renderPage } from '../pages/layout.tsx';
import { PaperList, SubscribeForm } from '../pages/parts.tsx';
import { addressOf, DayForm, headingOf, type View, ViewLinks } from '../pages/views.tsx';
import type { EmptyDay } from './empty-day.ts';
import { TopicsForm } from './preview-view.tsx';

const headline = 'Get trending papers in your email inbox!';
const promise =
  'Once a day, the research papers that the community finds worth reading. Free, short, and easy to leave.';

interface HomePageProps {
  publicUrl: string;
  view: View;
  /** Whether no list was asked for: the newest day, below what the site is. */
  isFront: boolean;
  papers: DigestPaper[];
  /** Set if there are more papers. */
  nextCursor?: string | undefined;
  /** Whether the list begins with these: then they are numbered. */
  isFirstPage: boolean;
  /** For a day without papers. */
  empty?: EmptyDay | undefined;
  /** The latest digests, newest first. */
  digests: DigestEntry[];
}

/** `/`: the papers of a day, week, month or all time, the sign-up form, the latest digests. */
export function homePage({
  publicUrl,
  view,
  isFront,
  papers,
  nextCursor,
  isFirstPage,
  empty,
  digests,
}: HomePageProps): string {
  const heading = headingOf(view);
  const numbers = numbersOf(papers, isFirstPage && nextCursor === undefined);
  const titles = papers.slice(0, 3).map(({ title }) => title);
  const list = {
    title: `${heading} · Daily Papers`,
    description: papers.length > 0 ? `${heading}: ${titles.join('; ')}` : heading,
    canonicalUrl: `${publicUrl}${addressOf(view.period, view.sort)}`,
  };
  const front = {
    title: 'Daily Papers: trending papers in your inbox',
    description: promise,
    canonicalUrl: `${publicUrl}/`,
  };
  return renderPage({
    ...(isFront ? front : list),
    wide: true,
    children: (
      <div class="columns">
        {isFront && (
          <div class="intro">
            <h1>{headline}</h1>
            <p>{promise}</p>
          </div>
        )}
        {isFront && <SignUp />}
        <section class={isFirstPage ? 'list ranked' : 'list'}>
          {isFront ? <h2>{heading}</h2> : <h1>{heading}</h1>}
          {isFront ? <p class="muted">{numbers}</p> : <h2 class="muted numbers">{numbers}</h2>}
          <ViewLinks view={view} />
          {papers.length === 0 ? <NoPapers view={view} empty={empty} /> : <PaperList papers={papers} />}
          {nextCursor && (
            <p>
              <a href={addressOf(view.period, view.sort, nextCursor)}>More papers</a>
            </p>
          )}
          <DayForm {...view} />
        </section>
        {!isFront && <SignUp />}
        {digests.length > 0 && (
          <section class="more">
            <h2>Latest digests</h2>
            <DigestList digests={digests} />
            <p>
              <a href="/digests">All digests</a>
            </p>
          </section>
        )}
      </div>
    ),
  });
}

function SignUp() {
  return (
    <div class="sign-up">
      <SubscribeForm />
      <details>
        <summary>See first what would come</summary>
        <TopicsForm />
      </details>
    </div>
  );
}

/** "52 papers · 31 with code · 1204 upvotes", of a list that is shown whole. */
function numbersOf(papers: readonly DigestPaper[], isWhole: boolean): string {
  if (!isWhole) return 'Page by page';
  const withCode = papers.filter(({ codeUrl }) => codeUrl !== undefined).length;
  const upvotes = papers.reduce((sum, paper) => sum + paper.upvotes, 0);
  const numbers = [
    paperCountLine(papers.length),
    withCode > 0 && `${withCode} with code`,
    upvotes > 0 && upvoteLine(upvotes),
  ];
  return numbers.filter(Boolean).join(' · ');
}

function NoPapers({ view, empty }: { view: View; empty: EmptyDay | undefined }) {
  const nearest = [empty?.before, empty?.after].filter(day => day !== undefined);
  return (
    <>
      <p>{empty?.why ?? 'No papers of this time are kept here.'}</p>
      {nearest.length > 0 && (
        <p>
          The nearest days with papers:{' '}
          {nearest.map((day, index) => (
            <>
              {index > 0 && ' and '}
              <a href={addressOf({ date: day }, view.sort)}>{longDate(day)}</a>
            </>
          ))}
          .
        </p>
      )}
      <p>Subscribe, and new ones come to you.</p>
    </>
  );
}

interface SubscribeFormPageProps {
  /** The fault of the address, with the remedy. */
  problem?: string;
  /** The address as typed. */
  email?: string;
  /** The topics of the form before it. */
  topics?: string;
}

/** The sign-up form alone, after an address that was refused. */
export function subscribeFormPage(props: SubscribeFormPageProps): string {
  return renderPage({
    title: props.problem ? 'Problem: please check your address · Daily Papers' : 'Subscribe · Daily Papers',
    children: (
      <>
        <h1>{headline}</h1>
        <SubscribeForm {...props} />
      </>
    ),
  });
}
