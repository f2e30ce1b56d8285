import type { Pack } from '#gateway/contract';
import type { NeedleCheck, PackSituation } from '../alarms/conditions/situation.ts';
import { type ConfiguredPack, geometryAt } from '../derive/pack.ts';
import { massKg, type PackGeometry } from '../hydrogen/budget.ts';
import type { LedgerState } from '../hydrogen/ledger/state.ts';
import { gaugeMpa } from '../hydrogen/pressure.ts';
import type { RecordDesk } from '../records/desk.ts';
import { statementsOf } from '../records/statements.ts';

const dayMs = 24 * 3_600_000;
/** A needle is compared with what the transmitter said within so long of it. */
const besideMs = 2 * 60_000;

/** All that is known of a pack now, for those who judge it. */
export function situationOf(
  pack: ConfiguredPack,
  shown: Pack,
  ledger: LedgerState,
  desk: RecordDesk,
  nowMs: number,
): PackSituation {
  const { site, config } = pack;
  const geometry = geometryAt(pack.geometry, statementsOf(desk, pack), nowMs);
  return {
    nowMs,
    pack,
    geometry,
    shown,
    ledger,
    draws: desk.of('draw', site, config.id).map(({ body }) => body),
    needle: needleCheck(pack, ledger, desk, nowMs),
    filledKg: filledKg(pack, geometry, shown, desk, nowMs),
  };
}

function needleCheck(
  { site, config }: ConfiguredPack,
  { points, hours }: LedgerState,
  desk: RecordDesk,
  nowMs: number,
): NeedleCheck | undefined {
  const reading = desk.of('gauge-reading', site, config.id).findLast(({ at }) => at <= nowMs);
  if (config.device === undefined || reading === undefined || nowMs - reading.at > dayMs)
    return undefined;
  const beside = [...hours, ...points]
    .filter(({ at }) => Math.abs(at - reading.at) <= besideMs)
    .toSorted((a, b) => Math.abs(a.at - reading.at) - Math.abs(b.at - reading.at))[0];
  return {
    at: reading.at,
    needleMpa: reading.body.pressureMpa,
    transmitterMpa: beside?.pressureMpa ?? null,
  };
}

/** Mass at filling: of the present delivery as it arrived, or of a lawfully full pack. */
function filledKg(
  { site, config }: ConfiguredPack,
  geometry: PackGeometry,
  shown: Pack,
  desk: RecordDesk,
  nowMs: number,
): number {
  const delivery = desk.of('delivery', site, config.id).findLast(({ at }) => at <= nowMs);
  if (delivery === undefined) return shown.fullReferenceKg;
  const { pressureMpa, temperatureC } = delivery.body.arrival;
  return massKg(geometry, gaugeMpa(pressureMpa), temperatureC);
}
