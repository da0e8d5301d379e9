import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultThrottle, routeThrottles } from '../../shared/platform/route-throttles.ts';
import { startPublicApi } from '../support/public-api.ts';
import { propertiesOf, synthesise } from './synthesis.ts';

const { service } = synthesise();
const keys = Object.keys(routeThrottles);

describe('the routes with a throttle of their own', () => {
  let routes: string[];
  let api: Awaited<ReturnType<typeof startPublicApi>>;
  beforeAll(async () => {
    api = await startPublicApi();
    routes = api.app.routes.map(({ method, path }) => `${method} ${path}`);
  });
  afterAll(() => api.stop());

  test.each(keys)('%s is a route of the app', key => {
    expect(routes).toContain(key);
  });

  test('are all that a mailed link or a click on it leads to', () => {
    const mailed = routes.filter(route => /^(GET|POST) \S*\/(unsubscribe|confirm)$/.test(route));
    expect(mailed).toHaveLength(6);
    expect(keys).toEqual(expect.arrayContaining(mailed));
  });
});

describe('the deployed API', () => {
  const [stage] = propertiesOf(service, 'AWS::ApiGatewayV2::Stage');
  const made = service.findResources('AWS::ApiGatewayV2::Route');

  test('throttles each by itself, and all others together', () => {
    const expected = Object.entries(routeThrottles).map(([key, { rate, burst }]) => [
      key,
      { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst },
    ]);
    expect(stage?.RouteSettings).toEqual(Object.fromEntries(expected));
    const { rate, burst } = defaultThrottle;
    expect(stage?.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst });
  });

  test('has each of them before the stage that names it, and leads to the same function', () => {
    const [deployed] = Object.values(service.findResources('AWS::ApiGatewayV2::Stage'));
    const targetOf = (key: string) =>
      Object.values(made).find(({ Properties }) => Properties.RouteKey === key)?.Properties.Target;
    for (const key of keys) {
      const [id = ''] = Object.entries(made).find(([, { Properties }]) => Properties.RouteKey === key) ?? [];
      expect(deployed?.DependsOn).toContain(id);
      expect(targetOf(key)).toEqual(targetOf('$default'));
    }
  });

  test('lets more subscribers leave in a second than ask for a mail', () => {
    const leaving = keys.filter(key => key.startsWith('POST') && key.endsWith('/unsubscribe'));
    expect(leaving).toHaveLength(2);
    for (const key of keys.filter(other => /POST.*(subscriptions|link|renew)$/.test(other))) {
      for (const left of leaving) {
        expect(routeThrottles[key as 'POST /']?.rate).toBeLessThan(routeThrottles[left as 'POST /']?.rate ?? 0);
      }
    }
  });
});
