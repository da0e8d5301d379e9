import { cutText } from './cut.ts';
import { withoutIntroduction } from './introductions.ts';
import { sentencesOf } from './sentences.ts';
import { coverage, isAside, readTitle, type TitleWords, weigh } from './weigh.ts';

/** A lead of one sentence may be longer than one of two. UTF-16 units. */
const longestSentence = 400;
const longestPair = 280;
/** A sentence of at least so many points may stand beside the best one without those between them. */
const telling = 4;
/** The best sentence of an abstract tells so much that a summary may be measured by it. */
const plainlyTelling = 8;

/**
 * The one or two sentences that tell the deed or finding of a paper: the source's summary, or the most telling sentences of the
 * abstract where there is none or where they tell more. The texts are readable ones.
 */
export function leadOf({ title, summary, abstract }: { title: string; summary: string; abstract: string }): string {
  const read = readTitle(title, abstract);
  const sentences = sentencesOf(abstract);
  const points = sentences.map((sentence, place) => weigh(sentence, place, read));
  const best = points.indexOf(Math.max(...points));
  const chosen = sentences[best] ?? '';
  if (summary !== '' && !isPoorer(summary, chosen, points[best] ?? 0, read)) return firstOf(summary);
  const first = withoutIntroduction(chosen);
  const second = sentences
    .map((sentence, place) => ({ sentence, place, points: points[place] ?? 0 }))
    .filter(
      ({ sentence, place, points }) =>
        place > best && (points >= telling || (place === best + 1 && !isAside(sentence))),
    )
    .sort((a, b) => b.points - a.points)
    .map(({ sentence, place }) => (place === best + 1 ? sentence : withoutIntroduction(sentence)))
    .find(sentence => first.length + 1 + sentence.length <= longestPair);
  return second === undefined ? cutText(first, longestSentence) : `${first} ${second}`;
}

/** A summary of the source: two sentences if they fit, else one. */
function firstOf(summary: string): string {
  const [first = '', second] = sentencesOf(summary);
  return second !== undefined && first.length + 1 + second.length <= longestPair
    ? `${first} ${second}`
    : cutText(first, longestSentence);
}

/**
 * Whether a source's summary tells less than the abstract's best sentence: it breaks off, it lacks the paper's own name,
 * or it has far fewer of the title's words.
 */
function isPoorer(summary: string, best: string, points: number, title: TitleWords): boolean {
  if (points < plainlyTelling || best.length > longestSentence) return false;
  if (!/[.!?][)\]”"']*$/.test(summary)) return true;
  const has = (text: string, name: string) => text.toLowerCase().includes(name.toLowerCase());
  const [own] = title.named ? title.names : [];
  if (own !== undefined && has(best, own) && !has(summary, own)) return true;
  return coverage(best, title) >= 0.5 && coverage(summary, title) <= 0.2;
}
