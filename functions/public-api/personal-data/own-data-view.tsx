import type { PersonalData } from '../../../shared/personal-data/personal-data.ts';
import { day } from '../../../shared/platform/durations.ts';
import type { Subscriber } from '../../../shared/subscribers/subscriber.ts';
import { requestLifetime } from '../../../shared/subscribers/subscriber.ts';
import { longDate } from '../../../shared/time/day.ts';
import { renderPage } from '../pages/layout.tsx';
import { OneButton } from '../pages/parts.tsx';
import { durationOf } from './duration.ts';

/** `GET /own-data`: the data kept about the link's subscriber, with the two things that the owner can do about it. */
export function ownDataPage({
  token,
  data,
  keptDays,
}: {
  token: string;
  data: PersonalData;
  /** Days for which the data stays after leaving. */
  keptDays: number;
}): string {
  const query = `?token=${encodeURIComponent(token)}`;
  return renderPage({
    title: 'What is kept about you · Daily Papers',
    children: (
      <>
        <h1>What is kept about you</h1>
        <p>{standingOf(data.subscriber)}</p>
        <ul>
          {partsOf(data).map(part => (
            <li>{part}</li>
          ))}
        </ul>
        <p class="muted">{endOf(data.subscriber, keptDays)}</p>
        <OneButton action={`/preferences/export${query}`}>Download it all</OneButton>
        <h2>Rather have nothing kept?</h2>
        <p>
          You can <a href={`/preferences/erase${query}`}>erase everything about you</a>. Only a coded form of your
          address stays then, which nobody can read, so that no list that we are given later brings you back.
        </p>
      </>
    ),
  });
}

/** The state of a subscriber, in words for them. */
function standingOf({ address, status, unsubscribedAt }: Subscriber): string {
  const left =
    unsubscribedAt === undefined ? '' : ` on ${longDate(new Date(unsubscribedAt).toISOString().slice(0, 10))}`;
  switch (status) {
    case 'active':
      return `${address} is subscribed.`;
    case 'pending':
      return `Somebody asked to subscribe ${address}. That was not confirmed, and no digest is sent there.`;
    case 'complained':
      return `Mail to ${address} was reported as spam${left}. No digest is sent there any more.`;
    case 'bounced':
      return `Mail to ${address} came back. No digest is sent there any more.`;
    case 'unsubscribed':
    case 'erased':
      return `${address} was unsubscribed${left}. No digest is sent there.`;
  }
}

/** The end of keeping, in words. */
function endOf({ status }: Subscriber, keptDays: number): string {
  const days = durationOf(keptDays);
  switch (status) {
    case 'active':
      return `It is kept while you are subscribed, and for ${days} after you leave.`;
    case 'pending':
      return `An unconfirmed request is forgotten by itself after ${requestLifetime / day} days.`;
    case 'unsubscribed':
    case 'bounced':
    case 'complained':
    case 'erased':
      return `It is kept for ${days} after that, as proof of what was agreed to, and then erased by itself.`;
  }
}

/** The parts of the data in words. A count of 0 is left out. */
function partsOf({ consents, history, votes, saved, unwanted, submissions, taste }: PersonalData): string[] {
  const counted: [number, string, string][] = [
    [
      consents.length,
      'record of what was agreed to or ended, when and from where',
      'records of what was agreed to or ended, when and from where',
    ],
    [
      history.deliveries.length,
      'digest that was meant for you, and what became of it',
      'digests that were meant for you, and what became of each',
    ],
    [history.otherMails.length, 'report about another mail to you', 'reports about other mails to you'],
    [votes.length, 'upvote', 'upvotes'],
    [saved.length, 'saved paper', 'saved papers'],
    [unwanted.length, 'paper like which you want less', 'papers like which you want less'],
    [submissions.length, 'submitted paper', 'submitted papers'],
  ];
  return [
    'Your address, your preferences, and when you signed up, confirmed and left',
    ...counted.flatMap(([count, one, many]) => (count === 0 ? [] : `${count} ${count === 1 ? one : many}`)),
    ...(taste ? ['Words that the papers you upvoted have in common'] : []),
  ];
}
