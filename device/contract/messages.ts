import { z } from 'zod';
import { seqSchema, streamSchema } from './frame.ts';

const bootSchema = z.string().min(1).max(64);

/** Retained birth and will of a device. A will whose `boot` is not the current one says nothing about it. */
export const deviceStateSchema = z.looseObject({
  state: z.enum(['online', 'offline', 'lost']),
  boot: bootSchema,
  at: z.int(),
  software: z.string().max(100),
  clock: z.string().max(100).optional(),
  spool: z
    .looseObject({
      frames: z.int().nonnegative(),
      bytes: z.int().nonnegative(),
      dropped: z.int().nonnegative(),
      fault: z.string().max(500).optional(),
    })
    .optional(),
});
export type DeviceState = z.infer<typeof deviceStateSchema>;

/** What a channel is: unit, wrap value and whatever identifies the instrument (serial, range, placement, ...). */
export const channelMetaSchema = z.looseObject({
  unit: z.string().max(20),
  wrapAt: z.int().positive().optional(),
  serial: z.string().max(100).optional(),
});
export const metaSchema = z.looseObject({ channels: z.record(z.string(), channelMetaSchema) });
export type Meta = z.infer<typeof metaSchema>;

/** Frames a gateway holds durably: a device may free exactly these. Ranges are inclusive. */
export const ackSchema = z.object({
  stream: streamSchema,
  stored: z
    .array(
      z.tuple([seqSchema, seqSchema]).refine(([first, last]) => first <= last, {
        error: 'a range is [firstSeq, lastSeq] with firstSeq <= lastSeq',
      }),
    )
    .max(10_000),
});
export type Ack = z.infer<typeof ackSchema>;

/** Retained birth and will of a gateway; its birth tells devices to resend at once. */
export const gatewayStateSchema = z.looseObject({
  state: z.enum(['online', 'offline', 'lost']),
  boot: bootSchema,
  at: z.int(),
  /** It shows the site and derives; of gateways that share the storing one does. */
  holds: z.boolean().optional(),
});
export type GatewayState = z.infer<typeof gatewayStateSchema>;
