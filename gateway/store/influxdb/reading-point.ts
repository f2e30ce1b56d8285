import {
  catalogue,
  type Quality,
  qualitySchema,
  type QuantityName,
  type Why,
  whySchema,
} from '#device/contract';
import { notFinite } from '../finite.ts';
import type { SeriesKey, StoredReading } from '../port.ts';
import { notOurs, numberAt, numberOrNullAt, type Row, textAt, textOrNullAt } from './cells.ts';
import { mostMs, nanoseconds, quoted } from './line.ts';
import { name, tagsAre } from './ql.ts';
import { decodeTag, decodeText, encodeTag, encodeText } from './text.ts';

/** One point per reading, and nothing else in this measurement. */
export const readingMeasurement = 'reading';

const unitNames: Readonly<Record<string, string>> = {
  MPa: 'mpa',
  degC: 'degc',
  'NL/min': 'nl_per_min',
  W: 'w',
  Wh: 'wh',
  g: 'g',
  dm3: 'dm3',
  kJ: 'kj',
};

function fieldOf(quantity: string, unit: string): string {
  const named = unitNames[unit];
  if (named === undefined) throw new Error(`no field name for the unit ${unit}: add it here`);
  return `${quantity}_${named}`;
}

const valueFields: ReadonlyMap<string, string> = new Map(
  Object.entries(catalogue).map(([quantity, { unit }]) => [quantity, fieldOf(quantity, unit)]),
);

/** The field of a quantity's value, with its unit: registers are integers and gauges floats, each under its own name. */
export function valueField(quantity: QuantityName): string {
  return valueFields.get(quantity) ?? fieldOf(quantity, catalogue[quantity].unit);
}

/** Throws StoreError for a number that is not finite. */
export function checkReading(reading: StoredReading): void {
  for (const field of ['at', 'value', 'raw', 'seq', 'receivedAt'] as const) {
    const number = reading[field];
    if (number !== null && !Number.isFinite(number))
      throw notFinite(`${field} of ${seriesName(reading)} at ${reading.at}`, number);
  }
}

/** Why InfluxDB cannot hold a reading, or undefined. */
export function unstorable({ at, value, quantity }: StoredReading): string | undefined {
  if (!Number.isSafeInteger(at) || Math.abs(at) >= mostMs)
    return `time ${at} is not a whole millisecond between 1677 and 2262`;
  if (catalogue[quantity].integer && value !== null && !Number.isSafeInteger(value))
    return `${value} is no whole number, as ${quantity} must be`;
  return undefined;
}

/** One line each; what is the same for many of them is made once. */
export function readingLines(readings: readonly StoredReading[]): string[] {
  const starts = new Map<string, string>();
  const streams = new Map<string, string>();
  return readings.map((reading) => {
    const { at, value, raw, quality, why, clock, stream, seq, receivedAt, quantity } = reading;
    const series = seriesName(reading);
    const start = remembered(starts, series, () => startOf(reading));
    // A quantity that is a register is an integer for ever, and everything else a float.
    const kind = catalogue[quantity].integer ? 'i' : '';
    const from = remembered(streams, stream, () => quoted(encodeText(stream)));
    return (
      start +
      (value === null ? '' : `${valueField(quantity)}=${value}${kind},`) +
      (raw === null ? '' : `raw=${raw},`) +
      `quality="${quality}",` +
      (why === null ? '' : `why="${why}",`) +
      `clock="${clock}",stream=${from},seq=${seq}i,received_at_ms=${receivedAt}i ${nanoseconds(at)}`
    );
  });
}

/** Measurement and tags, up to the first field. */
function startOf(reading: SeriesKey): string {
  const tags = seriesTags(reading).map(([tag, value]) => `,${tag}=${value}`);
  return `${readingMeasurement}${tags.join('')} `;
}

function remembered(made: Map<string, string>, key: string, make: () => string): string {
  const known = made.get(key);
  if (known !== undefined) return known;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}

/** What is selected of a series for `readingOf`. */
export function readingColumns(quantity: QuantityName): string {
  const fields = [valueField(quantity), 'raw', 'quality', 'why', 'clock', 'stream', 'seq'];
  return [...fields, 'received_at_ms'].map(name).join(',');
}

/** Rows as `readingColumns` asks for them; one that is not whole is left out. */
export function readingsOf(series: SeriesKey, rows: readonly Row[]): StoredReading[] {
  const found: StoredReading[] = [];
  for (const row of rows) if (isWhole(row)) found.push(readingOf(series, row));
  return found;
}

/**
 * Every field that each point has is there. InfluxDB 1.x shows the fields of a point one by one while it is written: one
 * that is not whole is not stored yet, and nobody was told that it is.
 */
function isWhole(row: Row): boolean {
  return (
    row[3] !== null && row[5] !== null && row[6] !== null && row[7] !== null && row[8] !== null
  );
}

/** The words of the contract come back as they went in; anything else is somebody else's point. */
function readingOf({ site, device, asset, quantity }: SeriesKey, row: Row): StoredReading {
  return {
    site,
    device,
    asset,
    quantity,
    at: numberAt(row, 0),
    value: numberOrNullAt(row, 1),
    raw: numberOrNullAt(row, 2),
    quality: qualityOf(textAt(row, 3)),
    why: whyOf(textOrNullAt(row, 4)),
    clock: textAt(row, 5) === 'synced' ? 'synced' : 'estimated',
    stream: decodeText(textAt(row, 6)),
    seq: numberAt(row, 7),
    receivedAt: numberAt(row, 8),
  };
}

export function seriesName({ site, device, asset, quantity }: SeriesKey): string {
  return `${site}/${device}/${asset}/${quantity}`;
}

export function isSeries(series: SeriesKey): string {
  return tagsAre(seriesTags(series));
}

/** Undefined for a series that is not of this program. */
export function seriesOf(tags: Readonly<Record<string, string>>): SeriesKey | undefined {
  const [site, device, asset, quantity] = ['site', 'device', 'asset', 'quantity'].map((tag) =>
    decodeTag(tags[tag] ?? ''),
  );
  if (site === undefined || device === undefined || asset === undefined) return undefined;
  return quantity !== undefined && isQuantity(quantity)
    ? { site, device, asset, quantity }
    : undefined;
}

function seriesTags({ site, device, asset, quantity }: SeriesKey) {
  return [
    ['asset', encodeTag(asset)],
    ['device', encodeTag(device)],
    ['quantity', quantity],
    ['site', encodeTag(site)],
  ] as const;
}

function isQuantity(quantity: string): quantity is QuantityName {
  return Object.hasOwn(catalogue, quantity);
}

const qualities = new Map<string, Quality>(qualitySchema.options.map((word) => [word, word]));
const whys = new Map<string, Why>(whySchema.options.map((word) => [word, word]));

function qualityOf(word: string): Quality {
  return known(qualities.get(word), word);
}

function whyOf(word: string | null): Why | null {
  return word === null ? null : known(whys.get(word), word);
}

function known<Word>(found: Word | undefined, word: string): Word {
  if (found !== undefined) return found;
  throw notOurs(`"${word}"`);
}
