import { readerOf } from '../support/readers.ts';
import { startSignUpWorld } from '../support/sign-up-world.ts';
import type { MailRoute, Trick } from './tricks.ts';

/** The limits that a stage has without settings of its own. */
const most = { addressHour: 4, mailboxDay: 10, domainDay: 50, networkHour: 60, allHour: 5_000 };
const day = 24 * 3_600_000;
/** A queue gives ten messages at once. */
const perBatch = 10;

export interface Damage {
  asked: number;
  /** How many requests were answered as if a mail would come. */
  taken: number;
  /** Mails that arrived at the victim in 24 hours. */
  mails: number;
}

/**
 * Attacks the public API, with what works behind it and an emulated SES, in the 24 hours of a clock that is moved.
 * @param requests how many there are in the day
 */
export async function attack({ address, ip, isVictims, routes, subscribed }: Trick, requests: number): Promise<Damage> {
  const world = await startSignUpWorld({ most });
  try {
    if (subscribed) await world.subscribers.put(readerOf(world.keys, subscribed));
    const stranger = readerOf(world.keys, 'stranger@example.net');
    await world.subscribers.put(stranger);
    const token = world.manageTokenOf('stranger@example.net');
    const damage: Damage = { asked: requests, taken: 0, mails: 0 };
    const collect = async () => {
      for (const { recipient } of await world.mails()) if (isVictims(recipient.toLowerCase())) damage.mails += 1;
    };
    for (let n = 0; n < requests; n += 1) {
      const [path, request] = requestOf(routes[n % routes.length] as MailRoute, address(n), token);
      const answer = await world.app.request(path, request, { requestContext: { http: { sourceIp: ip(n) } } });
      if (answer.status === 202) damage.taken += 1;
      if (answer.status >= 500) throw new Error(`${path} answered with ${answer.status}.`);
      if (n % perBatch === perBatch - 1) await collect();
      world.clock.now += day / requests;
    }
    await collect();
    return damage;
  } finally {
    await world.stop();
  }
}

function requestOf(route: MailRoute, email: string, token: string): [string, RequestInit] {
  const json = (method: string, authorization?: string): RequestInit => ({
    method,
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: JSON.stringify({ email }),
  });
  const form: RequestInit = { method: 'POST', body: new URLSearchParams({ email }) };
  switch (route) {
    case 'sign-up':
      return ['/v1/subscriptions', json('POST')];
    case 'sign-up page':
      return ['/subscriptions', form];
    case 'link':
      return ['/v1/subscriptions/link', json('POST')];
    case 'link page':
      return ['/preferences/link', form];
    case 'move':
      return ['/v1/subscriptions/me', json('PATCH', `Bearer ${token}`)];
    case 'move page':
      return [`/preferences/address?token=${token}`, form];
  }
}
