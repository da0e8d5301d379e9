import { raw } from 'hono/html';
import { paperPageUrl } from '../../../shared/digests/digest-paper.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import { abstractOf, authorsOf, titleOf } from '../../../shared/papers/shown.ts';
import { parseArxivId } from '../../../shared/papers/sources/arxiv-id.ts';

/** Most authors that programs are told. */
const mostAuthors = 200;

/**
 * A paper for programs: `citation_*` (Zotero, Google Scholar) and schema.org (search engines).
 */
export function PaperMetadata({ paper, publicUrl }: { paper: Paper; publicUrl: string }) {
  const title = titleOf(paper);
  const authors = authorsOf(paper).slice(0, mostAuthors);
  const address = paperPageUrl(publicUrl, paper.id);
  const published = (paper.publishedAt ?? paper.day).slice(0, 10);
  const arxiv = parseArxivId(paper.id);
  const cited: [name: string, content: string | undefined][] = [
    ['citation_title', title],
    ...authors.map((author): [string, string] => ['citation_author', author]),
    ['citation_publication_date', published.replaceAll('-', '/')],
    ['citation_abstract_html_url', address],
    ['citation_pdf_url', paper.pdfUrl],
    ['citation_arxiv_id', arxiv?.id],
    ['citation_doi', paper.doi],
    ['citation_keywords', paper.keywords.join('; ') || undefined],
  ];
  return (
    <>
      {cited.map(([name, content]) => content !== undefined && <meta name={name} content={content} />)}
      <meta property="og:type" content="article" />
      <script type="application/ld+json">
        {raw(
          jsonFor({
            '@context': 'https://schema.org',
            '@type': 'ScholarlyArticle',
            headline: title,
            author: authors.map(name => ({ '@type': 'Person', name })),
            datePublished: published,
            ...(paper.updatedAt && { dateModified: paper.updatedAt.slice(0, 10) }),
            abstract: abstractOf(paper),
            url: address,
            ...(paper.url && { sameAs: paper.url }),
            ...(paper.keywords.length > 0 && { keywords: paper.keywords }),
          }),
        )}
      </script>
    </>
  );
}

/** JSON that can't end the element around it: no text of a stranger becomes markup. */
function jsonFor(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, character => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
