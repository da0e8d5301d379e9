import { daySchema } from '../time/day.ts';
import { termsOf } from './words.ts';

export interface SearchQuery {
  /** Papers with all of these words come first. */
  words: string[];
  /** A paper must have each phrase exactly. */
  phrases: string[][];
  /** All of these words must be in the authors' names; their last letters may be missing. */
  authors: string[];
  /** A paper's day must be this one or later. */
  after?: string;
  /** A paper must have each of these categories, or one below it (`cs.CL` below `cs`). */
  categories: string[];
  hasCode: boolean;
}

/** A fault of a query; its message is shown to the reader. */
export class QueryError extends Error {
  override name = 'QueryError';
}

const mostCharacters = 500;
const mostWords = 32;
/** A filter with its value, a phrase in quotes, or a word. The quote of TeX (`\"o`) does not begin a phrase. */
const partPattern = /(?:(author|after|category|has):)?(?:(?<!\\)"((?:[^"\\]|\\.)*)"?|((?:\\.|[^\s"])+))/giu;

/**
 * Reads a query: words, "phrases", author:name or author:"whole name", after:2026-11-01, category:cs.CL, has:code.
 * @throws QueryError
 */
export function parseQuery(text: string): SearchQuery {
  if (text.length > mostCharacters) throw new QueryError(`Ask in at most ${mostCharacters} characters.`);
  const query: SearchQuery = { words: [], phrases: [], authors: [], categories: [], hasCode: false };
  for (const [, filter, quoted, bare] of text.matchAll(partPattern)) {
    const value = (quoted ?? bare ?? '').trim();
    if (filter) addFilter(query, filter.toLowerCase(), value);
    else if (quoted === undefined) query.words.push(...termsOf(value));
    else {
      const phrase = termsOf(value);
      if (phrase.length > 0) query.phrases.push(phrase);
    }
  }
  const words = query.words.length + query.authors.length + query.phrases.flat().length;
  if (words > mostWords) throw new QueryError(`Ask for at most ${mostWords} words.`);
  query.words = [...new Set(query.words)];
  return query;
}

export function isEmpty({ words, phrases, authors, after, categories, hasCode }: SearchQuery): boolean {
  return words.length + phrases.length + authors.length + categories.length === 0 && after === undefined && !hasCode;
}

function addFilter(query: SearchQuery, filter: string, value: string): void {
  if (filter === 'author') query.authors.push(...termsOf(value));
  else if (filter === 'category') query.categories.push(value.toLowerCase());
  else if (filter === 'after') {
    const day = daySchema.safeParse(value);
    if (!day.success) throw new QueryError('Write after: with a day, as in after:2026-11-01.');
    query.after = query.after === undefined || query.after < day.data ? day.data : query.after;
  } else {
    if (value.toLowerCase() !== 'code') throw new QueryError('has: knows has:code alone.');
    query.hasCode = true;
  }
}
