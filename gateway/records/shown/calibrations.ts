import type { PackCalibration } from '#gateway/contract';
import type { ConfiguredPack } from '../../derive/pack.ts';
import type { KnownRecord, RecordDesk } from '../desk.ts';
import { recomputingFrom } from './accounts.ts';
import { recordedBy, type RecordSources } from './sources.ts';

export async function showCalibration(
  sources: RecordSources,
  pack: ConfiguredPack,
  record: KnownRecord<'calibration'>,
): Promise<PackCalibration> {
  const { validUntil, points, expandedUncertaintyMpa, certificate } = record.body;
  return {
    ...recordedBy(record),
    from: record.at,
    validUntil,
    points,
    expandedUncertaintyMpa: expandedUncertaintyMpa ?? null,
    certificate: certificate ?? null,
    state: stateOf(sources.desk, record, sources.nowMs()),
    recomputing: await recomputingFrom(sources, pack, record.at),
  };
}

/** In force is the last that began; once its time is over its correction still applies, its uncertainty does not. */
export function stateOf(
  desk: RecordDesk,
  record: KnownRecord<'calibration'>,
  nowMs: number,
): PackCalibration['state'] {
  if (desk.withdrawal(record) !== undefined) return 'withdrawn';
  if (record.at > nowMs) return 'planned';
  const begun = desk.of('calibration', record.site, record.subject);
  const last = begun.findLast(({ at }) => at <= nowMs);
  if (last?.id !== record.id) return 'replaced';
  return nowMs >= record.body.validUntil ? 'expired' : 'in-force';
}
