import { z } from 'zod';
import { generatorSchema } from './generator.ts';
import { healthSchema } from './health.ts';
import { livePlantSchema } from './live.ts';
import { packHistoryPointSchema, packSchema } from './pack.ts';
import { gapSchema, storedReadingSchema } from './readings.ts';

export const apiRoot = '/api/v1';

/** The cookie a page carries after it exchanged the operator's token for a session. */
export const sessionCookie = 'kadoru-session';

/** ISO 8601 with an offset, or epoch milliseconds; answers epoch milliseconds. */
export const timeSchema = z
  .string()
  .transform((text, context) => {
    const ms = /^\d{12,15}$/.test(text) ? Number(text) : isoToMs(text);
    if (Number.isSafeInteger(ms)) return ms;
    context.addIssue('is not a time: write 2026-04-01T00:00:00+09:00 or epoch milliseconds');
    return z.NEVER;
  })
  .meta({ description: 'ISO 8601 with offset, or epoch milliseconds' });

function isoToMs(text: string): number {
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;
  return iso.test(text) ? Date.parse(text) : Number.NaN;
}

const span = { from: timeSchema.optional(), to: timeSchema.optional() };
const list = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().optional() });

interface Route {
  readonly method: 'get' | 'post';
  /** Hono notation: `{id}` of OpenAPI is `:id` here. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly answer: z.ZodType;
  readonly media: 'application/json' | 'application/x-ndjson' | 'text/event-stream';
}

/** Every route under `apiRoot`: served, validated and documented (`/openapi.json`) from this one table. */
export const routes = {
  health: {
    method: 'get',
    path: '/health',
    summary: 'Where the gateway stands',
    answer: healthSchema,
    media: 'application/json',
  },
  packs: {
    method: 'get',
    path: '/packs',
    summary: 'Hydrogen remaining, per pack',
    answer: list(packSchema),
    media: 'application/json',
  },
  packHistory: {
    method: 'get',
    path: '/packs/:id/history',
    summary: 'A pack over time, thinned to the number of points asked for',
    query: z.object({
      ...span,
      points: z.coerce.number().int().min(2).max(2000).default(720),
      site: z.string().optional(),
    }),
    answer: list(packHistoryPointSchema),
    media: 'application/json',
  },
  readings: {
    method: 'get',
    path: '/readings',
    summary: 'Stored readings of one channel, oldest first, streamed',
    query: z.object({
      ...span,
      channel: z.string().meta({ description: '{site}/{device}/{asset}/{quantity}' }),
      format: z.enum(['ndjson', 'csv']).default('ndjson'),
    }),
    answer: storedReadingSchema,
    media: 'application/x-ndjson',
  },
  gaps: {
    method: 'get',
    path: '/gaps',
    summary: 'Sequence numbers that were never stored',
    query: z.object({ ...span, site: z.string().optional(), device: z.string().optional() }),
    answer: list(gapSchema),
    media: 'application/json',
  },
  generators: {
    method: 'get',
    path: '/generators',
    summary: 'Power and energy today, per generator',
    answer: list(generatorSchema),
    media: 'application/json',
  },
  live: {
    method: 'get',
    path: '/live',
    summary: 'Server-sent events: `plant` with the whole picture',
    answer: livePlantSchema,
    media: 'text/event-stream',
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
