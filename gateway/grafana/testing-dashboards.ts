import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const datasource = z.strictObject({ type: z.literal('influxdb'), uid: z.literal('kadoru') });
const target = z.strictObject({
  refId: z.string(),
  datasource,
  rawQuery: z.literal(true),
  query: z.string(),
  resultFormat: z.enum(['time_series', 'table']),
  alias: z.string().optional(),
});
const property = z.strictObject({ id: z.string(), value: z.unknown() });
const panel = z.object({
  id: z.int(),
  type: z.enum(['timeseries', 'table']),
  title: z.string(),
  description: z.string(),
  datasource,
  interval: z.string().optional(),
  gridPos: z.strictObject({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  fieldConfig: z.strictObject({
    defaults: z.object({ unit: z.string().optional() }),
    overrides: z.array(
      z.strictObject({
        matcher: z.strictObject({ id: z.literal('byName'), options: z.string() }),
        properties: z.array(property),
      }),
    ),
  }),
  targets: z.array(target).min(1),
});
const variable = z.object({
  name: z.string(),
  type: z.enum(['query', 'custom']),
  query: z.string(),
  regex: z.string().optional(),
});
const dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  description: z.string(),
  timezone: z.literal('Asia/Tokyo'),
  templating: z.strictObject({ list: z.array(variable) }),
  panels: z.array(panel).min(1),
});

export type Dashboard = z.infer<typeof dashboard>;

/** Every dashboard that is shipped. Throws for one that is not as expected. */
export function readDashboards(): Dashboard[] {
  const folder = new URL('dashboards/', import.meta.url);
  return readdirSync(folder).map((file) =>
    dashboard.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))),
  );
}

/** A query as Grafana sends it: variables, time filter and interval put in. Throws for a name it would not know. */
export function asSent(query: string, known: Readonly<Record<string, string>>): string {
  return query.replace(/\$\{(\w+)\}|\$(\w+)/g, (_, braced?: string, bare?: string) => {
    const found = known[braced ?? bare ?? ''];
    if (found === undefined) throw new Error(`nothing is known as ${braced ?? bare} in ${query}`);
    return found;
  });
}

/** The measurement a query reads, and every other name in double quotes that is not one it gives itself. */
export function namesIn(query: string): { measurement: string; names: readonly string[] } {
  const [, measurement = ''] = /FROM "([^"]+)"/.exec(query) ?? [];
  const given = new Set([...query.matchAll(/ AS "([^"]+)"/g)].map(([, alias]) => alias));
  const rest = query.replace(/FROM "[^"]+"/, '');
  const names = [...rest.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
  return { measurement, names: names.filter((name) => !given.has(name)) };
}
