import type { Context, Hono } from 'hono';
import type * as z from 'zod';
import { Problem } from '../../shared/http/problem.ts';
import { type Answered, type Input, mount, type Route } from '../../shared/http/route.ts';
import type { Logger } from '../../shared/platform/logger.ts';
import type { KeyRing } from '../../shared/subscribers/keys.ts';
import type { SubscriberRepository } from '../../shared/subscribers/repository.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { isCurrent, isTokenPurpose, type TokenGrant, verifyTokenFor } from '../../shared/subscribers/tokens.ts';

/** The services that find a token's subscriber. */
export interface TokenServices {
  keys: KeyRing;
  subscribers: Pick<SubscriberRepository, 'get'>;
  logger: Pick<Logger, 'info'>;
  now: () => number;
}

/** RFC 6750 section 2.1. */
const bearer = /^bearer +([^\s]+)$/i;

/**
 * The 401 for a missing token and for a token that is not accepted, with the same words for both.
 * @param given whether there was a token (RFC 6750 section 3.1 gives each case its challenge)
 */
export function unauthorized(given: boolean): Problem {
  return new Problem(
    'unauthorized',
    'Send the token of a mailed link as "Authorization: Bearer TOKEN". POST /v1/subscriptions/link mails a fresh link.',
    undefined,
    { 'WWW-Authenticate': given ? 'Bearer error="invalid_token"' : 'Bearer' },
  );
}

/**
 * Mounts a route that names its `bearer`. The sender of a valid token of that purpose acts as its subscriber.
 * @param act gets the subscriber, whatever their status; tokens that were taken back are refused before
 * @param actWithoutOne answers when the subscriber is not stored any more; without it, such a token is refused
 */
export function mountForSubscriber<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(
  app: Hono,
  services: TokenServices,
  route: Route<Params, Query, Body, Answer>,
  act: (
    input: Input<Params, Query, Body> & { subscriberId: string; subscriber: Subscriber },
  ) => Promise<Answered<Answer>>,
  actWithoutOne?: (subscriberId: string) => Promise<Answered<Answer>>,
): void {
  mountForGrant(app, services, route, async input => {
    const { grant } = input;
    const stored = await services.subscribers.get(grant.subscriberId);
    if (!stored && actWithoutOne) return actWithoutOne(grant.subscriberId);
    const subscriber = requireSubscriber(services, grant, stored);
    return act({ ...input, subscriberId: subscriber.id, subscriber });
  });
}

/** The same for a route that reads the subscriber itself, together with others: it goes on by `requireSubscriber` alone. */
export function mountForGrant<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(
  app: Hono,
  services: Omit<TokenServices, 'subscribers'>,
  route: Route<Params, Query, Body, Answer>,
  act: (input: Input<Params, Query, Body> & { grant: TokenGrant }) => Promise<Answered<Answer>>,
): void {
  mount(
    app,
    route,
    input => act({ ...input, grant: input.context.get('grant') as TokenGrant }),
    c => c.set('grant', grantOf(services, route, c)),
  );
}

/**
 * The subscriber of a token, as they were just read.
 * @throws Problem when they are not stored any more, or took their links back since
 */
export function requireSubscriber(
  { logger }: Pick<TokenServices, 'logger'>,
  grant: TokenGrant,
  subscriber: Subscriber | undefined,
): Subscriber {
  if (subscriber && subscriber.status !== 'erased' && isCurrent(grant, subscriber)) return subscriber;
  logger.info('A bearer token was not accepted', { purpose: grant.purpose, reason: 'taken back' });
  throw unauthorized(true);
}

/** @throws Problem when the request has no valid token */
function grantOf(
  services: Pick<TokenServices, 'keys' | 'now' | 'logger'>,
  route: Pick<Route, 'bearer' | 'path'>,
  c: Context,
): TokenGrant {
  const purposes = route.bearer;
  if (!purposes?.every(isTokenPurpose)) throw new Error(`${route.path} names no purpose of tokens.`);
  const token = bearer.exec(c.req.header('authorization') ?? '')?.[1];
  if (token === undefined) throw unauthorized(false);
  const verified = verifyTokenFor(services.keys, token, purposes, services.now());
  if (verified.ok) return verified.grant;
  services.logger.info('A bearer token was not accepted', { purpose: purposes.join(' or '), reason: verified.reason });
  throw unauthorized(true);
}
