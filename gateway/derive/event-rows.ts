import { z } from 'zod';
import type { LedgerEvent } from '../hydrogen/ledger/state.ts';
import type { DerivedRow } from '../store/port.ts';

const pointSchema = z.object({
  at: z.number(),
  pressureMpa: z.number(),
  temperatureC: z.number(),
  kg: z.number(),
});
const segmentSchema = z.object({
  at: z.number(),
  kind: z.enum(['first', 'return', 'rise', 'cylinders', 'calibration']),
  start: pointSchema,
  last: pointSchema,
  before: pointSchema.nullable(),
  openCylinders: z.number(),
  calibratedAt: z.number().nullable().default(null),
  meteredG: z.number().nullable(),
});
const eventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('isolated'), at: z.number(), before: pointSchema }),
  z.object({
    kind: z.literal('returned'),
    at: z.number(),
    before: pointSchema,
    point: pointSchema,
    vented: z.boolean(),
  }),
  z.object({ kind: z.literal('segment'), at: z.number(), segment: segmentSchema }),
]);

/** An event as a derived row. A ledger has at most one at a time: a second would have taken its place. */
export function eventRow(event: LedgerEvent): DerivedRow {
  return { at: event.at, fields: { kind: event.kind, event: JSON.stringify(event) } };
}

const rowSchema = z.object({ event: z.string() });

/** Throws for a row that this program did not write. */
export function eventOf({ fields }: DerivedRow): LedgerEvent {
  return eventSchema.parse(JSON.parse(rowSchema.parse(fields).event));
}
