import type {
  Delivery,
  EnergyInterval,
  PackCalibration,
  PackSegment,
  ShownCorrection,
} from '#gateway/contract';
import { alarmList } from '../link/alarm-shape.ts';
import { decode } from '../link/decode.ts';
import { registerEventList } from '../link/meter-shape.ts';
import {
  type Check,
  figure,
  listOf,
  nullable,
  oneOf,
  optional,
  shape,
  text,
  whole,
} from '../link/shape.ts';

/** A list, and whether the gateway holds more than it gave. */
interface Listed<T> {
  readonly items: readonly T[];
  readonly next?: string | undefined;
}

/** A page of the gateway holds at most 200 (gateway/contract/route.ts). */
function page<T>(item: Check<T>): Check<{ items: T[]; next?: string | undefined }> {
  return shape<{ items: T[]; next?: string | undefined }>({
    items: listOf(item, 200),
    next: optional(text),
  });
}

type ReturnedState = NonNullable<Delivery['returned']>;
export interface DeliveryTold extends Pick<Delivery, 'id' | 'openedAt' | 'serial' | 'origin'> {
  readonly returned: Pick<ReturnedState, 'at'> | null;
}
const deliveries = page(
  shape<DeliveryTold>({
    id: text,
    openedAt: whole,
    serial: text,
    origin: oneOf<Delivery['origin']>({ tokyo: true, yamanashi: true }),
    returned: nullable(shape<Pick<ReturnedState, 'at'>>({ at: whole })),
  }),
);

type IsolationTold = Pick<PackSegment['isolations'][number], 'from' | 'to'>;
export interface SegmentTold extends Pick<PackSegment, 'at'> {
  readonly kind: string;
  readonly isolations: readonly IsolationTold[];
}
const segments = page(
  shape<SegmentTold>({
    at: whole,
    kind: text,
    isolations: listOf(shape<IsolationTold>({ from: whole, to: nullable(whole) }), 10_000),
  }),
);

export type CalibrationTold = Pick<PackCalibration, 'id' | 'from' | 'by'>;
const calibrations = page(shape<CalibrationTold>({ id: text, from: whole, by: text }));

export type CorrectionTold = Pick<ShownCorrection, 'id' | 'at' | 'by' | 'why'>;
const corrections = page(shape<CorrectionTold>({ id: text, at: whole, by: text, why: text }));

const read =
  <T>(check: Check<T>) =>
  (body: string | undefined): T | undefined =>
    decode(body, check);

export const readDeliveries: (body: string | undefined) => Listed<DeliveryTold> | undefined =
  read(deliveries);
export const readSegments: (body: string | undefined) => Listed<SegmentTold> | undefined =
  read(segments);
export const readCalibrations: (body: string | undefined) => Listed<CalibrationTold> | undefined =
  read(calibrations);
export const readCorrections: (body: string | undefined) => Listed<CorrectionTold> | undefined =
  read(corrections);
export const readAlarms = read(alarmList);
export const readRegisterEvents = read(registerEventList);

type Unallocated = EnergyInterval['unallocated'][number];
const intervals = shape<{ items: EnergyInterval[] }>({
  items: listOf(
    shape<EnergyInterval>({
      start: whole,
      end: whole,
      wh: whole,
      unallocated: listOf(shape<Unallocated>({ from: whole, to: whole, wh: whole }), 10_000),
      coveredSeconds: figure,
      quality: oneOf<EnergyInterval['quality']>({ good: true, uncertain: true, bad: true }),
      revision: whole,
      openEvents: listOf(text, 10_000),
    }),
    2_000,
  ),
});
export const readIntervals = read(intervals);
