import type { Context, Hono } from 'hono';
import type * as z from 'zod';
import type { Logger } from '../platform/logger.ts';
import type { KeyRing } from '../subscribers/keys.ts';
import { verifyToken } from '../subscribers/tokens.ts';
import { Problem } from './problem.ts';
import { type Answered, type Input, mount, type Route } from './route.ts';

/** What it takes to know a token's owner. */
export interface OwnerServices {
  keys: KeyRing;
  logger: Pick<Logger, 'info'>;
  now: () => number;
}

/** RFC 6750 section 2.1. */
const bearer = /^bearer +([^\s]+)$/i;

/**
 * The 401 of every request whose token is missing or not accepted: the same words for each of them.
 * @param given whether there was a token (RFC 6750 section 3.1 gives the two different challenges)
 */
export function unauthorized(given: boolean): Problem {
  return new Problem(
    'unauthorized',
    'Send the token of a manage link as "Authorization: Bearer TOKEN". POST /v1/subscriptions/link mails a fresh link.',
    undefined,
    { 'WWW-Authenticate': given ? 'Bearer error="invalid_token"' : 'Bearer' },
  );
}

/**
 * Mounts a route that names its `bearer`: whoever sends a valid token of that purpose is its subscriber.
 * @param act gets the subscriber's id; whether there still is such a subscriber is for it to find out
 */
export function mountForOwner<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(
  app: Hono,
  services: OwnerServices,
  route: Route<Params, Query, Body, Answer>,
  act: (input: Input<Params, Query, Body> & { subscriberId: string }) => Promise<Answered<Answer>>,
): void {
  mount(
    app,
    route,
    input => act({ ...input, subscriberId: input.context.get('subscriberId') as string }),
    c => c.set('subscriberId', ownerOf(services, route, c)),
  );
}

/** @throws Problem when the request has no valid token */
function ownerOf(services: OwnerServices, route: Pick<Route, 'bearer' | 'path'>, c: Context): string {
  if (!route.bearer) throw new Error(`${route.path} names no bearer.`);
  const token = bearer.exec(c.req.header('authorization') ?? '')?.[1];
  if (token === undefined) throw unauthorized(false);
  const verified = verifyToken(services.keys, token, route.bearer, services.now());
  if (verified.ok) return verified.grant.subscriberId;
  services.logger.info('A bearer token was not accepted', { purpose: route.bearer, reason: verified.reason });
  throw unauthorized(true);
}
