import { metricNamespaceOf } from './constructs/metric-alarms.ts';
import type { Stage } from './stages.ts';

/** Settings of sending, halting and limits that a stage has of its own; the others keep the functions' defaults. */
function given(stage: Stage): Record<string, string> {
  const values = {
    CONFIRMATION_SHARE: stage.confirmationShare,
    RATE_SHARE: stage.rateShare,
    EVIDENCE_SECONDS: stage.evidenceSeconds,
    RESEND_UNKNOWN: stage.resendUnknown,
    HALT_LEAST_SENT: stage.haltLeastSent,
    HALT_BOUNCE_RATE: stage.haltBounceRate,
    HALT_COMPLAINT_RATE: stage.haltComplaintRate,
    HALT_LEAST_BOUNCES: stage.haltLeastBounces,
    HALT_LEAST_COMPLAINTS: stage.haltLeastComplaints,
    HALT_LEAST_DOMAINS: stage.haltLeastDomains,
    EMPTY_DAYS: stage.emptyDays,
    DISPOSABLE_DOMAINS: stage.disposableDomains,
    REQUESTS_PER_ADDRESS_HOUR: stage.requestsPerAddressHour,
    REQUESTS_PER_MAILBOX_DAY: stage.requestsPerMailboxDay,
    REQUESTS_PER_DOMAIN_DAY: stage.requestsPerDomainDay,
    REQUESTS_PER_NETWORK_HOUR: stage.requestsPerNetworkHour,
    REQUESTS_PER_HOUR: stage.requestsPerHour,
    VOTES_PER_SUBSCRIBER_HOUR: stage.votesPerSubscriberHour,
    SUBMISSIONS_PER_SUBSCRIBER_DAY: stage.submissionsPerSubscriberDay,
    KEPT_AFTER_LEAVING_DAYS: stage.keptAfterLeavingDays,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/**
 * What every function is told; names of shared/platform/environment.ts.
 * @param publicUrl the address that readers see, without a slash at its end
 */
export function functionSettings(stage: Stage, publicUrl: string): Record<string, string> {
  return {
    PUBLIC_URL: publicUrl,
    ...(stage.cdn && { BEHIND_CDN: 'true' }),
    SENDER_ADDRESS: stage.senderAddress,
    SENDER_NAME: stage.senderName,
    POSTAL_ADDRESS: stage.postalAddress,
    ...(stage.replyTo && { REPLY_TO: stage.replyTo }),
    ...(stage.linkHosts && { LINK_HOSTS: stage.linkHosts }),
    ...(stage.unsubscribeAddress && { UNSUBSCRIBE_ADDRESS: stage.unsubscribeAddress }),
    ...(stage.trackOpensAndClicks && { TRACK_OPENS_AND_CLICKS: 'true' }),
    ALLOWED_ORIGINS: stage.allowedOrigins.join(','),
    ...(stage.pageUrl && { PAGE_URL: stage.pageUrl }),
    ...(stage.arxivCategories && { ARXIV_CATEGORIES: stage.arxivCategories }),
    ...(stage.arxivUrl && { ARXIV_URL: stage.arxivUrl }),
    ...(stage.arxivFeedUrl && { ARXIV_FEED_URL: stage.arxivFeedUrl }),
    ...(stage.huggingFaceUrl && { HUGGING_FACE_URL: stage.huggingFaceUrl }),
    ...given(stage),
    // Read by the metrics library itself.
    POWERTOOLS_METRICS_NAMESPACE: metricNamespaceOf(stage),
  };
}
