import type { Assumption, Hydrogen, Pack, PackHistoryPoint } from '#gateway/contract';
import {
  amount,
  exactlyFalse,
  figure,
  flag,
  listOf,
  nullable,
  oneOf,
  optional,
  shape,
  text,
  whole,
} from './shape.ts';

/** More than a pack can have assumed values or alarms. */
const mostOfAPack = 200;

const quality = oneOf<Pack['quality']>({ good: true, uncertain: true, bad: true });
const why = optional(
  oneOf<NonNullable<Pack['why']>>({
    'loop-open': true,
    'loop-short': true,
    'out-of-range': true,
    stuck: true,
    stale: true,
    'bus-error': true,
    'no-data': true,
    isolated: true,
  }),
);
export const measured = { measuredAt: nullable(whole), ageMs: nullable(whole), quality, why };

export const assumption = shape<Assumption>({
  field: oneOf<Assumption['field']>({
    'transmitter.classPercent': true,
    'transmitter.spanMpa': true,
    'transmitter.coefficientPercentPer10K': true,
    shuntPercent: true,
    'thermometer.class': true,
    'thermometer.placement': true,
    volumePercent: true,
    'gauge.classPercent': true,
    'gauge.spanMpa': true,
    'gauge.readingMpa': true,
  }),
  value: text,
});

export const hydrogen = shape<Hydrogen>({
  totalKg: amount,
  usableKg: amount,
  usableBeforeStopKg: amount,
  residualKg: amount,
  expandedUncertaintyKg: amount,
  usableExpandedUncertaintyKg: amount,
  usableBeforeStopExpandedUncertaintyKg: amount,
  residualExpandedUncertaintyKg: amount,
  normalCubicMetres: amount,
  equation: text,
});

type Segment = NonNullable<Pack['segment']>;
type Delivery = NonNullable<Pack['delivery']>;

/** A fall of mass may be negative: a quiet pack warms up. */
export const drawnAmount = shape<Segment['drawn']>({ kg: figure, expandedUncertaintyKg: amount });

const consumption = shape<Pack['consumption']>({
  kgPerHour: nullable(figure),
  expandedUncertaintyKgPerHour: nullable(figure),
  state: oneOf<Pack['consumption']['state']>({
    steady: true,
    metered: true,
    calculating: true,
    'not-significant': true,
    unknown: true,
  }),
  windowMinutes: nullable(figure),
});

const segment = shape<Segment>({
  at: whole,
  kind: oneOf<Segment['kind']>({
    first: true,
    return: true,
    rise: true,
    cylinders: true,
    calibration: true,
  }),
  beforeKg: nullable(figure),
  startKg: figure,
  resolved: flag,
  drawn: drawnAmount,
});

export const pack = shape<Pack>({
  ...measured,
  id: text,
  name: text,
  site: text,
  source: oneOf<Pack['source']>({ transmitter: true, manual: true }),
  pressureMpa: nullable(figure),
  temperatureC: nullable(figure),
  temperature: shape<Pack['temperature']>(measured),
  fillingPressureMpa: figure,
  residualPressureMpa: figure,
  cylinders: whole,
  openCylinders: whole,
  hydrogen: nullable(hydrogen),
  fullReferenceKg: amount,
  stopPressureMpa: figure,
  nameplate: shape<Pack['nameplate']>({
    totalKg: figure,
    usableKg: figure,
    physical: exactlyFalse,
  }),
  consumption,
  timeToStopHours: nullable(
    shape<NonNullable<Pack['timeToStopHours']>>({
      estimate: amount,
      low: amount,
      high: amount,
      kgPerHour: figure,
      basisHours: figure,
    }),
  ),
  isolatedSince: nullable(whole),
  segment: nullable(segment),
  delivery: nullable(
    shape<Delivery>({
      id: text,
      serial: text,
      origin: text,
      arrivedAt: whole,
      drawn: nullable(drawnAmount),
    }),
  ),
  calibration: nullable(
    shape<NonNullable<Pack['calibration']>>({ id: text, validUntil: whole, expired: flag }),
  ),
  legal: shape<Pack['legal']>({
    packM3: amount,
    siteM3: amount,
    thresholdM3: amount,
    siteAtThreshold: flag,
  }),
  assumed: listOf(assumption, mostOfAPack),
  alarms: listOf(
    shape<Pack['alarms'][number]>({ id: text, kind: text, since: whole, acknowledged: flag }),
    mostOfAPack,
  ),
});

type Stretch = NonNullable<PackHistoryPoint['stretch']>;
const extremes = nullable(shape<NonNullable<Stretch['totalKg']>>({ least: figure, most: figure }));

export const packHistoryPoint = shape<PackHistoryPoint>({
  at: whole,
  measuredAt: whole,
  pressureMpa: nullable(figure),
  temperatureC: nullable(figure),
  totalKg: nullable(figure),
  usableKg: nullable(figure),
  expandedUncertaintyKg: nullable(figure),
  usableExpandedUncertaintyKg: nullable(figure),
  quality,
  why,
  stretch: optional(
    shape<Stretch>({
      pressureMpa: extremes,
      totalKg: extremes,
      usableKg: extremes,
      knownMinutes: whole,
      minutes: whole,
    }),
  ),
});
