import type { Delivery } from '#gateway/contract';
import { type ConfiguredPack, convert } from '../../derive/pack.ts';
import type { Inventory } from '../../hydrogen/inventory.ts';
import type { Span } from '../../store/port.ts';
import { type DeliveryTimes, deliveryTimes } from '../checks/deliveries.ts';
import type { ReadState } from '../checks/gauge-state.ts';
import type { KnownRecord, RecordDesk } from '../desk.ts';
import { knownAmount, minutesOf } from './accounts.ts';
import { recordedBy, type RecordSources } from './sources.ts';

/** A delivery with the time its gas was on the line. */
export interface DeliverySpan {
  readonly record: KnownRecord<'delivery'>;
  readonly returned: KnownRecord<'delivery-return'> | undefined;
  /** Until it came off the line, or the next was opened; null while it is there. */
  readonly endedAt: number | null;
}

export function deliverySpans(desk: RecordDesk, pack: ConfiguredPack): DeliverySpan[] {
  const { site, config } = pack;
  const records = desk.of('delivery', site, config.id);
  const returns = desk.of('delivery-return', site, config.id);
  return records.map((record, index) => {
    const returned = returns.findLast(({ body }) => body.delivery === record.id);
    const ends = [returned?.body.state.at, records[index + 1]?.at].filter(isTime);
    const endedAt = ends.length === 0 ? null : Math.min(...ends);
    return { record, returned, endedAt };
  });
}

export function standingDeliveries(
  desk: RecordDesk,
  { site, config }: ConfiguredPack,
): DeliveryTimes[] {
  const returns = desk.of('delivery-return', site, config.id);
  return deliveryTimes(desk.of('delivery', site, config.id), returns);
}

function isTime(at: number | undefined): at is number {
  return at !== undefined;
}

/** The span whose account is a delivery's, up to now. */
export function accountSpan({ record, endedAt }: DeliverySpan, nowMs: number): Span {
  const to = Math.min(endedAt ?? nowMs, nowMs);
  return { from: record.at, to: Math.max(to, record.at) };
}

/** What a state read by eye means in a pack with so many open cylinders. */
export function stateInventory(
  pack: ConfiguredPack,
  openCylinders: number,
  { pressureMpa, temperatureC }: ReadState,
): Inventory | undefined {
  return convert({ ...pack.manual.geometry, openCylinders }, pressureMpa, temperatureC);
}

export async function showDelivery(
  sources: RecordSources,
  pack: ConfiguredPack,
  span: DeliverySpan,
): Promise<Delivery> {
  const { record, returned, endedAt } = span;
  const { arrival, ...body } = record.body;
  const books = sources.books(pack);
  const account = await books.account(minutesOf(accountSpan(span, sources.nowMs())));
  const kgOf = (state: ReadState) =>
    stateInventory(pack, body.openCylinders, state)?.totalKg ?? null;
  return {
    ...recordedBy(record),
    segmentAt: body.segmentAt ?? null,
    openedAt: record.at,
    endedAt,
    serial: body.serial,
    origin: body.origin,
    openCylinders: body.openCylinders,
    outlet: body.outlet ?? null,
    purityCertificate: body.purityCertificate ?? null,
    safetyDataSheet: body.safetyDataSheet ?? null,
    tightnessTest: body.tightnessTest ?? null,
    arrival: { ...arrival, kg: kgOf(arrival) },
    returned:
      returned === undefined
        ? null
        : {
            ...returned.body.state,
            id: returned.id,
            kg: kgOf(returned.body.state),
            by: returned.by,
          },
    drawn: knownAmount(account),
    lostKg: account.lostKg,
    unexplained: account.unexplained.length,
  };
}
