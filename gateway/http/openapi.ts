import { z } from 'zod';
import { apiRoot, problemSchema, type Route, routes, sessionCookie } from '#gateway/contract';
import { sessionPath, sessionRequestSchema } from './session.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

export const openapiPath = '/openapi.json';

/** The OpenAPI 3.1 document of everything under `apiRoot`, from the same schemas that validate. */
export function openapiDocument(software: string): JsonSchema {
  const paths: Record<string, JsonSchema> = { [sessionPath]: sessionItem };
  for (const [name, route] of Object.entries<Route>(routes)) {
    const path = bracesFor(route.path);
    paths[path] = { ...paths[path], [route.method]: operation(name, route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Kadoru gateway', version: software },
    servers: [{ url: apiRoot }],
    security: [{ operatorToken: [] }, { session: [] }, {}],
    paths,
    components: {
      schemas: { Problem: schemaOf(problemSchema, 'output') },
      responses: { Problem: problemAnswer },
      securitySchemes: {
        operatorToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'the operator’s, or one that was given to a partner, a ward or an auditor',
        },
        session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
      },
    },
  };
}

const problemAnswer = {
  description: 'What went wrong, and the way out (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};
const otherwise = { default: { $ref: '#/components/responses/Problem' } };

const sessionItem = {
  post: {
    operationId: 'logIn',
    summary: 'Exchanges the operator token for a session cookie',
    security: [],
    requestBody: requestBody(sessionRequestSchema),
    responses: { 204: { description: 'Logged in, or no login is needed' }, ...otherwise },
  },
  delete: {
    operationId: 'logOut',
    summary: 'Ends the session',
    security: [],
    responses: { 204: { description: 'Logged out' }, ...otherwise },
  },
};

function operation(operationId: string, route: Route): JsonSchema {
  const query = route.query === undefined ? [] : queryParameters(route.query);
  const answer = { description: route.summary, ...headersOf(route), content: contentOf(route) };
  const parameters = [...pathParameters(route.path), ...query];
  return {
    operationId,
    summary: route.summary,
    parameters,
    ...(route.body === undefined ? {} : { requestBody: requestBody(route.body) }),
    responses: { [route.status ?? 200]: answer, ...notModified(route), ...otherwise },
  };
}

function requestBody(body: z.ZodType): JsonSchema {
  const content = { 'application/json': { schema: schemaOf(body, 'input') } };
  return { required: true, content };
}

/** A streamed answer is described by one of its items. */
function headersOf({ headers }: Route): JsonSchema {
  if (headers === undefined) return {};
  const described = Object.entries(headers).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return { headers: Object.fromEntries(described) };
}

function notModified({ headers = {} }: Route): JsonSchema {
  return 'etag' in headers ? { 304: { description: 'As it was (If-None-Match)' } } : {};
}

function contentOf(route: Route): JsonSchema {
  const example = route.example === undefined ? {} : { example: route.example };
  const described = { schema: schemaOf(route.answer, 'output'), ...example };
  const content: Record<string, JsonSchema> = { [route.media]: described };
  for (const media of route.otherMedia ?? []) content[media] = { schema: { type: 'string' } };
  return content;
}

function pathParameters(path: string): JsonSchema[] {
  return [...path.matchAll(/:([a-z]+)/gi)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject): JsonSchema[] {
  return Object.entries(query.shape).map(([name, field]) => {
    const { description, ...schema } = z.toJSONSchema(field, { io: 'input' });
    delete schema.$schema;
    const described = description === undefined ? {} : { description };
    const required = !z.safeParse(field, undefined).success;
    return { name, in: 'query', required, ...described, schema };
  });
}

/** OpenAPI 3.1 speaks JSON Schema 2020-12, which is what zod writes; the dialect is not repeated in every schema. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const written = z.toJSONSchema(schema, { io });
  delete written.$schema;
  return written;
}

/** Hono writes `:id` where OpenAPI writes `{id}`. */
function bracesFor(path: string): string {
  return path.replaceAll(/:([a-z]+)/gi, '{$1}');
}
