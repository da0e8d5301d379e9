import { variablesOf } from '../shared/platform/settings.ts';
import { metricNamespaceOf } from './constructs/metric-alarms.ts';
import type { Stage } from './stages.ts';

/**
 * The settings of every function, by their names in shared/platform/environment.ts and settings.ts.
 * @param publicUrl the address that readers see, without a slash at its end
 */
export function functionSettings(stage: Stage, publicUrl: string): Record<string, string> {
  return {
    PUBLIC_URL: publicUrl,
    ...(stage.cdn && { BEHIND_CDN: 'true' }),
    ...variablesOf(stage),
    // Read by the metrics library itself.
    POWERTOOLS_METRICS_NAMESPACE: metricNamespaceOf(stage),
  };
}
