import type { Digest } from '../digests/digest.ts';
import { isCatchUp, periodOf } from '../digests/period.ts';
import { longDate } from '../time/day.ts';
import { weekOf } from '../time/period.ts';
import { archiveUrl } from './headers.ts';
import { isOfWeek, type LabelledLink } from './words.ts';

/**
 * The pages with papers that a digest's mail or page does not show. A week's page ends on Sunday, so its number is not named. A note of an empty
 * day leads to the last digest, and to the week of that day.
 */
export function morePapersOf(
  digest: Digest,
  { shown, publicUrl }: { shown: number; publicUrl: string },
): LabelledLink[] {
  const { date, papersOfDay, lastDaily } = digest;
  const weekUrl = (day: string) => `${publicUrl}/?week=${weekOf(day)}`;
  if (lastDaily) {
    const lastDay = periodOf(lastDaily).date;
    return [
      { label: `Read the digest of ${longDate(lastDay)}`, url: archiveUrl(publicUrl, { id: lastDaily }) },
      { label: 'See the best papers of that week', url: weekUrl(lastDay) },
    ];
  }
  if (shown >= papersOfDay || isCatchUp(digest)) return [];
  if (isOfWeek(digest)) return [{ label: 'See the papers of the week', url: weekUrl(date) }];
  return [{ label: `See all ${papersOfDay} papers of the day`, url: `${publicUrl}/?date=${date}` }];
}
