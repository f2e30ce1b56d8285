import { z } from 'zod';
import { catalogue, type Channel, parseChannel, type QuantityName } from './catalogue.ts';

/** Largest MQTT payload either side accepts (design.md, wire contract). */
export const maxMessageBytes = 256 * 1024;

export const qualitySchema = z.enum(['good', 'uncertain', 'bad']);
export type Quality = z.infer<typeof qualitySchema>;

/** Why a reading is not good. `isolated` is only ever added by the gateway. */
export const whySchema = z.enum([
  'loop-open',
  'loop-short',
  'out-of-range',
  'stuck',
  'stale',
  'bus-error',
  'no-data',
]);
export type Why = z.infer<typeof whySchema>;

/**
 * One reading: `value` in the unit of its quantity, or null with the reason; `raw` is what the converter gave
 * (ADC counts, pulses, milli-degrees) so that a calibration can be applied later.
 */
export const readingSchema = z
  .object({
    value: z.number().nullable(),
    raw: z.number().optional(),
    quality: qualitySchema.default('good'),
    why: whySchema.optional(),
  })
  .refine((reading) => reading.value !== null || reading.quality !== 'good', {
    path: ['quality'],
    error: 'a null value needs quality "bad" or "uncertain"',
  })
  .refine((reading) => reading.quality === 'good' || reading.why !== undefined, {
    path: ['why'],
    error: 'a reading that is not good needs a reason in "why"',
  });
export type Reading = z.infer<typeof readingSchema>;

export const eventKindSchema = z.enum([
  'dropped',
  'thinned',
  'skipped',
  'corrupt',
  'register-rollback',
  'meta',
  'clock',
  'restart',
]);

/** A device's own statement about its data. Further keys are kept as they came: derivation reads some of them. */
export const eventSchema = z.looseObject({
  kind: eventKindSchema,
  from: z.int().optional(),
  to: z.int().optional(),
  count: z.int().nonnegative().optional(),
  why: z.string().max(200).optional(),
});
export type FrameEvent = z.infer<typeof eventSchema>;

const streamPattern = /^[A-Za-z0-9_-]{1,64}$/;
export const streamSchema = z.string().regex(streamPattern, 'must match [A-Za-z0-9_-]{1,64}');
export const seqSchema = z.int().nonnegative();

/** 2020-01-01T00:00Z: nothing of ours was measured before; an earlier stamp is a clock that was never set. */
export const earliestAtMs = 1_577_836_800_000;

/** What must hold of a frame before its readings are looked at one by one. `at` is epoch milliseconds, UTC. */
export const frameHeadSchema = z.object({
  stream: streamSchema,
  seq: seqSchema,
  at: z.int().min(earliestAtMs, 'before 2020: the clock was never set'),
  clock: z.enum(['synced', 'estimated']),
  boot: z.string().min(1).max(64).optional(),
  upMs: z.int().nonnegative().optional(),
});
export type FrameHead = z.infer<typeof frameHeadSchema>;

/** A frame as a device builds it. The gateway decodes more leniently: reading by reading (gateway/ingest). */
export interface Frame extends FrameHead {
  readonly readings: Readonly<Record<string, z.input<typeof readingSchema>>>;
  readonly events?: readonly FrameEvent[] | undefined;
}

/** Checks one reading against its channel; answers the reading, or what is wrong and where. */
export function parseReading(
  id: string,
  value: unknown,
): { channel: Channel; reading: Reading } | { path: string; detail: string } {
  const channel = parseChannel(id);
  if (typeof channel === 'string') return { path: '', detail: channel };
  const parsed = readingSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { path: (issue?.path ?? []).join('.'), detail: issue?.message ?? 'invalid' };
  }
  const wrong = outsideCatalogue(channel.quantity, parsed.data.value);
  if (wrong !== undefined) return { path: 'value', detail: wrong };
  return { channel, reading: parsed.data };
}

function outsideCatalogue(quantity: QuantityName, value: number | null): string | undefined {
  if (value === null) return undefined;
  const { unit, integer, minimum, maximum } = catalogue[quantity];
  if (integer && !Number.isSafeInteger(value)) return `${value} is not a whole number of ${unit}`;
  if (value < minimum || value > maximum)
    return `${value} ${unit} is outside ${minimum} to ${maximum} ${unit}`;
  return undefined;
}
