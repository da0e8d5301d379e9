import { authorLine, linksOfStored } from '../../../shared/email/words.ts';
import { allUpvotes, type Paper } from '../../../shared/papers/paper.ts';
import type { Range } from '../../../shared/search/highlight.ts';
import { filters } from '../../../shared/search/query.ts';
import type { Order } from '../../../shared/search/search-segments.ts';
import { longDate } from '../../../shared/time/day.ts';
import { renderPage } from '../pages/layout.tsx';
import { ButtonField, Known, VotesAndLinks } from '../pages/parts.tsx';
import { Tab } from '../pages/views.tsx';

const shownAuthors = 3;
const snippetCharacters = 300;
/** Characters shown before the first mark. */
const leadIn = 90;

export interface SearchResultProps {
  paper: Paper;
  /** Readable texts. */
  title: string;
  abstract: string;
  authors: string[];
  marks: { title: Range[]; abstract: Range[] };
}

export interface SearchPageProps {
  /** As typed. */
  q: string;
  order: Order;
  results: SearchResultProps[];
  /** Set if there are more. */
  nextCursor?: string | undefined;
  /** The fault of a query that can't be understood. */
  problem?: string;
}

/** `/search?q=`: the field, and the papers found. */
export function searchPage({ q, order, results, nextCursor, problem }: SearchPageProps): string {
  return renderPage({
    title: `${problem ? 'Problem: ' : ''}${q === '' ? 'Search' : `“${q}”`} · Daily Papers`,
    feedQuery: problem ? '' : q,
    children: (
      <>
        <h1>Search</h1>
        <form method="get" action="/search">
          <ButtonField
            name="q"
            label="Words, names or “a phrase in quotes”"
            button="Search"
            problem={problem}
            value={q}
            input={{ type: 'search', maxlength: 500 }}
          />
          <p class="muted">
            Narrow it down with{' '}
            {filters.map((filter, index) => (
              <>
                {index > 0 && ', '}
                <code>{filter}</code>
              </>
            ))}
            . <code>-word</code> leaves papers out; <code>one OR other</code> takes either.
          </p>
        </form>
        {results.length > 0 && <Results q={q} order={order} results={results} nextCursor={nextCursor} />}
        {q !== '' && !problem && results.length === 0 && (
          <>
            <h2>Nothing found</h2>
            <p>No paper has these words. Try fewer or other ones, or leave a filter out.</p>
          </>
        )}
      </>
    ),
  });
}

/** The address of a page of a search. */
function searchAddress(q: string, order: Order, cursor?: string): string {
  const parameters = new URLSearchParams({ q });
  if (order !== 'best') parameters.set('sort', order);
  if (cursor !== undefined) parameters.set('cursor', cursor);
  return `/search?${parameters}`;
}

function Results({ q, order, results, nextCursor }: Omit<SearchPageProps, 'problem'>) {
  return (
    <>
      <h2>Papers found</h2>
      <nav class="tabs" aria-label="Order">
        <Tab name="Best" href={searchAddress(q, 'best')} shown={order === 'best'} />
        <Tab name="Newest" href={searchAddress(q, 'newest')} shown={order === 'newest'} />
      </nav>
      <p class="muted">
        Follow new ones with <a href={`/feed.atom?q=${encodeURIComponent(q)}`}>a feed of this search</a>.
      </p>
      <ol class="papers">
        {results.map(({ paper, title, abstract, authors, marks }) => {
          const snippet = snippetOf(abstract, marks.abstract);
          const moreAuthors = Math.max(0, authors.length - shownAuthors);
          return (
            <li>
              <h3>
                <a href={`/papers/${paper.id}`} dir="auto">
                  <Marked text={title} ranges={marks.title} />
                </a>
              </h3>
              <Known
                parts={[authorLine({ authors: authors.slice(0, shownAuthors), moreAuthors }), longDate(paper.day)]}
              />
              <p dir="auto">
                <Marked text={snippet.text} ranges={snippet.ranges} />
              </p>
              <VotesAndLinks
                upvotes={allUpvotes(paper)}
                links={[{ label: 'Paper', url: paper.url }, ...linksOfStored(paper)]}
              />
            </li>
          );
        })}
      </ol>
      {nextCursor && (
        <p>
          <a href={searchAddress(q, order, nextCursor)}>More papers</a>
        </p>
      )}
    </>
  );
}

/** A text with its ranges marked. Every piece is escaped. */
function Marked({ text, ranges }: { text: string; ranges: Range[] }) {
  const starts = [0, ...ranges.map(([, end]) => end)];
  return (
    <>
      {starts.map((start, index) => {
        const range = ranges[index];
        return (
          <>
            {text.slice(start, range?.[0])}
            {range && <mark>{text.slice(...range)}</mark>}
          </>
        );
      })}
    </>
  );
}

/** The part of a text around its first mark, cut between words. */
function snippetOf(text: string, ranges: Range[]): { text: string; ranges: Range[] } {
  const first = ranges[0]?.[0] ?? 0;
  const begin = first <= leadIn ? 0 : text.lastIndexOf(' ', first - leadIn) + 1;
  const cut = begin + snippetCharacters;
  const end = cut >= text.length ? text.length : Math.max(ranges[0]?.[1] ?? 0, text.lastIndexOf(' ', cut));
  const before = begin > 0 ? '… ' : '';
  const shift = before.length - begin;
  return {
    text: `${before}${text.slice(begin, end)}${end < text.length ? ' …' : ''}`,
    ranges: ranges.flatMap(([from, to]): Range[] => (to <= end ? [[from + shift, to + shift]] : [])),
  };
}
