import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Route, routes } from '#gateway/contract';
import { bench } from './testing-app.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What of OpenAPI 3.1 this document uses; a key outside it is a mistake of ours. */
const schema = z.record(z.string(), z.unknown());
const content = z.record(z.string(), z.strictObject({ schema, example: z.unknown().optional() }));
const parameter = z.strictObject({
  name: z.string().min(1),
  in: z.enum(['path', 'query']),
  required: z.boolean(),
  description: z.string().optional(),
  schema,
});
const response = z.union([
  z.strictObject({ $ref: z.string() }),
  z.strictObject({
    description: z.string().min(1),
    headers: z.record(z.string(), z.strictObject({ description: z.string(), schema })).optional(),
    content: content.optional(),
  }),
]);
const operation = z.strictObject({
  operationId: z.string(),
  summary: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z.array(parameter).optional(),
  requestBody: z.strictObject({ required: z.boolean(), content }).optional(),
  responses: z.record(z.string().regex(/^([1-5]\d\d|default)$/), response),
});
const documentSchema = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string(), version: z.string() }),
  servers: z.array(z.strictObject({ url: z.string() })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'post', 'delete']), operation),
  ),
  components: z.strictObject({
    schemas: z.record(z.string(), schema),
    responses: z.record(z.string(), response),
    securitySchemes: z.record(z.string(), z.record(z.string(), z.string())),
  }),
});

async function document() {
  const answer = await bench().app.hono.request('/api/v1/openapi.json');
  return documentSchema.parse(await answer.json());
}

test('every route of the table is documented with its medium and its parameters', async () => {
  const { paths } = await document();
  for (const [name, route] of Object.entries<Route>(routes)) {
    const item = paths[route.path.replaceAll(/:([a-z]+)/g, '{$1}')]?.[route.method];
    expect(item?.operationId).toBe(name);
    for (const media of [route.media, ...(route.otherMedia ?? [])])
      expect(item?.responses[String(route.status ?? 200)], name).toHaveProperty([
        'content',
        media,
        'schema',
      ]);
    expect(item?.requestBody === undefined, name).toBe(route.body === undefined);
    const query =
      item?.parameters?.filter((each) => each.in === 'query').map((each) => each.name) ?? [];
    expect(query, name).toEqual(Object.keys(route.query?.shape ?? {}));
  }
});

test('every parameter of a path is declared, operation ids are unique, and references lead somewhere', async () => {
  const api = await document();
  const ids: string[] = [];
  for (const [path, item] of Object.entries(api.paths))
    for (const { operationId, parameters = [] } of Object.values(item)) {
      ids.push(operationId);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((each) => each.in === 'path').map((each) => each.name)).toEqual(
        inPath,
      );
    }
  expect(new Set(ids).size).toBe(ids.length);
  const references = [...JSON.stringify(api).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    ([, to]) => to ?? '',
  );
  expect(references.length).toBeGreaterThan(0);
  for (const to of references) expect(api, to).toHaveProperty(to.split('/'));
});

test('only what a query cannot do without is required, and limits are told', async () => {
  const { paths } = await document();
  const parameters = (path: string) => paths[path]?.get?.parameters ?? [];
  expect(
    parameters('/readings')
      .filter(({ required }) => required)
      .map(({ name }) => name),
  ).toEqual(['channel']);
  const points = parameters('/packs/{id}/history').find(({ name }) => name === 'points');
  expect(points?.schema).toMatchObject({
    type: 'integer',
    minimum: 2,
    maximum: 2000,
    default: 720,
  });
  expect(parameters('/gaps').find(({ name }) => name === 'from')?.description).toContain(
    'ISO 8601',
  );
});
