import { ConfigurationSet, ConfigurationSetTlsPolicy, HttpsPolicy } from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import type { Stage } from '../stages.ts';

/** The configuration set of each kind of mail. All demand TLS, and count bounces and complaints in CloudWatch. */
export function addConfigurationSets(
  scope: Construct,
  stage: Stage,
): Record<'digests' | 'answers' | 'data', ConfigurationSet> {
  const common = { tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE, reputationMetrics: true };
  const name = `daily-papers-${stage.name}`;
  const answers = new ConfigurationSet(scope, 'Mail', { configurationSetName: name, ...common });
  // SES holds mail to addresses that complained or bounced back, but they may see and erase their data, too (decision 61).
  const data = new ConfigurationSet(scope, 'DataMail', {
    configurationSetName: `${name}-data`,
    ...common,
    disableSuppressionList: true,
  });
  // Confirmation mails are never tracked: their readers have agreed to nothing yet.
  if (!stage.trackOpensAndClicks) return { answers, data, digests: answers };
  const digests = new ConfigurationSet(scope, 'TrackedMail', {
    configurationSetName: `${name}-tracked`,
    ...common,
    ...(stage.redirectDomain && {
      customTrackingRedirectDomain: stage.redirectDomain,
      // All links of a digest are https, so their host must answer by https.
      customTrackingHttpsPolicy: HttpsPolicy.REQUIRE,
    }),
  });
  return { answers, data, digests };
}
