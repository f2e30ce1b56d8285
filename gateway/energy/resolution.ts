import { z } from 'zod';

const whSchema = z.int().nonnegative();
const signed = { by: z.string().min(1).max(200), why: z.string().min(1).max(1_000) };

/**
 * What a person says happened at a register event. `before` and `after` are those of the event; the energy of the step
 * across it is
 *
 * - `reset-to-zero`: what it shows since it began at 0, `after`, and what it had counted after its last reading,
 *   `finalWh - before`, if somebody saw that;
 * - `replaced`: `after - startWh` of the new meter and `finalWh - before` of the old one, each if somebody saw it;
 * - `wrapped`: `wrapAt - before + after`, at a value nobody had declared;
 * - `rollback`: nothing; counting goes on from `after`;
 * - `real`: the rise as it is, `after - before`;
 * - `error`: the readings from the event to `until` were wrong. They are left out; the next one is judged against the
 *   reading before the event.
 */
export const resolutionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reset-to-zero'), finalWh: whSchema.optional(), ...signed }),
  z.strictObject({
    kind: z.literal('replaced'),
    finalWh: whSchema.optional(),
    startWh: whSchema.optional(),
    ...signed,
  }),
  z.strictObject({ kind: z.literal('wrapped'), wrapAt: z.int().positive(), ...signed }),
  z.strictObject({ kind: z.literal('rollback'), ...signed }),
  z.strictObject({ kind: z.literal('real'), ...signed }),
  z.strictObject({ kind: z.literal('error'), until: z.int().optional(), ...signed }),
]);
export type Resolution = z.infer<typeof resolutionSchema>;

interface Across {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** What a resolution does: an amount in Wh, or leaving readings out; or, as text, why it cannot be what happened. */
export type Effect = { readonly wh: number } | { readonly ignoreUntil: number } | string;

export function effectOf(resolution: Resolution, { at, before, after }: Across): Effect {
  switch (resolution.kind) {
    case 'reset-to-zero':
      return sum(left(resolution.finalWh, before), after);
    case 'replaced':
      return sum(left(resolution.finalWh, before), since(resolution.startWh, after));
    case 'wrapped':
      return wrapped(resolution.wrapAt, before, after);
    case 'rollback':
      return { wh: 0 };
    case 'real':
      return after < before ? 'a register that fell has not risen' : { wh: after - before };
    case 'error':
      return (resolution.until ?? at) < at
        ? '"until" is before the event'
        : { ignoreUntil: resolution.until ?? at };
  }
}

function left(finalWh: number | undefined, before: number): number | string {
  if (finalWh === undefined) return 0;
  return finalWh < before
    ? `finalWh ${finalWh} is below ${before}, which had been read`
    : finalWh - before;
}

function since(startWh: number | undefined, after: number): number | string {
  if (startWh === undefined) return 0;
  return startWh > after
    ? `startWh ${startWh} is above ${after}, which was read after it`
    : after - startWh;
}

function wrapped(wrapAt: number, before: number, after: number): Effect {
  if (wrapAt <= before || wrapAt <= after)
    return `a register that wraps at ${wrapAt} cannot show ${Math.max(before, after)}`;
  return sum(wrapAt - before, after);
}

function sum(a: number | string, b: number | string): Effect {
  if (typeof a === 'string') return a;
  if (typeof b === 'string') return b;
  return Number.isSafeInteger(a + b) ? { wh: a + b } : 'too much to be counted exactly';
}
