/** Requests a second over all callers, and how many may come at once. */
export interface Throttle {
  rate: number;
  burst: number;
}

/** What is not named below shares this one: far above a newsletter's need, far below a bill to fear. */
export const defaultThrottle: Throttle = { rate: 200, burst: 400 };

const pressed: Throttle = { rate: 100, burst: 200 };
const followed: Throttle = { rate: 100, burst: 200 };
const mailing: Throttle = { rate: 20, burst: 40 };

/**
 * Routes of the public API with a throttle of their own, by the gateway's key for them. What uses up one throttle takes
 * nothing from another: mail scanners that follow every link of a digest can't turn an unsubscription into a 429.
 */
export const routeThrottles: Record<`${'GET' | 'POST'} /${string}`, Throttle> = {
  // The one click of a mail client (RFC 8058), and the buttons of the pages that mailed links lead to.
  'POST /subscriptions/unsubscribe': pressed,
  'POST /v1/subscriptions/unsubscribe': pressed,
  'POST /subscriptions/confirm': pressed,
  'POST /v1/subscriptions/confirm': pressed,
  // Those pages, which scanners open as well.
  'GET /subscriptions/unsubscribe': followed,
  'GET /subscriptions/confirm': followed,
  'GET /preferences': followed,
  // Each of these has a mail sent. The limits by address and network are the function's own.
  'POST /subscriptions': mailing,
  'POST /v1/subscriptions': mailing,
  'POST /v1/subscriptions/link': mailing,
  'POST /subscriptions/confirm/renew': mailing,
  'POST /preferences/link': mailing,
};
