import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { style } from './style.ts';

interface PageFrameProps {
  title: string;
  /** For search engines and link previews. A page without a description asks not to be indexed. */
  description?: string;
  /** The page's full address. */
  canonicalUrl?: string;
  /** The query whose feeds the page links to; without it, the feeds of the digests. */
  feedQuery?: string;
  /** A picture for link previews. */
  image?: string | undefined;
  /** More of the page's head: its metadata. */
  head?: Child;
  /** Whether the width of a desktop is used for a second column. */
  wide?: boolean;
  children: Child;
}

function PageFrame({ title, description, canonicalUrl, feedQuery, image, head, wide, children }: PageFrameProps) {
  const feedSuffix = feedQuery ? `?q=${encodeURIComponent(feedQuery)}` : '';
  return (
    <html lang="en" dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {/* Some page addresses hold a token, which no other site may see. */}
        <meta name="referrer" content="same-origin" />
        <title>{title}</title>
        {description ? <meta name="description" content={description} /> : <meta name="robots" content="noindex" />}
        {canonicalUrl && <link rel="canonical" href={canonicalUrl} />}
        {description && canonicalUrl && (
          <>
            <meta property="og:site_name" content="Daily Papers" />
            <meta property="og:title" content={title.replace(/ · Daily Papers$/, '')} />
            <meta property="og:description" content={description} />
            <meta property="og:url" content={canonicalUrl} />
            {image && <meta property="og:image" content={image} />}
            <meta name="twitter:card" content={image ? 'summary_large_image' : 'summary'} />
          </>
        )}
        <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
        <link rel="alternate" type="application/atom+xml" title="Atom" href={`/feed.atom${feedSuffix}`} />
        <link rel="alternate" type="application/feed+json" title="JSON Feed" href={`/feed.json${feedSuffix}`} />
        {head}
        <style>{raw(style)}</style>
      </head>
      <body class={wide ? 'wide' : undefined}>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <header>
          <a class="brand" href="/">
            Daily Papers
          </a>
          <nav class="tabs" aria-label="Site">
            <a href="/digests">Digests</a>
            <a href="/search">Search</a>
            <a href="/#email">Subscribe</a>
          </nav>
        </header>
        <main id="content">{children}</main>
        <footer class="muted">
          One mail a day with the research papers that are worth reading. Every mail has a link that ends it at once.{' '}
          <a href="/preferences">Your preferences</a> · <a href="/status">Status</a>
        </footer>
      </body>
    </html>
  );
}

/** A whole page. Everything in it is escaped, except the project's own style. */
export function renderPage(props: PageFrameProps): string {
  return `<!DOCTYPE html>${String(<PageFrame {...props} />)}`;
}
