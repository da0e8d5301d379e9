import { type KeyRing, subscriberIdOf } from '../../shared/subscribers/keys.ts';
import { preferencesSchema, type Subscriber } from '../../shared/subscribers/subscriber.ts';
import { signToken } from '../../shared/subscribers/tokens.ts';
import { pick } from './kills.ts';
import { preferencesOf } from './readers.ts';

/** Every so many of them confirms so close to the digest's coming out that it is the planner's to send it. */
const dailyEvery = 3;
/** From the digest's coming out on, milliseconds: up to here it is the planner's (shared/deliveries/newcomers.ts). */
const closeBy = [-1_000, 0, 59_999, 60_000];
/** How often they press the button. */
const mostPresses = 2;

/** Subscribers that have asked for the digests and not confirmed yet, the same for every seed. */
export function makeNewcomers(keys: KeyRing, count: number): Subscriber[] {
  return Array.from({ length: count }, (_, index) => {
    const address = `newcomer${index}@example.org`;
    const preferences = preferencesSchema.parse(preferencesOf(index));
    return {
      id: subscriberIdOf(keys, address),
      address,
      status: 'pending',
      preferences,
      pendingRequest: { nonce: 'request', requestedAt: 0, preferences },
      createdAt: 0,
      revision: 0,
    };
  });
}

/** One press of the button in the confirmation mail. */
export interface Press {
  token: string;
  /** When, epoch ms; without it, now. */
  at?: number;
}

/**
 * The presses of the newcomers: each presses the button once, or more often.
 * @param published when the digest came out, epoch ms
 */
export function pressesOf(keys: KeyRing, newcomers: Subscriber[], published: number, random: () => number): Press[] {
  return newcomers.flatMap(({ id }, index) => {
    const token = signToken(keys, { purpose: 'confirm', subscriberId: id, nonce: 'request' }, published);
    const at = index % dailyEvery === 0 ? published + pick(closeBy, random) : undefined;
    return Array.from({ length: 1 + Math.floor(random() * mostPresses) }, () => ({ token, ...(at && { at }) }));
  });
}
