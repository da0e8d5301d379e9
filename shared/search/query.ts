import { daySchema } from '../time/day.ts';
import type { Field } from './segment.ts';
import { termsOf } from './words.ts';

/** One condition on a paper. */
export type Condition =
  | { kind: 'word'; word: string }
  /** The words one after the other, in one field. */
  | { kind: 'phrase'; words: string[] }
  /** All of the words in one field; their last letters may be missing. */
  | { kind: 'field'; field: Field; words: string[] }
  /** The category, or one below it (`cs.CL` below `cs`). In small letters. */
  | { kind: 'category'; category: string }
  /** The paper's day is this one or later. */
  | { kind: 'after'; day: string }
  /** The paper's day is an earlier one. */
  | { kind: 'before'; day: string }
  | { kind: 'code' };

export interface SearchQuery {
  /** Of each group, a paper has one of the words, or not: papers with more of the groups come first. */
  words: string[][];
  /** A paper fulfils one condition of each group. */
  needed: Condition[][];
  /** A paper fulfils none of these. */
  excluded: Condition[];
}

/** A fault of a query; its message is shown to the reader. */
export class QueryError extends Error {
  override name = 'QueryError';
}

/** The fields that a filter searches, by the filter's name. */
const fieldFilters: Record<string, Field> = { author: 'authors', title: 'title', org: 'organization' };

/** Each filter as it is typed. */
export const filters = [
  'author:name',
  'title:word',
  'org:name',
  'category:cs.CL',
  'after:2026-11-01',
  'before:2026-12-01',
  'has:code',
] as const;

const names = filters.map(filter => filter.replace(/:.*/, ''));
const mostCharacters = 500;
const mostWords = 32;
/** Perhaps a minus, then a filter with its value, a phrase in quotes, or a word. The quote of TeX (`\"o`) begins no phrase. */
const partPattern = new RegExp(
  `(?<not>(?<=^|\\s)-)?(?:(?<filter>${names.join('|')}):)?(?:(?<!\\\\)"(?<quoted>(?:[^"\\\\]|\\\\.)*)"?|(?<bare>(?:\\\\.|[^\\s"])+))`,
  'giu',
);
const unknownFilter = /^([a-z]{2,20}):(?!\/\/)(?=.)/u;
const filterAlone = new RegExp(`^(${names.join('|')}):$`, 'u');

interface Part {
  not: boolean;
  /** More than one: of words that are typed as one, like `state-of-the-art`. */
  conditions: Condition[];
}

/**
 * Reads a query: words, "phrases", the `filters`, `-` before one of these, `OR` between two.
 * @throws QueryError
 */
export function parseQuery(text: string): SearchQuery {
  if (text.length > mostCharacters) throw new QueryError(`Ask in at most ${mostCharacters} characters.`);
  const query: SearchQuery = { words: [], needed: [], excluded: [] };
  for (const group of groupsOf(text)) addGroup(query, group);
  if (countWords(query) > mostWords) throw new QueryError(`Ask for at most ${mostWords} words.`);
  if (isEmpty(query) && query.excluded.length > 0) {
    throw new QueryError('Say also what to search for, beside what to leave out.');
  }
  query.words = [...new Map(query.words.map(group => [group.join(' '), group])).values()];
  return query;
}

export function isEmpty({ words, needed }: SearchQuery): boolean {
  return words.length + needed.length === 0;
}

/** The words of a condition, which are searched in all fields for the order of the papers found. */
export function wordsIn(condition: Condition): string[] {
  if (condition.kind === 'word') return [condition.word];
  return condition.kind === 'phrase' || condition.kind === 'field' ? condition.words : [];
}

function countWords({ words, needed, excluded }: SearchQuery): number {
  return words.flat().length + [...needed.flat(), ...excluded].flatMap(wordsIn).length;
}

/** The parts of a query. `OR` puts its neighbours into one group. */
function groupsOf(text: string): Part[][] {
  const groups: Part[][] = [];
  let joins = false;
  for (const { groups: found, index, 0: whole } of text.matchAll(partPattern)) {
    const { not, filter, quoted, bare } = found ?? {};
    if (bare === 'OR' && !not && !filter) {
      joins = groups.length > 0;
      continue;
    }
    const value = (quoted ?? bare ?? '').trim();
    if (!filter && bare !== undefined) refuseFilter(bare, text[index + whole.length] === '"');
    const conditions = filter ? conditionsOf(filter.toLowerCase(), value) : textConditions(value, quoted !== undefined);
    if (conditions.length === 0) continue;
    const part = { not: not !== undefined, conditions };
    if (joins) groups.at(-1)?.push(part);
    else groups.push([part]);
    joins = false;
  }
  return groups;
}

/** @throws QueryError for a filter that there is not, or that has no value */
function refuseFilter(bare: string, quoteFollows: boolean): void {
  const [, alone] = filterAlone.exec(bare) ?? [];
  if (alone) throw new QueryError(`Write ${alone}: and its value without a space between.`);
  const [, name] = unknownFilter.exec(quoteFollows ? `${bare}"` : bare) ?? [];
  if (name === undefined) return;
  const list = names.map(each => `${each}:`).join(', ');
  throw new QueryError(`There is no filter ${name}:. There are ${list}. For words, write a space after the colon.`);
}

function textConditions(value: string, isPhrase: boolean): Condition[] {
  const terms = termsOf(value);
  if (terms.length === 0) return [];
  return isPhrase ? [{ kind: 'phrase', words: terms }] : terms.map(word => ({ kind: 'word', word }));
}

function conditionsOf(filter: string, value: string): Condition[] {
  const field = fieldFilters[filter];
  if (field) {
    const words = termsOf(value);
    return words.length > 0 ? [{ kind: 'field', field, words }] : [];
  }
  if (filter === 'category') return [{ kind: 'category', category: value.toLowerCase() }];
  if (filter === 'after' || filter === 'before') {
    const day = daySchema.safeParse(value);
    if (!day.success) throw new QueryError(`Write ${filter}: with a day, as in ${filter}:2026-11-01.`);
    return [{ kind: filter, day: day.data }];
  }
  if (value.toLowerCase() !== 'code') throw new QueryError('has: knows has:code alone.');
  return [{ kind: 'code' }];
}

function addGroup(query: SearchQuery, group: readonly Part[]): void {
  const [first] = group;
  if (group.length === 1 && first) {
    if (first.not) query.excluded.push(together(first));
    else if (first.conditions[0]?.kind === 'word') query.words.push(...first.conditions.map(wordsIn));
    else query.needed.push(first.conditions);
    return;
  }
  if (group.some(({ not }) => not)) throw new QueryError('Write words with - apart from those with OR.');
  const conditions = group.map(together);
  if (conditions.every(({ kind }) => kind === 'word')) query.words.push(conditions.flatMap(wordsIn));
  else query.needed.push(conditions);
}

/** A part as one condition: words that are typed as one are a phrase. */
function together({ conditions }: Part): Condition {
  const [first] = conditions;
  if (conditions.length === 1 && first) return first;
  return { kind: 'phrase', words: conditions.flatMap(wordsIn) };
}
