import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminRoutes } from '../../functions/admin-api/contract.ts';
import { publicRoutes } from '../../functions/public-api/contract.ts';
import { startAdminApi } from '../support/admin-api.ts';
import { startPublicApi } from '../support/public-api.ts';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { parameters?: { name: string; in: string }[]; responses: object }>>;
}

let publicApi: Awaited<ReturnType<typeof startPublicApi>>;
let adminApi: Awaited<ReturnType<typeof startAdminApi>>;
beforeAll(async () => {
  [publicApi, adminApi] = await Promise.all([startPublicApi(), startAdminApi()]);
});
afterAll(() => Promise.all([publicApi.stop(), adminApi.stop()]));

async function documentOf(app: Hono, path: string): Promise<Document> {
  return (await (await app.request(path)).json()) as Document;
}

const operationsOf = (document: Document) =>
  Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map(method => `${method} ${path}`));

/** Routes of the JSON API that an app has mounted, as OpenAPI writes them. */
function mountedIn(app: Hono): string[] {
  return app.routes
    .filter(({ path, method }) => (path.startsWith('/v1/') || path === '/health') && method !== 'ALL')
    .filter(({ path }) => !path.endsWith('/openapi.json'))
    .map(({ path, method }) => `${method.toLowerCase()} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`);
}

describe.each([
  ['public', () => publicApi.app, '/openapi.json', publicRoutes],
  ['admin', () => adminApi.app, '/v1/admin/openapi.json', adminRoutes],
] as const)('the OpenAPI document of the %s API', (_, app, path, routes) => {
  test('describes every route that is mounted, and no other', async () => {
    const described = operationsOf(await documentOf(app(), path));
    expect(new Set(described)).toEqual(new Set(mountedIn(app())));
    expect(described.length).toBe(routes.length);
  });

  test('gives each path parameter, and problem details for what can go wrong', async () => {
    const document = await documentOf(app(), path);
    expect(document.openapi).toBe('3.1.0');
    for (const [address, methods] of Object.entries(document.paths)) {
      const names = [...address.matchAll(/\{(\w+)\}/g)].map(match => match[1]);
      for (const operation of Object.values(methods)) {
        const parameters = (operation.parameters ?? []).filter(parameter => parameter.in === 'path');
        expect(parameters.map(parameter => parameter.name)).toEqual(names);
        expect(Object.keys(operation.responses)).toContain('500');
      }
    }
  });
});
