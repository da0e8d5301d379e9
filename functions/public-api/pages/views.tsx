import type { Period } from '../../../shared/papers/listing.ts';
import { type Sort, sorts } from '../../../shared/papers/rank.ts';
import { addDays, longDate } from '../../../shared/time/day.ts';
import { daysOfWeek, weekOf } from '../../../shared/time/period.ts';

/** The list of papers that a page shows. */
export interface View {
  /** A day, a week or a month; all empty: all time. */
  period: Period;
  sort: Sort;
  /** The day from which the links to days, weeks and months start. */
  day: string;
}

const sortNames: Record<Sort, string> = { trending: 'Trending', upvotes: 'Most upvoted', published: 'Newest' };
const monthFormat = new Intl.DateTimeFormat('en-US', { year: 'numeric', month: 'long', timeZone: 'UTC' });

/** The heading of a list, "Papers of the day", and its date. */
export function headingOf({ period: { date, week, month }, day }: View): { heading: string; when: string } {
  if (week !== undefined) {
    const [first = day] = daysOfWeek(week);
    return { heading: 'Papers of the week', when: `From ${longDate(first)}` };
  }
  if (month !== undefined) {
    return { heading: 'Papers of the month', when: monthFormat.format(new Date(`${month}-01T00:00:00Z`)) };
  }
  if (date === undefined) return { heading: 'Papers of all time', when: 'All that were ever listed here' };
  return { heading: 'Papers of the day', when: longDate(date) };
}

const isOfAllTime = (period: Period) => Object.values(period).every(value => value === undefined);

/** Links to the other periods, orders and days. The one that is shown is no link. */
export function ViewLinks({ view }: { view: View }) {
  const { period, sort, day } = view;
  const [week, month] = [weekOf(day), day.slice(0, 7)];
  const periods = [
    { name: 'Day', period: { date: day }, shown: period.date !== undefined },
    { name: 'Week', period: { week }, shown: period.week !== undefined },
    { name: 'Month', period: { month }, shown: period.month !== undefined },
    { name: 'All time', period: {}, shown: isOfAllTime(period) },
  ];
  return (
    <>
      <nav class="tabs" aria-label="Period">
        {periods.map(one => (
          <Tab name={one.name} href={addressOf(one.period, sort)} shown={one.shown} />
        ))}
        {period.date !== undefined && <a href={addressOf({ date: addDays(day, -1) }, sort)}>Day before</a>}
      </nav>
      <nav class="tabs" aria-label="Order">
        {sorts.map(one => (
          <Tab name={sortNames[one]} href={addressOf(period, one)} shown={one === sort} />
        ))}
      </nav>
    </>
  );
}

/** One of several views: a link, or the plain name of the view that is shown. */
export function Tab({ name, href, shown }: { name: string; href: string; shown: boolean }) {
  return shown ? <strong aria-current="true">{name}</strong> : <a href={href}>{name}</a>;
}

/** The address of a list, or of a page of it that begins at a cursor. */
export function addressOf(period: Period, sort: Sort, cursor?: string): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(period)) if (value !== undefined) parameters.set(name, value);
  if (isOfAllTime(period)) parameters.set('period', 'all');
  if (cursor !== undefined) parameters.set('cursor', cursor);
  if (sort !== 'trending') parameters.set('sort', sort);
  return `/?${parameters}`;
}
