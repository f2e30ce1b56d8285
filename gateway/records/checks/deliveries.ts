import type { KnownRecord } from '../desk.ts';
import type { Mistake } from '../refusal.ts';

/** The deliveries of a pack, oldest first, each with when it came off the line (null while it is there). */
export interface DeliveryTimes {
  readonly id: string;
  readonly openedAt: number;
  readonly offLineAt: number | null;
  readonly segmentAt: number | undefined;
}

export function deliveryTimes(
  deliveries: readonly KnownRecord<'delivery'>[],
  returns: readonly KnownRecord<'delivery-return'>[],
): DeliveryTimes[] {
  return deliveries.map(({ id, at, body: { segmentAt } }) => {
    const back = returns.findLast(({ body }) => body.delivery === id);
    return { id, openedAt: at, offLineAt: back?.body.state.at ?? null, segmentAt };
  });
}

/** One pack at a time stands on the line: a delivery opens after the last one did, and after that came off. */
export function deliveryConflicts(
  standing: readonly DeliveryTimes[],
  openedAt: number,
  segmentAt: number | undefined,
): Mistake[] {
  const field = 'openedAt';
  const latest = standing.at(-1);
  const namesIt = standing.find(
    (other) => segmentAt !== undefined && other.segmentAt === segmentAt,
  );
  const conflicts: Mistake[] = [];
  if (latest !== undefined && openedAt <= latest.openedAt) {
    const detail = `does not come after the delivery ${latest.id}, opened at ${latest.openedAt}: take that back first if it is wrong`;
    conflicts.push({ field, value: openedAt, detail });
  } else if (latest?.offLineAt !== undefined && latest.offLineAt !== null) {
    const detail = `overlaps the delivery ${latest.id}, which came off the line at ${latest.offLineAt}`;
    if (openedAt < latest.offLineAt) conflicts.push({ field, value: openedAt, detail });
  }
  if (namesIt !== undefined)
    conflicts.push({
      field: 'segmentAt',
      value: segmentAt,
      detail: `the delivery ${namesIt.id} explains this segment already`,
    });
  return conflicts;
}

/** A pack comes off the line once, after it was opened and before the next one is. */
export function returnConflicts(
  standing: readonly DeliveryTimes[],
  id: string,
  atMs: number,
): Mistake[] {
  const index = standing.findIndex((delivery) => delivery.id === id);
  const mine = standing[index];
  const next = standing[index + 1];
  if (mine === undefined) return [];
  const field = 'state.at';
  if (mine.offLineAt !== null)
    return [{ field: 'delivery', value: id, detail: `came off the line at ${mine.offLineAt}` }];
  if (atMs <= mine.openedAt)
    return [{ field, value: atMs, detail: `does not come after it was opened (${mine.openedAt})` }];
  if (next === undefined || atMs <= next.openedAt) return [];
  const detail = `overlaps the delivery ${next.id}, opened at ${next.openedAt}`;
  return [{ field, value: atMs, detail }];
}
