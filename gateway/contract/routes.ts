import { z } from 'zod';
import { alarmRoutes } from './alarm-routes.ts';
import { claimRoutes } from './claim-routes.ts';
import { energyRoutes } from './energy-routes.ts';
import { healthSchema } from './health.ts';
import { livePlantSchema } from './live.ts';
import { packHistoryPointSchema, packSchema } from './pack.ts';
import { packRecordRoutes } from './pack-routes.ts';
import { programmeRoutes, purposeQuery } from './programme-routes.ts';
import { gapSchema, storedReadingSchema } from './readings.ts';
import { reductionRoutes } from './reduction-routes.ts';
import { list, type Route, span } from './route.ts';
import { sealRoutes } from './seal-routes.ts';

export const apiRoot = '/api/v1';

/** The cookie a page carries after it exchanged the operator's token for a session. */
export const sessionCookie = 'kadoru-session';

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
      ...purposeQuery,
      channel: z.string().meta({ description: '{site}/{device}/{asset}/{quantity}' }),
      format: z.enum(['ndjson', 'csv']).default('ndjson'),
    }),
    answer: storedReadingSchema,
    media: 'application/x-ndjson',
    otherMedia: ['text/csv'],
  },
  gaps: {
    method: 'get',
    path: '/gaps',
    summary: 'Sequence numbers that were never stored',
    query: z.object({ ...span, site: z.string().optional(), device: z.string().optional() }),
    answer: list(gapSchema),
    media: 'application/json',
  },
  ...energyRoutes,
  ...reductionRoutes,
  ...packRecordRoutes,
  ...alarmRoutes,
  ...sealRoutes,
  ...claimRoutes,
  ...programmeRoutes,
  live: {
    method: 'get',
    path: '/live',
    summary: 'Server-sent events: `plant` with the whole picture',
    answer: livePlantSchema,
    media: 'text/event-stream',
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
