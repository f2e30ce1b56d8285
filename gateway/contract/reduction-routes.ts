import { z } from 'zod';
import { factorListSchema, reductionListSchema } from './reduction.ts';
import { purposeQuery } from './programme-routes.ts';
import { intervalPage, type Route, span } from './route.ts';

const json = 'application/json';

/** What metered energy saves. */
export const reductionRoutes = {
  reductions: {
    method: 'get',
    path: '/reductions',
    summary: 'Provisional emission reductions of a generator, with what is withheld and why',
    query: z.object({
      ...purposeQuery,
      generator: z.string().meta({ description: '{site}/{generator}' }),
      ...span,
      resolution: z.enum(['30m', '1d', '1mo', 'fy']).default('1d'),
      ...intervalPage,
    }),
    answer: reductionListSchema,
    media: json,
    otherMedia: ['text/csv'],
  },
  factors: {
    method: 'get',
    path: '/factors',
    summary: 'Emission factors with their sources, and which one applies to each fiscal year',
    answer: factorListSchema,
    media: json,
  },
} as const satisfies Record<string, Route>;
