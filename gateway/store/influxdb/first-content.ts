import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError, type StoredReading } from '../port.ts';
import { numberAt, numberOrNullAt, type Row, rowsOf, textOrNullAt } from './cells.ts';
import type { InfluxClient } from './client.ts';
import { FreeTime } from './free-time.ts';
import { grouped } from './grouped.ts';
import { name, where } from './ql.ts';
import { isSeries, readingMeasurement, seriesName, seriesOf, valueField } from './reading-point.ts';

/** What is to be done with the readings of a batch. */
export interface Decided {
  readonly fresh: readonly StoredReading[];
  /**
   * Equal ones that another gateway may have written. Seen is not yet durable (InfluxDB 1.x shows what its write-ahead
   * log does not have yet), so they are written once more: an acknowledgement rests on an answer to ourselves.
   */
  readonly repeated: readonly StoredReading[];
  /** Other content stands under their identity. */
  readonly conflicts: readonly StoredReading[];
}

/** A reading that stands or comes first in its batch, or what was read of one. */
interface Content {
  readonly value: number | null;
  readonly raw: number | null;
  /** Null in a row that is being written at this moment: fields become visible one by one. */
  readonly quality: string | null;
  readonly why: string | null;
}

type Standing = Map<string, Map<number, Content>>;

/** Looks at what another gateway may be writing, until two in a row agree. */
const looks = { most: 20, apartMs: 100 };
/** Times that lie closer are asked for as one span. */
const spanGapMs = 60_000;
/** Identities of failed writes that are remembered; what falls out is only counted wrongly until the next start. */
const attemptsKept = 100_000;

/**
 * "First content wins" over a database that overwrites: before a reading is written, whatever stands at its time is
 * read, except where nothing can stand (`FreeTime`). Where other gateways write the same series, something can stand
 * everywhere. (Two that get contradictory readings in the same instant both find nothing: the later write stays.)
 */
export class FirstContent {
  readonly #client: InfluxClient;
  readonly #series: Map<string, FreeTime>;
  readonly #shared: boolean;
  /** Of writes that failed: perhaps stored all the same, and never reported. */
  readonly #attempted = new Set<string>();

  private constructor(client: InfluxClient, series: Map<string, FreeTime>, shared: boolean) {
    this.#client = client;
    this.#series = series;
    this.#shared = shared;
  }

  /** @param shared other gateways write the same series. */
  static async open(client: InfluxClient, shared: boolean): Promise<FirstContent> {
    const series = new Map<string, FreeTime>();
    for (const { lastAt, ...key } of await readSeries(client))
      series.set(seriesName(key), new FreeTime(lastAt));
    return new FirstContent(client, series, shared);
  }

  async decide(readings: readonly StoredReading[]): Promise<Decided> {
    const fresh: StoredReading[] = [];
    const repeated: StoredReading[] = [];
    const conflicts: StoredReading[] = [];
    const stored = await this.#settled(readings);
    const ofBatch = new Set<Content>();
    // Our own attempt that failed is written again, and reported as new: nobody was told of it.
    const tried = this.#attempted.size === 0 ? [] : readings.map(identityOf);
    const again = new Set(tried.filter((identity) => this.#attempted.has(identity)));
    for (const reading of readings) {
      const series = seriesName(reading);
      const standing = stored.get(series) ?? new Map<number, Content>();
      stored.set(series, standing);
      const content = standing.get(reading.at);
      if (content === undefined) {
        standing.set(reading.at, reading);
        ofBatch.add(reading);
        if (again.size > 0) again.delete(identityOf(reading));
        fresh.push(reading);
      } else if (!isSame(content, reading)) conflicts.push(reading);
      else if (again.delete(identityOf(reading))) fresh.push(reading);
      else if (this.#shared && !ofBatch.has(content)) {
        standing.set(reading.at, reading);
        ofBatch.add(reading);
        repeated.push(reading);
      }
    }
    return { fresh, repeated, conflicts };
  }

  /** Before the write. */
  attempt(readings: readonly StoredReading[]): void {
    for (const reading of readings) {
      const series = seriesName(reading);
      const free = this.#series.get(series) ?? new FreeTime(Number.NEGATIVE_INFINITY);
      this.#series.set(series, free);
      free.take(reading.at);
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

  /** The same, but for what was caught half written. */
  async #settled(readings: readonly StoredReading[]): Promise<Standing> {
    const bySeries = grouped(readings, seriesName);
    let found = await this.#stored(bySeries);
    // Alone, only what an attempt of our own left may still be on its way.
    if (!this.#shared && this.#attempted.size === 0) return found;
    for (let look = 0; look < looks.most; look += 1) {
      const doubts = readings.flatMap((reading) => {
        const content = found.get(seriesName(reading))?.get(reading.at);
        return content === undefined || isSame(content, reading) ? [] : [{ reading, content }];
      });
      if (doubts.length === 0) return found;
      await sleep(looks.apartMs);
      const later = await this.#stored(bySeries);
      const settled = doubts.every(({ reading, content }) => {
        const now = later.get(seriesName(reading))?.get(reading.at);
        return now !== undefined && now.quality !== null && isSame(now, content);
      });
      found = later;
      if (settled) return found;
    }
    throw new StoreError('store: a reading stays half written; the call may be repeated', true);
  }

  /** Contents by series and time, of whatever may stand where the readings go. */
  async #stored(bySeries: ReadonlyMap<string, readonly StoredReading[]>): Promise<Standing> {
    const questions = [...bySeries].flatMap(([series, readings]) => {
      const nothing = this.#shared ? new FreeTime(Number.NEGATIVE_INFINITY) : undefined;
      const free = this.#series.get(series) ?? nothing;
      const asked =
        free === undefined ? [] : readings.filter(({ at }) => this.#shared || !free.isFree(at));
      const [key] = asked;
      return free === undefined || key === undefined
        ? []
        : spans(asked).map((span) => ({ key, series, free, span }));
    });
    const found = new Map<string, Map<number, Content>>();
    if (questions.length === 0) return found;
    const answers = await this.#client.query(questions.flatMap(statements));
    for (const [index, { series, free, span }] of questions.entries()) {
      const contents = found.get(series) ?? new Map<number, Content>();
      found.set(series, contents);
      for (const row of rowsOf(answers[2 * index] ?? []))
        contents.set(numberAt(row, 0), contentOfRow(row));
      const [next] = rowsOf(answers[2 * index + 1] ?? []);
      free.found(span.to, next === undefined ? free.newest : numberAt(next, 0));
    }
    return found;
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

/** What stands in the span, and when the next reading after it is. */
function statements({
  key,
  span,
}: {
  readonly key: StoredReading;
  readonly span: { from: number; to: number };
}): string[] {
  const from = name(readingMeasurement);
  const columns = [valueField(key.quantity), 'raw', 'quality', 'why'].map(name).join(',');
  return [
    `SELECT ${columns} FROM ${from}${where(isSeries(key), `time >= ${span.from}ms`, `time <= ${span.to}ms`)}`,
    `SELECT "seq" FROM ${from}${where(isSeries(key), `time > ${span.to}ms`)} LIMIT 1`,
  ];
}

function isSame(a: Content, b: Content): boolean {
  return a.value === b.value && a.raw === b.raw && a.quality === b.quality && a.why === b.why;
}

function contentOfRow(row: Row): Content {
  const [value, raw] = [numberOrNullAt(row, 1), numberOrNullAt(row, 2)];
  return { value, raw, quality: textOrNullAt(row, 3), why: textOrNullAt(row, 4) };
}

function identityOf(reading: StoredReading): string {
  return `${seriesName(reading)} ${reading.at}`;
}
