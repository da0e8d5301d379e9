/** Most requests a second over all callers, and most at once. */
export interface Throttle {
  rate: number;
  burst: number;
}

/** Shared by the routes that are not listed below: more than a newsletter needs, and too few for a large bill. */
export const defaultThrottle: Throttle = { rate: 200, burst: 400 };

const pressed: Throttle = { rate: 100, burst: 200 };
const followed: Throttle = { rate: 100, burst: 200 };
const selecting: Throttle = { rate: 20, burst: 40 };
const mailing: Throttle = { rate: 20, burst: 40 };

/**
 * Routes of the public API with a throttle of their own, by the gateway's key for them. Requests on one route use up no
 * other route's throttle: mail scanners that follow every link of a digest can't turn an unsubscription into a 429.
 */
export const routeThrottles: Record<`${'GET' | 'POST'} /${string}`, Throttle> = {
  // One-click unsubscription of mail clients (RFC 8058), and the buttons of the pages that mailed links lead to.
  'POST /subscriptions/unsubscribe': pressed,
  'POST /v1/subscriptions/unsubscribe': pressed,
  'POST /subscriptions/confirm': pressed,
  'POST /v1/subscriptions/confirm': pressed,
  // Those pages. Mail scanners open them as well.
  'GET /subscriptions/unsubscribe': followed,
  'GET /subscriptions/confirm': followed,
  'GET /preferences': followed,
  // Each selects a reader's papers, which takes some milliseconds of processor time.
  'GET /preview': selecting,
  'GET /preview/mail': selecting,
  // Each of these sends a mail. The public API also limits them by address and network.
  'POST /subscriptions': mailing,
  'POST /v1/subscriptions': mailing,
  'POST /v1/subscriptions/link': mailing,
  'POST /subscriptions/confirm/renew': mailing,
  'POST /preferences/link': mailing,
};
