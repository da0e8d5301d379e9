import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMetrics } from '../../shared/platform/metrics.ts';

const written: string[] = [];

beforeEach(() => {
  written.length = 0;
  process.env.POWERTOOLS_METRICS_NAMESPACE = 'daily-papers-test';
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    written.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  delete process.env.POWERTOOLS_METRICS_NAMESPACE;
  delete process.env.POWERTOOLS_DEV;
});

test('each metric is written at once, as CloudWatch reads it out of a log', () => {
  const recordMetric = createMetrics('plan-deliveries');
  recordMetric('UnbalancedDeliveries', 3);
  recordMetric('UnknownDeliveries', 0);
  expect(written).toHaveLength(2);
  expect(written.map(line => JSON.parse(line))).toEqual([
    expect.objectContaining({ service: 'plan-deliveries', UnbalancedDeliveries: 3 }),
    expect.objectContaining({ service: 'plan-deliveries', UnknownDeliveries: 0 }),
  ]);
  expect(JSON.parse(written[0] ?? '')._aws.CloudWatchMetrics).toEqual([
    {
      Namespace: 'daily-papers-test',
      Dimensions: [['service']],
      Metrics: [{ Name: 'UnbalancedDeliveries', Unit: 'Count' }],
    },
  ]);
});

test('nothing is written where the log is shown to a developer', () => {
  process.env.POWERTOOLS_DEV = 'true';
  createMetrics('send-digest')('DailyQuotaUsedUp', 1);
  expect(written).toEqual([]);
});
