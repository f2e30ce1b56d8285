import { z } from 'zod';
import { factorListSchema, reductionListSchema } from './reduction.ts';
import { purposeQuery } from './programme-routes.ts';
import { type Route, span } from './route.ts';

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
      format: z.enum(['json', 'csv']).default('json'),
      limit: z.coerce.number().int().min(1).max(20_000).default(2_000),
      cursor: z
        .string()
        .regex(/^\d{1,15}$/, 'is no `next` of a page before')
        .optional(),
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
