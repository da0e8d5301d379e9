import { dailyIdOf } from '../../../shared/digests/period.ts';
import { linksOfStored } from '../../../shared/email/words.ts';
import { allUpvotes, type Paper } from '../../../shared/papers/paper.ts';
import { abstractOf, authorsOf, leadIn, titleOf } from '../../../shared/papers/shown.ts';
import { parseArxivId } from '../../../shared/papers/sources/arxiv-id.ts';
import { shownText } from '../../../shared/papers/text.ts';
import { longDate } from '../../../shared/time/day.ts';
import { renderPage } from '../pages/layout.tsx';
import { VotesAndLinks } from '../pages/parts.tsx';
import { PaperMetadata } from './metadata.tsx';

/** Authors that are shown at once; the others unfold. */
const shownAuthors = 20;
/** Characters of a description that search engines show. */
const descriptionCharacters = 160;

interface PaperPageProps {
  paper: Paper;
  publicUrl: string;
  /** Its place on its day, and how it was worked out. Not for a paper that is in no list. */
  ranking: { rank: number; of: number; explanation: string } | undefined;
  /** The ids of the digests that have it. */
  digests: string[];
  similar: Paper[];
  bibtex: string;
}

/** `/papers/{id}`: one paper, with all that is known of it. Its stored texts are made readable here. */
export function paperPage({ paper, publicUrl, ranking, digests, similar, bibtex }: PaperPageProps): string {
  const title = titleOf(paper);
  const abstract = abstractOf(paper);
  const lead = leadIn(paper);
  const description = (lead || abstract).slice(0, descriptionCharacters);
  return renderPage({
    title: `${title} · Daily Papers`,
    // A pending submission asks not to be indexed: no curator has looked at it.
    ...(!paper.submission && {
      description,
      canonicalUrl: `${publicUrl}/papers/${paper.id}`,
      image: paper.thumbnailUrl,
      head: <PaperMetadata paper={paper} publicUrl={publicUrl} />,
    }),
    children: (
      <article>
        <h1 dir="auto">{title}</h1>
        <AuthorLinks authors={authorsOf(paper)} />
        <p class="muted">
          {paper.submission ? (
            'Submitted by a reader; pending until a curator accepts it, or more readers submit it'
          ) : (
            <>
              Featured on{' '}
              <a href={`/?date=${paper.day}`}>
                <time datetime={paper.day}>{longDate(paper.day)}</time>
              </a>
            </>
          )}
        </p>
        <VotesAndLinks
          upvotes={allUpvotes(paper)}
          links={[{ label: 'Read the paper', url: paper.url }, ...linksOfStored(paper)]}
        />
        {paper.summary && lead !== '' && (
          <>
            <h2>In short</h2>
            <p dir="auto">{lead}</p>
          </>
        )}
        <h2>Abstract</h2>
        <p dir="auto">{abstract}</p>
        <Facts paper={paper} />
        {ranking && (
          <details>
            <summary>
              Number {ranking.rank} of {ranking.of} on its day: why?
            </summary>
            <p>{ranking.explanation}</p>
          </details>
        )}
        {digests.length > 0 && (
          <p>
            In the mails of{' '}
            {digests.map((id, index) => (
              <>
                {index > 0 && ' and '}
                <a href={`/digests/${id}`}>{id === dailyIdOf(paper.day) ? 'its day' : 'its week'}</a>
              </>
            ))}
            .
          </p>
        )}
        <details>
          <summary>Cite it (BibTeX)</summary>
          <pre tabindex={0}>{bibtex}</pre>
          <p>
            <a href={`/papers/${paper.id}.bib`} download>
              Download
            </a>
          </p>
        </details>
        {similar.length > 0 && (
          <section>
            <h2>Similar papers</h2>
            <ul class="digests">
              {similar.map(one => (
                <li>
                  <a href={`/papers/${one.id}`} dir="auto">
                    {titleOf(one)}
                  </a>{' '}
                  <span class="muted">{longDate(one.day)}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        <p>
          <a href={`/?date=${paper.day}`}>All papers of {longDate(paper.day)}</a>
        </p>
      </article>
    ),
  });
}

const searchFor = (query: string) => `/search?q=${encodeURIComponent(query)}`;
/** A value of a filter. A quote mark in it would end it. */
const quoted = (value: string) => `"${value.replaceAll('"', ' ')}"`;

function AuthorLinks({ authors }: { authors: string[] }) {
  const linked = (some: string[]) =>
    some.map((author, index) => (
      <>
        {index > 0 && ', '}
        <a href={searchFor(`author:${quoted(author)}`)} dir="auto">
          {author}
        </a>
      </>
    ));
  if (authors.length === 0) return null;
  const more = authors.slice(shownAuthors);
  return (
    <>
      <p class="muted">{linked(authors.slice(0, shownAuthors))}</p>
      {more.length > 0 && (
        <details>
          <summary>{more.length} more authors</summary>
          <p class="muted">{linked(more)}</p>
        </details>
      )}
    </>
  );
}

/** The known facts, one a row. */
function Facts({ paper }: { paper: Paper }) {
  const { publishedAt, updatedAt, version, organization, keywords, categories, authorComment, journalRef, doi } = paper;
  const list = (values: string[], queryOf: (value: string) => string) =>
    values.map((value, index) => (
      <>
        {index > 0 && ', '}
        <a href={searchFor(queryOf(value))}>{value}</a>
      </>
    ));
  const dayOf = (instant: string) => <time datetime={instant}>{longDate(instant.slice(0, 10))}</time>;
  const isRevised = updatedAt !== undefined && updatedAt.slice(0, 10) !== publishedAt?.slice(0, 10);
  const rows = [
    ['Organization', organization && list([shownText(organization)], value => `org:${quoted(value)}`)],
    ['Keywords', keywords.length > 0 && list(keywords, quoted)],
    ['Categories', categories.length > 0 && list(categories, category => `category:${category}`)],
    ['Published', publishedAt && dayOf(publishedAt)],
    [version === undefined ? 'Revised' : `Version ${version}`, isRevised && dayOf(updatedAt)],
    ['Authors’ comment', authorComment && shownText(authorComment)],
    ['Journal', journalRef && shownText(journalRef)],
    ['DOI', doi && <a href={`https://doi.org/${encodeURI(doi)}`}>{doi}</a>],
    ['arXiv', parseArxivId(paper.id)?.id],
  ] as const;
  return (
    <dl>
      {rows.map(
        ([name, value]) =>
          value && (
            <>
              <dt>{name}</dt>
              <dd dir="auto">{value}</dd>
            </>
          ),
      )}
    </dl>
  );
}
