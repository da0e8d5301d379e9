import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { style } from './style.ts';

interface PageFrameProps {
  title: string;
  /** For search engines and link previews; a page without one asks not to be indexed. */
  description?: string;
  /** The page's full address. */
  canonicalUrl?: string;
  children: Child;
}

function PageFrame({ title, description, canonicalUrl, children }: PageFrameProps) {
  return (
    <html lang="en" dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {/* Some addresses hold a token, which no other site may be told. */}
        <meta name="referrer" content="same-origin" />
        <title>{title}</title>
        {description ? <meta name="description" content={description} /> : <meta name="robots" content="noindex" />}
        {canonicalUrl && <link rel="canonical" href={canonicalUrl} />}
        <style>{raw(style)}</style>
      </head>
      <body>
        <header>
          <a class="brand" href="/">
            Daily Papers
          </a>
        </header>
        <main>{children}</main>
        <footer class="muted">
          One mail a day with the research papers that are worth reading. Every mail has a link that ends it at once.{' '}
          <a href="/preferences">Your preferences</a>
        </footer>
      </body>
    </html>
  );
}

/** A whole page. Everything in it is escaped, except for the project's own style. */
export function renderPage(props: PageFrameProps): string {
  return `<!DOCTYPE html>${String(<PageFrame {...props} />)}`;
}
