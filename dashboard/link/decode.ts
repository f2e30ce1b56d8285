import type {
  Assumption,
  Generator,
  Hydrogen,
  LivePlant,
  Notice,
  Pack,
  PackHistoryPoint,
} from '#gateway/contract';
import {
  amount,
  type Check,
  exactlyFalse,
  figure,
  listOf,
  nullable,
  oneOf,
  optional,
  shape,
  text,
  whole,
} from './shape.ts';

/*
 * The contract's zod schemas stay in the gateway: the page takes types only, and zod would be larger than the page.
 * These checks are typed by the contract, so that a field added or changed there does not compile here.
 */

/** More than any site has; a message beyond it is not a plant. */
const mostAssets = 500;
const mostNotices = 200;
/** The contract allows at most 2,000 points (gateway/contract/routes.ts). */
export const mostHistoryPoints = 2000;

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
const measured = { measuredAt: nullable(whole), ageMs: nullable(whole), quality, why };

const assumedField = oneOf<Assumption['field']>({
  'transmitter.classPercent': true,
  'transmitter.spanMpa': true,
  'transmitter.coefficientPercentPer10K': true,
  shuntPercent: true,
  'thermometer.class': true,
  'thermometer.placement': true,
  volumePercent: true,
});

const hydrogen = shape<Hydrogen>({
  totalKg: amount,
  usableKg: amount,
  usableBeforeStopKg: amount,
  residualKg: amount,
  expandedUncertaintyKg: amount,
  usableExpandedUncertaintyKg: amount,
  normalCubicMetres: amount,
  equation: text,
});

const pack = shape<Pack>({
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
  openCylinders: whole,
  hydrogen: nullable(hydrogen),
  stopPressureMpa: figure,
  nameplate: shape<Pack['nameplate']>({
    totalKg: figure,
    usableKg: figure,
    physical: exactlyFalse,
  }),
  consumption: shape<Pack['consumption']>({
    kgPerHour: nullable(figure),
    expandedUncertaintyKgPerHour: nullable(figure),
    state: oneOf<Pack['consumption']['state']>({
      calculating: true,
      steady: true,
      'not-significant': true,
      'not-computed': true,
    }),
  }),
  timeToStopHours: nullable(
    shape<NonNullable<Pack['timeToStopHours']>>({ estimate: figure, low: figure, high: figure }),
  ),
  assumed: listOf(shape<Assumption>({ field: assumedField, value: text }), mostNotices),
  alarms: listOf(
    shape<Pack['alarms'][number]>({ id: text, kind: text, since: whole }),
    mostNotices,
  ),
});

const generator = shape<Generator>({
  ...measured,
  id: text,
  name: text,
  site: text,
  kind: oneOf<Generator['kind']>({ pv: true, 'fuel-cell': true }),
  powerW: nullable(figure),
  generatedWh: nullable(whole),
  today: nullable(
    shape<NonNullable<Generator['today']>>({ wh: whole, since: whole, until: whole }),
  ),
});

const plant = shape<LivePlant>({
  at: whole,
  packs: listOf(pack, mostAssets),
  generators: listOf(generator, mostAssets),
  problems: listOf(
    shape<Notice>({
      kind: oneOf<Notice['kind']>({
        'store-failing': true,
        'broker-away': true,
        'clock-not-set': true,
        'quarantine-filling': true,
        'quarantine-full': true,
        'device-lost': true,
        'device-silent': true,
        'device-offline': true,
        'device-twice': true,
        'device-disk': true,
      }),
      subject: text,
      detail: text,
    }),
    mostNotices,
  ),
});

const history = shape<{ items: PackHistoryPoint[] }>({
  items: listOf(
    shape<PackHistoryPoint>({
      at: whole,
      measuredAt: whole,
      pressureMpa: nullable(figure),
      temperatureC: nullable(figure),
      totalKg: nullable(figure),
      usableKg: nullable(figure),
      expandedUncertaintyKg: nullable(figure),
      quality,
      why,
    }),
    mostHistoryPoints,
  ),
});

/** The data of one `plant` event; undefined where it is not what the contract promises. Never throws. */
export function decodePlant(data: unknown): LivePlant | undefined {
  return decode(data, plant);
}

/** The body of a history answer; undefined where it is not what the contract promises. Never throws. */
export function decodeHistory(body: unknown): readonly PackHistoryPoint[] | undefined {
  return decode(body, history)?.items;
}

function decode<T>(json: unknown, check: Check<T>): T | undefined {
  if (typeof json !== 'string') return undefined;
  const value = parse(json);
  return check(value) ? value : undefined;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
