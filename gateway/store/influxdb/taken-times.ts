import type { SeriesKey, StoredReading } from '../port.ts';
import { numberAt, type Row, rowsOf } from './cells.ts';
import type { InfluxClient } from './client.ts';
import { KnownTime } from './known-time.ts';
import { name, where } from './ql.ts';
import { isSeries, readingMeasurement, seriesName, seriesOf } from './reading-point.ts';

/** Times that lie closer are asked for as one span. */
const spanGapMs = 60_000;
/** Times that are kept of all series together. */
const timesKept = 100_000;

/** Readings by the name of their series. */
export type BySeries = ReadonlyMap<string, readonly StoredReading[]>;

/** Epoch milliseconds, both included. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** At which times something stands from one on. */
interface Question extends TimeSpan {
  readonly key: StoredReading;
  readonly known: KnownTime;
  /** Where the answer goes. */
  readonly taken: Set<number>;
  /** Whether to read on beyond `to`. */
  readonly ahead: boolean;
}

/** At which times of a series something stands: asked for only where that is not known (`KnownTime`). */
export class TakenTimes {
  readonly #client: InfluxClient;
  readonly #series: Map<string, KnownTime>;
  /** Series of which times are kept, longest unused first. */
  readonly #keeping = new Set<KnownTime>();

  private constructor(client: InfluxClient, series: Map<string, KnownTime>) {
    this.#client = client;
    this.#series = series;
  }

  static async open(client: InfluxClient): Promise<TakenTimes> {
    const series = new Map<string, KnownTime>();
    for (const { lastAt, ...key } of await readSeries(client))
      series.set(seriesName(key), new KnownTime(lastAt));
    return new TakenTimes(client, series);
  }

  /** The times of the readings at which something stands, by series. */
  async among(
    bySeries: ReadonlyMap<string, readonly StoredReading[]>,
  ): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
    const found = new Map<string, Set<number>>();
    let questions: Question[] = [];
    for (const [series, readings] of bySeries) {
      const known = this.#series.get(series);
      if (known === undefined) continue;
      const taken = new Set<number>();
      for (const { at } of readings) if (known.isTaken(at)) taken.add(at);
      found.set(series, taken);
      const asked = readings.filter(({ at }) => !known.isKnown(at));
      const [key] = asked;
      if (key === undefined) continue;
      const own = spans(asked);
      const last = own.at(-1);
      for (const span of own) questions.push({ key, known, taken, ...span, ahead: span === last });
    }
    while (questions.length > 0) {
      const answers = await this.#client.query(questions.map(timesOf));
      questions = questions.flatMap((question, index) =>
        this.#heard(question, rowsOf(answers[index] ?? [])),
      );
    }
    return found;
  }

  /**
   * While the readings are being written: asks on for series of which little more is known than they used up, so that
   * the next batch of a backlog finds its answer here. Rejects as the client does; then nothing has changed.
   */
  async ahead(readings: BySeries): Promise<void> {
    const questions: { readonly known: KnownTime; readonly end: number; readonly until: number }[] =
      [];
    const statements: string[] = [];
    for (const [series, own] of readings) {
      const known = this.#series.get(series);
      const end = known?.end;
      const [key] = own;
      if (known === undefined || end === undefined || key === undefined) continue;
      const { usedMs, nextAt } = around(own, end);
      if (known.leftMs > 2 * usedMs) continue;
      // What is on its way may be seen or not.
      const until = Math.min(known.newest + 1, nextAt);
      if (until <= end) continue;
      questions.push({ known, end, until });
      statements.push(standing(key, `time >= ${end}ms`, `time < ${until}ms`, known.rowsAhead));
    }
    if (questions.length === 0) return;
    const answers = await this.#client.query(statements);
    for (const [index, { known, end, until }] of questions.entries()) {
      const rows = rowsOf(answers[index] ?? []);
      const last = rows.at(-1);
      if (known.end !== end) continue;
      const whole = last === undefined || rows.length < known.rowsAhead;
      known.extend(
        whole ? until : numberAt(last, 0) + 1,
        rows.map((row) => numberAt(row, 0)),
      );
      this.#keep(known);
    }
  }

  /** Readings are about to be written. */
  take(readings: BySeries): void {
    for (const [series, own] of readings) {
      const known = this.#series.get(series) ?? new KnownTime(Number.NEGATIVE_INFINITY);
      this.#series.set(series, known);
      for (const { at } of own) known.take(at);
    }
  }

  /** Answers what is still to be asked. */
  #heard(question: Question, rows: readonly Row[]): Question[] {
    const { known, taken, from, to, ahead } = question;
    const own = new Set(rows.map((row) => numberAt(row, 0)));
    for (const at of own) taken.add(at);
    if (!ahead) return [];
    const last = rows.at(-1);
    const whole = last === undefined || rows.length < known.rowsAhead;
    const end = whole ? known.newest + 1 : numberAt(last, 0) + 1;
    known.found(from, end, own);
    this.#keep(known);
    return end > to ? [] : [{ ...question, from: end }];
  }

  #keep(known: KnownTime): void {
    this.#keeping.delete(known);
    this.#keeping.add(known);
    let rows = 0;
    for (const { size } of this.#keeping) rows += size;
    for (const oldest of this.#keeping) {
      if (rows <= timesKept) return;
      rows -= oldest.size;
      oldest.forget();
      this.#keeping.delete(oldest);
    }
  }
}

/** Every series with the time of its newest reading. */
export async function readSeries(client: InfluxClient) {
  const [found = []] = await client.query([
    `SELECT last("seq") FROM ${name(readingMeasurement)} GROUP BY "site","device","asset","quantity"`,
  ]);
  return found.flatMap(({ tags = {}, values = [] }) => {
    const [key, row] = [seriesOf(tags), values[0]];
    return key === undefined || row === undefined ? [] : [{ ...key, lastAt: numberAt(row, 0) }];
  });
}

/** How long those before a time lie apart (`-Infinity` where there is none), and when the first one after it is. */
function around(readings: readonly StoredReading[], time: number) {
  let [first, last, nextAt] = [Infinity, -Infinity, Infinity];
  for (const { at } of readings)
    if (at >= time) nextAt = Math.min(nextAt, at);
    else [first, last] = [Math.min(first, at), Math.max(last, at)];
  return { usedMs: last - first, nextAt };
}

/** What the readings lie in. */
export function spans(readings: readonly StoredReading[]): TimeSpan[] {
  const found: { from: number; to: number }[] = [];
  for (const at of readings.map((reading) => reading.at).toSorted((a, b) => a - b)) {
    const current = found.at(-1);
    if (current !== undefined && at - current.to <= spanGapMs) current.to = at;
    else found.push({ from: at, to: at });
  }
  return found;
}

function timesOf({ key, known, from, to, ahead }: Question): string {
  return ahead
    ? standing(key, `time >= ${from}ms`, undefined, known.rowsAhead)
    : standing(key, `time >= ${from}ms`, `time <= ${to}ms`);
}

function standing(key: SeriesKey, since: string, until?: string, rows?: number): string {
  const limit = rows === undefined ? '' : ` LIMIT ${rows}`;
  return `SELECT "seq" FROM ${name(readingMeasurement)}${where(isSeries(key), since, until)}${limit}`;
}
