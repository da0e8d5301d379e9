import { summarisePaper } from '../../shared/digests/digest-paper.ts';
import { abstractOf } from '../../shared/papers/shown.ts';
import { paperWith } from './freeze.ts';
import type { JudgedLead } from './judgements.ts';

export type Verdict = 'good' | 'weak' | 'bad';

/** Characters of a lead, without blanks and punctuation, that tell which sentence it begins with. */
const telling = 30;
const day = '2026-06-01';

/** The lead that readers are shown of each paper, without a summary of the source, and what the judge says of it. */
export function judgeLeads(judged: readonly JudgedLead[]): { id: string; lead: string; verdict: Verdict }[] {
  return judged.map(({ id, title, abstract, sentences, good, weak }) => {
    const { lead } = summarisePaper(
      paperWith({ id: '2606.00001', title, abstract }, day),
      'https://papers.example.org',
    );
    const place = sentenceOf(lead, sentences);
    return { id, lead, verdict: good.includes(place) ? 'good' : weak.includes(place) ? 'weak' : 'bad' };
  });
}

/** The number of the sentence with which a lead begins, -1 when it is in none. The lead may lack its first words. */
export function sentenceOf(lead: string, sentences: readonly string[]): number {
  const starts: number[] = [];
  let whole = '';
  for (const sentence of sentences) {
    starts.push(whole.length);
    whole += lettersOf(abstractOf({ abstract: sentence }));
  }
  const at = whole.indexOf(lettersOf(lead).slice(0, telling));
  return at < 0 || lead === '' ? -1 : starts.findLastIndex(start => start <= at);
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
