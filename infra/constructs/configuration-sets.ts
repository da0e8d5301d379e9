import { ConfigurationSet, ConfigurationSetTlsPolicy, HttpsPolicy } from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import type { Stage } from '../stages.ts';

/** With which set each kind of mail is sent: never in clear text, and counted in CloudWatch for its bounces and complaints. */
export function addConfigurationSets(scope: Construct, stage: Stage): Record<'digests' | 'answers', ConfigurationSet> {
  const common = { tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE, reputationMetrics: true };
  const name = `daily-papers-${stage.name}`;
  const answers = new ConfigurationSet(scope, 'Mail', { configurationSetName: name, ...common });
  // Who only asked to subscribe must not be tracked.
  if (!stage.trackOpensAndClicks) return { answers, digests: answers };
  const digests = new ConfigurationSet(scope, 'TrackedMail', {
    configurationSetName: `${name}-tracked`,
    ...common,
    ...(stage.redirectDomain && {
      customTrackingRedirectDomain: stage.redirectDomain,
      // All links of a digest are https, and so the name has to answer by https, too.
      customTrackingHttpsPolicy: HttpsPolicy.REQUIRE,
    }),
  });
  return { answers, digests };
}
