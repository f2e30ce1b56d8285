import type { StoredReading } from '../port.ts';
import { numberAt, numberOrNullAt, type Row, rowsOf, textAt, textOrNullAt } from './cells.ts';
import type { InfluxClient } from './client.ts';
import { grouped } from './grouped.ts';
import { KnownTime } from './known-time.ts';
import { name, where } from './ql.ts';
import { isSeries, readingMeasurement, seriesName, seriesOf, valueField } from './reading-point.ts';

/** What is to be done with the readings of a batch. */
export interface Decided {
  readonly fresh: readonly StoredReading[];
  /** Other content stands under their identity. */
  readonly conflicts: readonly StoredReading[];
}

/** A reading that stands or comes first in its batch, or what was read of one. */
interface Content {
  readonly value: number | null;
  readonly raw: number | null;
  readonly quality: string;
  readonly why: string | null;
}

/** Times that lie closer are asked for as one span. */
const spanGapMs = 60_000;
/** Times read beyond what is asked for: a backlog goes on where it began, and the next batches need no question. */
const rowsAhead = 1000;
/** Times that are kept of all series together. */
const timesKept = 100_000;
/** Identities of failed writes that are remembered; what falls out is only counted wrongly until the next start. */
const attemptsKept = 100_000;

type Contents = Map<number, Content>;

/** At which times something stands from one on. */
interface Question {
  readonly key: StoredReading;
  readonly known: KnownTime;
  /** Where the answer goes. */
  readonly taken: Set<number>;
  readonly from: number;
  /** The last of interest, included. */
  readonly to: number;
  /** Whether to read on beyond `to`. */
  readonly ahead: boolean;
}

/**
 * "First content wins" over a database that overwrites: before a reading is written, whatever stands at its time is
 * read, except where that is known (`KnownTime`).
 */
export class FirstContent {
  readonly #client: InfluxClient;
  readonly #series: Map<string, KnownTime>;
  /** Series of which times are kept, longest unused first. */
  readonly #keeping = new Set<KnownTime>();
  /** Of writes that failed: perhaps stored all the same, and never reported. */
  readonly #attempted = new Set<string>();

  private constructor(client: InfluxClient, series: Map<string, KnownTime>) {
    this.#client = client;
    this.#series = series;
  }

  static async open(client: InfluxClient): Promise<FirstContent> {
    const series = new Map<string, KnownTime>();
    for (const { lastAt, ...key } of await readSeries(client))
      series.set(seriesName(key), new KnownTime(lastAt));
    return new FirstContent(client, series);
  }

  async decide(readings: readonly StoredReading[]): Promise<Decided> {
    const fresh: StoredReading[] = [];
    const conflicts: StoredReading[] = [];
    const bySeries = grouped(readings, seriesName);
    const taken = await this.#taken(bySeries);
    const found = await this.#contents(bySeries, taken);
    // Our own attempt that failed is written again, and reported as new: nobody was told of it.
    const tried = this.#attempted.size === 0 ? [] : readings.map(identityOf);
    const again = new Set(tried.filter((identity) => this.#attempted.has(identity)));
    for (const reading of readings) {
      const series = seriesName(reading);
      const standing = found.get(series) ?? new Map<number, Content>();
      found.set(series, standing);
      const content = standing.get(reading.at);
      if (content === undefined) {
        standing.set(reading.at, reading);
        if (again.size > 0) again.delete(identityOf(reading));
        fresh.push(reading);
      } else if (!isSame(content, reading)) conflicts.push(reading);
      else if (again.size > 0 && again.delete(identityOf(reading))) fresh.push(reading);
    }
    return { fresh, conflicts };
  }

  /** Before the write. */
  attempt(readings: readonly StoredReading[]): void {
    for (const [series, own] of grouped(readings, seriesName)) {
      const known = this.#series.get(series) ?? new KnownTime(Number.NEGATIVE_INFINITY);
      this.#series.set(series, known);
      for (const { at } of own) known.take(at);
    }
  }

  /** After a write whose outcome nobody knows. */
  failed(readings: readonly StoredReading[]): void {
    for (const reading of readings) this.#attempted.add(identityOf(reading));
    for (const identity of this.#attempted) {
      if (this.#attempted.size <= attemptsKept) return;
      this.#attempted.delete(identity);
    }
  }

  succeeded(readings: readonly StoredReading[]): void {
    if (this.#attempted.size > 0)
      for (const reading of readings) this.#attempted.delete(identityOf(reading));
  }

  /** The times of the readings at which something stands, by series. */
  async #taken(
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

  /** Answers what is still to be asked. */
  #heard(question: Question, rows: readonly Row[]): Question[] {
    const { known, taken, from, to, ahead } = question;
    const own = new Set(rows.map((row) => numberAt(row, 0)));
    for (const at of own) taken.add(at);
    if (!ahead) return [];
    const last = rows.at(-1);
    const whole = last === undefined || rows.length < rowsAhead;
    const end = whole ? known.newest + 1 : numberAt(last, 0) + 1;
    this.#keep(known, from, end, own);
    return end > to ? [] : [{ ...question, from: end }];
  }

  /** What stands where readings of the batch would go, by series. */
  async #contents(
    bySeries: ReadonlyMap<string, readonly StoredReading[]>,
    taken: ReadonlyMap<string, ReadonlySet<number>>,
  ): Promise<Map<string, Contents>> {
    const found = new Map<string, Contents>();
    const statements: string[] = [];
    const answered: Contents[] = [];
    for (const [series, readings] of bySeries) {
      const standing = readings.filter(({ at }) => taken.get(series)?.has(at) === true);
      const [key] = standing;
      if (key === undefined) continue;
      const contents: Contents = new Map();
      found.set(series, contents);
      for (const span of spans(standing)) {
        statements.push(contentsOf(key, span));
        answered.push(contents);
      }
    }
    if (statements.length === 0) return found;
    for (const [index, series] of (await this.#client.query(statements)).entries())
      for (const row of rowsOf(series)) answered[index]?.set(numberAt(row, 0), contentOfRow(row));
    return found;
  }

  #keep(known: KnownTime, from: number, to: number, taken: Set<number>): void {
    known.found(from, to, taken);
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

function spans(readings: readonly StoredReading[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const at of readings.map((reading) => reading.at).toSorted((a, b) => a - b)) {
    const current = found.at(-1);
    if (current !== undefined && at - current.to <= spanGapMs) current.to = at;
    else found.push({ from: at, to: at });
  }
  return found;
}

function timesOf({ key, from, to, ahead }: Question): string {
  const since = `time >= ${from}ms`;
  const until = ahead ? undefined : `time <= ${to}ms`;
  const limit = ahead ? ` LIMIT ${rowsAhead}` : '';
  return `SELECT "seq" FROM ${name(readingMeasurement)}${where(isSeries(key), since, until)}${limit}`;
}

function contentsOf(key: StoredReading, { from, to }: { from: number; to: number }): string {
  const columns = [valueField(key.quantity), 'raw', 'quality', 'why'].map(name).join(',');
  const inside = where(isSeries(key), `time >= ${from}ms`, `time <= ${to}ms`);
  return `SELECT ${columns} FROM ${name(readingMeasurement)}${inside}`;
}

function isSame(a: Content, b: Content): boolean {
  return a.value === b.value && a.raw === b.raw && a.quality === b.quality && a.why === b.why;
}

function contentOfRow(row: Row): Content {
  const [value, raw] = [numberOrNullAt(row, 1), numberOrNullAt(row, 2)];
  return { value, raw, quality: textAt(row, 3), why: textOrNullAt(row, 4) };
}

function identityOf(reading: StoredReading): string {
  return `${seriesName(reading)} ${reading.at}`;
}
