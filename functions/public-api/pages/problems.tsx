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
