import { renderPage } from './layout.tsx';

export function notFoundPage(): string {
  return renderPage({
    title: 'Page not found · Daily Papers',
    children: (
      <>
        <h1>There is nothing here</h1>
        <p>The address may have a slip in it, or the page is gone.</p>
        <p>
          <a href="/">See the papers of the day</a>
        </p>
      </>
    ),
  });
}

/** An arXiv paper that a visitor asked for by its id, and that no source has brought yet. */
export function notHerePage({ arxivId }: { arxivId: string }): string {
  return renderPage({
    title: `${arxivId} is not here yet · Daily Papers`,
    children: (
      <>
        <h1>This paper is not here yet</h1>
        <p>
          No source has brought arXiv <a href={`https://arxiv.org/abs/${arxivId}`}>{arxivId}</a> so far. Is it worth
          reading? Then <a href="/submissions">submit it</a>.
        </p>
        <p>
          <a href="/">See the papers of the day</a>
        </p>
      </>
    ),
  });
}

export function errorPage(): string {
  return renderPage({
    title: 'Something went wrong · Daily Papers',
    children: (
      <>
        <h1>Something went wrong</h1>
        <p>It is our fault, not yours. Please try again in a minute.</p>
        <p>
          <a href="/">Back to the start</a>
        </p>
      </>
    ),
  });
}
