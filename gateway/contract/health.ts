import { z } from 'zod';
import { noticeSchema } from './notice.ts';
import { assumptionSchema } from './pack.ts';

/** Where the gateway stands: enough for a person to see that it works and what it dropped. */
export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  at: z.int(),
  software: z.string(),
  startedAt: z.int(),
  /** Everything that is not as it should be; empty when `status` is ok. */
  problems: z.array(noticeSchema),
  access: z.enum(['open-loopback', 'credentials', 'open-by-choice']),
  clock: z.enum(['trusted', 'not-trusted']),
  store: z.object({
    kind: z.string(),
    /** `waiting`: not open yet since the start; nothing is taken until it is. */
    state: z.enum(['ok', 'failing', 'waiting']),
    /** Since when it fails or is waited for. */
    since: z.int().optional(),
    detail: z.string().optional(),
    readings: z.int(),
  }),
  broker: z.object({
    kind: z.enum(['embedded', 'external']),
    connected: z.boolean(),
    /** Present where gateways share the storing; one that is not the primary stores and does nothing else. */
    shared: z.object({ group: z.string(), primary: z.boolean() }).optional(),
  }),
  ingest: z.object({
    framesStored: z.int(),
    readingsStored: z.int(),
    framesWaiting: z.int(),
    framesTurnedAway: z.int(),
    messagesRefused: z.int(),
  }),
  quarantine: z.object({
    entries: z.int(),
    bytes: z.int(),
    byReason: z.record(z.string(), z.int()),
    fullFor: z.array(z.string()),
  }),
  derivation: z.object({
    /** Packs whose history is being computed anew: from where, how far, up to where (epoch ms). */
    recomputing: z.array(
      z.object({
        site: z.string(),
        pack: z.string(),
        from: z.int(),
        reached: z.int(),
        to: z.int(),
      }),
    ),
  }),
  devices: z.array(
    z.object({
      site: z.string(),
      device: z.string(),
      configured: z.boolean(),
      /** `lost`: its connection ended without a goodbye; `silent`: nothing comes, and nothing says why. */
      state: z.enum(['online', 'offline', 'lost', 'silent', 'unknown']),
      /** When the gateway saw that, and what said so. */
      since: z.int(),
      reason: z.string(),
      boot: z.string().optional(),
      software: z.string().optional(),
      lastMeasuredAt: z.int().nullable(),
      spool: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  /** Assets that send readings but stand in no configuration: stored, and listed here. */
  unknownAssets: z.array(
    z.object({
      site: z.string(),
      device: z.string(),
      asset: z.string(),
      /** What was heard of it: a pack sends `pressure` and `temperature`, a meter a register. */
      quantities: z.array(z.string()),
    }),
  ),
  /** What is assumed of a pack as long as its configuration does not say it. */
  assumptions: z.array(assumptionSchema),
});
export type Health = z.infer<typeof healthSchema>;
