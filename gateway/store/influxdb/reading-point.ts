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
import { type Field, mostMs, nanoseconds, toLine } from './line.ts';
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

/** The field of a quantity's value, with its unit: registers are integers and gauges floats, each under its own name. */
export function valueField(quantity: QuantityName): string {
  const { unit } = catalogue[quantity];
  const named = unitNames[unit];
  if (named === undefined) throw new Error(`no field name for the unit ${unit}: add it here`);
  return `${quantity}_${named}`;
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

export function readingLine(reading: StoredReading): string {
  const { at, value, raw, quality, why, clock, stream, seq, receivedAt, quantity } = reading;
  const fields: (readonly [string, Field])[] = [];
  if (value !== null)
    fields.push([
      valueField(quantity),
      catalogue[quantity].integer ? { integer: value } : { float: value },
    ]);
  if (raw !== null) fields.push(['raw', { float: raw }]);
  fields.push(['quality', { text: quality }]);
  if (why !== null) fields.push(['why', { text: why }]);
  fields.push(
    ['clock', { text: clock }],
    ['stream', { text: encodeText(stream) }],
    ['seq', { integer: seq }],
    ['received_at_ms', { integer: receivedAt }],
  );
  const point = { measurement: readingMeasurement, tags: seriesTags(reading), fields };
  return toLine({ ...point, timeNs: nanoseconds(at) });
}

/** What is selected of a series for `readingOf`. */
export function readingColumns(quantity: QuantityName): string {
  const fields = [valueField(quantity), 'raw', 'quality', 'why', 'clock', 'stream', 'seq'];
  return [...fields, 'received_at_ms'].map(name).join(',');
}

/** The words of the contract come back as they went in; anything else is somebody else's point. */
export function readingOf(series: SeriesKey, row: Row): StoredReading {
  return {
    site: series.site,
    device: series.device,
    asset: series.asset,
    quantity: series.quantity,
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
