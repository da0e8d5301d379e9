import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';

/** Policies for an address at a host of throw-away mailboxes: accept it, mark the subscriber, or refuse it. */
export const disposablePolicies = ['allow', 'flag', 'refuse'] as const;

export type DisposablePolicy = (typeof disposablePolicies)[number];

/** Some 10,000 names, loaded at the first use. */
let domains: Set<string> | undefined;

/** Whether an address is at a known host of throw-away mailboxes, or at a subdomain of one. */
export function isDisposable(identity: string): boolean {
  domains ??= disposableEmailBlocklistSet();
  const labels = identity.slice(identity.lastIndexOf('@') + 1).split('.');
  return labels.some((_, first) => domains?.has(labels.slice(first).join('.')));
}
