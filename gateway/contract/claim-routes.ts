import { z } from 'zod';
import { list, type Route } from './route.ts';

const whole = z.int().nonnegative();
const date = z.iso.date();

/** Where a claim stands; nothing of a member. */
export const claimStandingSchema = z.object({
  claim: z.string(),
  project: z.string(),
  fiscalYear: z.int(),
  state: z.enum(['frozen', 'applied', 'verified', 'issued', 'allocated', 'held']),
  /** Made of test data (試験用): no claim. */
  fixture: z.boolean(),
  frozenAt: z.int(),
  members: whole,
  erKg: z.string().meta({ description: 'exact: a decimal, or p/q' }),
  tonnes: whole,
  /** SHA-256 of the folder's manifest: which folder it is. */
  manifestSha256: z.string(),
  corrects: z.object({ claim: z.string(), effectTonnes: z.int() }).nullable(),
  correctedBy: z.string().nullable(),
  appliedOn: date.nullable(),
  verifiedOn: date.nullable(),
  issued: z
    .object({ on: date, tonnes: whole, firstSerial: z.string(), lastSerial: z.string() })
    .nullable(),
  allocated: z.object({ on: date, partnerTonnes: whole, wardTonnes: whole }).nullable(),
  held: z.object({ on: date, account: z.string() }).nullable(),
});
export type ClaimStanding = z.infer<typeof claimStandingSchema>;

export const claimRoutes = {
  claims: {
    method: 'get',
    path: '/claims',
    summary: 'Claims and where they stand, newest first',
    answer: list(claimStandingSchema),
    media: 'application/json',
  },
} as const satisfies Record<string, Route>;
