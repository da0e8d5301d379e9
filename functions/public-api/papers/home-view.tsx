import type { DigestPaper } from '../../../shared/digests/digest.ts';
import { type DigestEntry, DigestList } from '../digests/digests-view.tsx';
import { renderPage } from '../pages/layout.tsx';
import { PaperList, SubscribeForm } from '../pages/parts.tsx';
import { addressOf, headingOf, type View, ViewLinks } from '../pages/views.tsx';

const headline = 'Get trending papers in your email inbox!';
const promise =
  'Once a day, the research papers that the community finds worth reading. Free, short, and easy to leave.';

interface HomePageProps {
  publicUrl: string;
  view: View;
  papers: DigestPaper[];
  /** Set if there are more papers. */
  nextCursor?: string | undefined;
  /** The latest digests, newest first. */
  digests: DigestEntry[];
}

/** `/`: the sign-up form, the papers of a day, week, month or all time, the latest digests. */
export function homePage({ publicUrl, view, papers, nextCursor, digests }: HomePageProps): string {
  const { heading, when } = headingOf(view);
  return renderPage({
    title: 'Daily Papers: trending papers in your inbox',
    description: promise,
    canonicalUrl: `${publicUrl}/`,
    children: (
      <>
        <h1>{headline}</h1>
        <p>{promise}</p>
        <SubscribeForm />
        <section>
          <h2>{heading}</h2>
          <p class="muted">{when}</p>
          <ViewLinks view={view} />
          {papers.length === 0 ? (
            <>
              <h3>No papers yet</h3>
              <p>New ones come in during the day. Subscribe, and they come to you.</p>
            </>
          ) : (
            <PaperList papers={papers} />
          )}
          {nextCursor && (
            <p>
              <a href={addressOf(view.period, view.sort, nextCursor)}>More papers</a>
            </p>
          )}
        </section>
        {digests.length > 0 && (
          <section>
            <h2>Latest digests</h2>
            <DigestList digests={digests} />
            <p>
              <a href="/digests">All digests</a>
            </p>
          </section>
        )}
      </>
    ),
  });
}

interface SubscribeFormPageProps {
  /** The fault of the address, with the remedy. */
  problem?: string;
  /** The address as typed. */
  email?: string;
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
