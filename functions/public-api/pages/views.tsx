import type { Period } from '../../../shared/papers/listing.ts';
import { type Sort, sorts } from '../../../shared/papers/rank.ts';
import { addDays, hasCountableYear, longDate } from '../../../shared/time/day.ts';
import { daysOfWeek, weekOf } from '../../../shared/time/period.ts';

/** The list of papers that a page shows. */
export interface View {
  /** A day, a week or a month; all empty: all time. */
  period: Period;
  sort: Sort;
  /** The day from which the links to days, weeks and months start. */
  day: string;
  /** The last day for which sources take papers now: there is no link past it. */
  today: string;
}

const sortNames: Record<Sort, string> = { trending: 'Trending', upvotes: 'Most upvoted', published: 'Newest' };
const monthFormat = new Intl.DateTimeFormat('en-US', { year: 'numeric', month: 'long', timeZone: 'UTC' });

/** The heading of a list, which says its period: "Papers of Monday, November 23, 2026". */
export function headingOf({ period: { date, week, month }, day }: View): string {
  if (week !== undefined) {
    const [first = day] = daysOfWeek(week);
    return `Papers of the week from ${longDate(first)}`;
  }
  if (month !== undefined) return `Papers of ${monthFormat.format(new Date(`${month}-01T00:00:00Z`))}`;
  return date === undefined ? 'Papers of all time' : `Papers of ${longDate(date)}`;
}

const isOfAllTime = (period: Period) => Object.values(period).every(value => value === undefined);

interface Neighbours {
  name: string;
  /** Its first day. */
  from: string;
  periodOf: (day: string) => Period;
  /** Days of the period before and of the one after. */
  before: string;
  after: string;
}

function neighboursOf({ period: { date, week, month } }: View): Neighbours | undefined {
  if (date !== undefined) {
    const periodOf = (day: string) => ({ date: day });
    return { name: 'day', from: date, periodOf, before: addDays(date, -1), after: addDays(date, 1) };
  }
  if (week !== undefined) {
    const [from = ''] = daysOfWeek(week);
    const periodOf = (day: string) => ({ week: weekOf(day) });
    return { name: 'week', from, periodOf, before: addDays(from, -7), after: addDays(from, 7) };
  }
  if (month === undefined) return undefined;
  const from = `${month}-01`;
  const periodOf = (day: string) => ({ month: day.slice(0, 7) });
  return { name: 'month', from, periodOf, before: addDays(from, -1), after: addDays(from, 31) };
}

/** Links to the other periods and orders, and to the periods before and after. The one that is shown is no link. */
export function ViewLinks({ view }: { view: View }) {
  const { period, sort, day, today } = view;
  const [week, month] = [weekOf(day), day.slice(0, 7)];
  const periods = [
    { name: 'Day', period: { date: day }, shown: period.date !== undefined },
    { name: 'Week', period: { week }, shown: period.week !== undefined },
    { name: 'Month', period: { month }, shown: period.month !== undefined },
    { name: 'All time', period: {}, shown: isOfAllTime(period) },
  ];
  const near = neighboursOf(view);
  return (
    <div class="views">
      <nav class="tabs" aria-label="Period">
        {periods.map(one => (
          <Tab name={one.name} href={addressOf(one.period, sort)} shown={one.shown} />
        ))}
      </nav>
      <nav class="tabs" aria-label="Order">
        {sorts.map(one => (
          <Tab name={sortNames[one]} href={addressOf(period, one)} shown={one === sort} />
        ))}
      </nav>
      {near && (
        <nav class="tabs" aria-label="Before and after">
          {hasCountableYear(near.before) && (
            <a rel="prev" href={addressOf(near.periodOf(near.before), sort)}>
              ← Previous {near.name}
            </a>
          )}
          {near.after <= today && (
            <a rel="next" href={addressOf(near.periodOf(near.after), sort)}>
              Next {near.name} →
            </a>
          )}
        </nav>
      )}
      {/* The style hides the leads and links while it is checked. */}
      <label class="compact">
        <input id="compact" type="checkbox" /> Titles only
      </label>
    </div>
  );
}

/** Leads to the list of a day that the visitor chooses. */
export function DayForm({ day, today }: Pick<View, 'day' | 'today'>) {
  return (
    <form class="day" method="get" action="/">
      <label for="date">Another day</label>
      <div class="row">
        <input id="date" name="date" type="date" value={day} max={today} required />
        <button class="plain" type="submit">
          Go
        </button>
      </div>
    </form>
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
