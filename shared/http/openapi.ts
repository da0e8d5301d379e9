import { STATUS_CODES } from 'node:http';
import * as z from 'zod';
import { Problem, type ProblemName, problemSchema } from './problem.ts';
import type { Route } from './route.ts';

interface Description {
  title: string;
  version: string;
  description: string;
  serverUrl: string;
}

type JsonSchema = Record<string, unknown>;

/** zod's JSON Schema, which OpenAPI 3.1 accepts, without the dialect line. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query') {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

/** Problems of any request with a body, found before its route is called. */
const problemsOfBodies: ProblemName[] = ['body-too-large', 'unsupported-media-type'];

function responsesOf(route: Route): Record<string, unknown> {
  const content = { 'application/json': { schema: jsonSchema(route.answer.schema, 'output') } };
  const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const good = [route.answer, ...(route.alsoAnswers ?? [])];
  const names: ProblemName[] = [
    ...route.problems,
    ...(route.method === 'get' ? [] : problemsOfBodies),
    'internal-error',
  ];
  const bad = new Set(names.map(name => new Problem(name, '').status));
  return Object.fromEntries([
    ...good.map(({ status, description }) => [status, { description, content }]),
    ...[...bad].map(status => [status, { description: STATUS_CODES[status] ?? '', content: problemContent }]),
    // From the gateway, before the API is called: more than 10 KB of address and headers.
    [431, { description: STATUS_CODES[431] ?? '' }],
  ]);
}

/** The bearer tokens that the routes require, by purpose. */
function securityOf(routes: Route[]): { securitySchemes?: JsonSchema } {
  const purposes = [...new Set(routes.flatMap(route => route.bearer ?? []))];
  if (purposes.length === 0) return {};
  const scheme = (purpose: string) => ({
    type: 'http',
    scheme: 'bearer',
    description: `The "${purpose}" token of a mailed link`,
  });
  return { securitySchemes: Object.fromEntries(purposes.map(purpose => [purpose, scheme(purpose)])) };
}

export function openApiDocument(routes: Route[], about: Description): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')];
    paths[route.path] ??= {};
    Object.assign(paths[route.path] as object, {
      [route.method]: {
        summary: route.summary,
        ...(route.bearer && { security: route.bearer.map(purpose => ({ [purpose]: [] })) }),
        ...(parameters.length > 0 && { parameters }),
        ...(route.body && {
          requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(route.body, 'input') } } },
        }),
        responses: responsesOf(route),
      },
    });
  }
  const { serverUrl, ...info } = about;
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: serverUrl }],
    paths,
    components: { schemas: { Problem: jsonSchema(problemSchema, 'output') }, ...securityOf(routes) },
  };
}
