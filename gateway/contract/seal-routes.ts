import { z } from 'zod';
import { purposeQuery } from './programme-routes.ts';
import { list, type Route } from './route.ts';

/** How far a register is sealed: who holds a head can show later whether the chain before it was rewritten. */
export const sealHeadSchema = z.object({
  register: z.string().meta({ description: '{site}/{asset}/{quantity}' }),
  /** Seals in the chain so far. */
  seals: z.int(),
  throughDay: z.iso.date().meta({ description: 'the last day sealed in its turn, Japan time' }),
  head: z
    .string()
    .meta({ description: 'SHA-256 of the last seal, which covers every one before it' }),
});

export const sealRoutes = {
  sealHeads: {
    method: 'get',
    path: '/seals/heads',
    summary:
      'Heads of the registers’ chains of seals, with a token those of its project: keep them',
    query: z.object(purposeQuery),
    answer: list(sealHeadSchema).extend({
      digest: z.string().meta({ description: 'over these heads, as in header kadoru-seal-heads' }),
    }),
    media: 'application/json',
  },
} as const satisfies Record<string, Route>;
