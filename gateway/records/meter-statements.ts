import type { ConfiguredMeter, MeterStatements } from '../derive/meter.ts';
import type { Correction } from '../energy/correction.ts';
import type { KnownRecord, RecordDesk } from './desk.ts';
import type { RecordKind } from './kinds.ts';

export type MeterRecordKind = Extract<
  RecordKind,
  'register-resolution' | 'reading-correction' | 'meter-reading'
>;

type Meter = Pick<ConfiguredMeter, 'site' | 'asset' | 'quantity'>;

/** Records of a kind about one register, by the time they speak of and then as they were recorded. */
export function meterRecords<Kind extends MeterRecordKind>(
  desk: RecordDesk,
  kind: Kind,
  { site, asset, quantity }: Meter,
): KnownRecord<Kind>[] {
  return desk.of(kind, site, asset).filter(({ body }) => body.quantity === quantity);
}

/** What people said of a register; the last word on an event counts. */
export function meterStatementsOf(desk: RecordDesk, meter: Meter): MeterStatements {
  const resolutions = new Map(
    meterRecords(desk, 'register-resolution', meter).map(({ at, body }) => [
      at,
      { ...body.resolution, about: body.about },
    ]),
  );
  const corrections = new Map<number, Correction[]>();
  for (const { at, by, body } of meterRecords(desk, 'reading-correction', meter)) {
    const { before, after, why } = body;
    const said = { at, before, after, by, why };
    corrections.set(at, [...(corrections.get(at) ?? []), said]);
  }
  return { resolutions, corrections };
}
