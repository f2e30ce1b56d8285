import type { MemberInterval } from '#gateway/contract';
import { changedHalfHours } from '../../derive/changes.ts';
import { halfHourOf, intervalMeasurement, type StoredHalfHour } from '../../derive/meter-rows.ts';
import { secondsIn } from '../../energy/interval.ts';
import type { Span, Store } from '../../store/port.ts';
import { csvLine, japanTime } from '../csv.ts';
import type { Cursor } from './cursor.ts';
import { type Measured, overlapOf, unitOf } from './selection.ts';

export interface Wanted {
  readonly span: Span;
  /** Only what changed after it, and meters that people decided about since in full. */
  readonly since: Cursor | undefined;
  /** Go on with this meter and half hour. */
  readonly resume?: { readonly meter: string; readonly start: number } | undefined;
}

/** A meter by its names, and when it was whose. */
interface NamedMeter extends Omit<Measured, 'member' | 'meter'> {
  readonly member: Pick<Measured['member'], 'id'>;
  readonly meter: Pick<Measured['meter'], 'id' | 'item' | 'register'>;
}

/** The stored half hours of meters inside their members' windows: one meter after the other, each oldest first. */
export async function* memberIntervals(
  store: Pick<Store, 'derived'>,
  meters: readonly NamedMeter[],
  { span, since, resume }: Wanted,
): AsyncGenerator<MemberInterval, void, undefined> {
  for (const each of meters) {
    if (resume !== undefined && each.meter.id < resume.meter) continue;
    const { from, to } = overlapOf(each.window, span);
    const begin = resume?.meter === each.meter.id ? Math.max(from, resume.start) : from;
    if (begin >= to) continue;
    const wanted = { from: begin, to };
    const known = since !== undefined && each.decidedAt < since.wallMs;
    const halfHours = known
      ? changedHalfHours(store, each.meter.register, since.number, wanted)
      : storedHalfHours(store, each.meter.register, wanted);
    for await (const halfHour of halfHours) yield shown(each, halfHour);
  }
}

/** The stored half hours of a register, oldest first. */
export async function* storedHalfHours(
  store: Pick<Store, 'derived'>,
  register: string,
  span: Span,
): AsyncGenerator<StoredHalfHour, void, undefined> {
  for await (const row of store.derived({ measurement: intervalMeasurement, key: register }, span))
    yield halfHourOf(row);
}

function shown(
  { member, meter }: NamedMeter,
  { interval, revision }: StoredHalfHour,
): MemberInterval {
  const { start, end, wh, unallocated, coveredSeconds, quality, openEvents } = interval;
  const { id, item, register } = meter;
  return {
    member: member.id,
    meter: id,
    item,
    register,
    start,
    end,
    wh,
    unit: unitOf(meter),
    unallocated: unallocated.map((amount) => ({ ...amount })),
    coveredSeconds,
    missingSeconds: secondsIn(start, end) - coveredSeconds,
    quality,
    revision,
    openEvents: [...openEvents],
  };
}

const columns = [
  'member',
  'meter',
  'item',
  'register',
  'start',
  'end',
  'wh',
  'unallocated',
  'coveredSeconds',
  'missingSeconds',
  'quality',
  'revision',
  'openEvents',
  'unit',
];

/** `unallocated` as `from/to=wh`, separated by spaces. */
export const intervalCsv = {
  header: csvLine(columns),
  line: (row: MemberInterval): string => {
    const labels = row.unallocated.map(
      (each) => `${japanTime(each.from)}/${japanTime(each.to)}=${each.wh}`,
    );
    const { member, meter, item, register, start, end, wh, coveredSeconds, missingSeconds } = row;
    const about = [member, meter, item, register, japanTime(start), japanTime(end)];
    const counted = [wh, labels.join(' '), coveredSeconds, missingSeconds];
    return csvLine([
      ...about,
      ...counted,
      row.quality,
      row.revision,
      row.openEvents.join(' '),
      row.unit,
    ]);
  },
};
