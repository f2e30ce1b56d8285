import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError, type StoredReading } from '../port.ts';
import { numberAt, numberOrNullAt, type Row, rowsOf, textOrNullAt } from './cells.ts';
import type { InfluxClient } from './client.ts';
import { grouped } from './grouped.ts';
import { name, where } from './ql.ts';
import { isSeries, readingMeasurement, seriesName, valueField } from './reading-point.ts';
import { type BySeries, spans, TakenTimes, type TimeSpan } from './taken-times.ts';

/** What is to be done with the readings of a batch. */
export interface Decided {
  readonly fresh: readonly StoredReading[];
  /** The same by series. */
  readonly freshOf: BySeries;
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

type Contents = Map<number, Content>;
type Standing = Map<string, Contents>;

/** Looks at what another gateway may be writing, until two in a row agree. */
const looks = { most: 20, apartMs: 100 };
/** Identities of failed writes that are remembered; what falls out is only counted wrongly until the next start. */
const attemptsKept = 100_000;

/**
 * "First content wins" over a database that overwrites: before a reading is written, whatever stands at its time is
 * read, except where it is known that nothing does (`TakenTimes`). Where other gateways write the same series, something
 * can stand everywhere. (Two that get contradictory readings in the same instant both find nothing: the later write stays.)
 */
export class FirstContent {
  readonly #client: InfluxClient;
  /** Undefined where other gateways write the same series: nothing is known then. */
  readonly #times: TakenTimes | undefined;
  /** Of writes that failed: perhaps stored all the same, and never reported. */
  readonly #attempted = new Set<string>();

  private constructor(client: InfluxClient, times: TakenTimes | undefined) {
    this.#client = client;
    this.#times = times;
  }

  /** @param shared other gateways write the same series. */
  static async open(client: InfluxClient, shared: boolean): Promise<FirstContent> {
    return new FirstContent(client, shared ? undefined : await TakenTimes.open(client));
  }

  async decide(readings: readonly StoredReading[]): Promise<Decided> {
    const fresh: StoredReading[] = [];
    const repeated: StoredReading[] = [];
    const other = new Set<StoredReading>();
    const freshOf = new Map<string, readonly StoredReading[]>();
    const bySeries = grouped(readings, seriesName);
    const stored = await this.#settled(readings, bySeries);
    const ofBatch = new Set<Content>();
    // Our own attempt that failed is written again, and reported as new: nobody was told of it.
    const tried = this.#attempted.size === 0 ? [] : readings.map(identityOf);
    const again = new Set(tried.filter((identity) => this.#attempted.has(identity)));
    const shared = this.#times === undefined;
    for (const [series, own] of bySeries) {
      const standing: Contents = stored.get(series) ?? new Map();
      const before = fresh.length;
      for (const reading of own) {
        const content = standing.get(reading.at);
        if (content === undefined) {
          standing.set(reading.at, reading);
          if (shared) ofBatch.add(reading);
          if (again.size > 0) again.delete(identityOf(reading));
          fresh.push(reading);
        } else if (!isSame(content, reading)) other.add(reading);
        else if (again.size > 0 && again.delete(identityOf(reading))) fresh.push(reading);
        else if (shared && !ofBatch.has(content)) {
          standing.set(reading.at, reading);
          ofBatch.add(reading);
          repeated.push(reading);
        }
      }
      if (fresh.length > before) freshOf.set(series, fresh.slice(before));
    }
    // In the order of the batch, as the embedded store says them.
    const conflicts = other.size === 0 ? [] : readings.filter((reading) => other.has(reading));
    return { fresh, freshOf, repeated, conflicts };
  }

  /** Before the write. */
  attempt(readings: BySeries): void {
    this.#times?.take(readings);
  }

  /** While the readings are being written: what the next batch will have to know. Never rejects. */
  async ahead(readings: BySeries): Promise<void> {
    // What could not be asked now is asked when it is needed.
    await this.#times?.ahead(readings).catch(() => undefined);
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

  /** What stands where the readings go, by series and time; what was caught half written is looked at again. */
  async #settled(readings: readonly StoredReading[], bySeries: BySeries): Promise<Standing> {
    const asked = await this.#asked(bySeries);
    let found = await this.#contents(asked);
    // Alone, only what an attempt of our own left may still be on its way.
    if (this.#times !== undefined && this.#attempted.size === 0) return found;
    for (let look = 0; look < looks.most; look += 1) {
      const doubts = readings.flatMap((reading) => {
        const content = found.get(seriesName(reading))?.get(reading.at);
        return content === undefined || isSame(content, reading) ? [] : [{ reading, content }];
      });
      if (doubts.length === 0) return found;
      await sleep(looks.apartMs);
      const later = await this.#contents(asked);
      const settled = doubts.every(({ reading, content }) => {
        const now = later.get(seriesName(reading))?.get(reading.at);
        return now !== undefined && now.quality !== null && isSame(now, content);
      });
      found = later;
      if (settled) return found;
    }
    throw new StoreError('store: a reading stays half written; the call may be repeated', true);
  }

  /**
   * Those at whose times something may stand. An attempt that failed may still be on its way: what is known of its times
   * is not relied upon.
   */
  async #asked(bySeries: BySeries): Promise<BySeries> {
    const taken = await this.#times?.among(bySeries);
    if (taken === undefined) return bySeries;
    const tried = (reading: StoredReading) =>
      this.#attempted.size > 0 && this.#attempted.has(identityOf(reading));
    return new Map(
      [...bySeries].map(([series, readings]) => [
        series,
        readings.filter((each) => taken.get(series)?.has(each.at) === true || tried(each)),
      ]),
    );
  }

  async #contents(bySeries: BySeries): Promise<Standing> {
    const found: Standing = new Map();
    const statements: string[] = [];
    const answered: Contents[] = [];
    for (const [series, readings] of bySeries) {
      const [key] = readings;
      if (key === undefined) continue;
      const contents: Contents = new Map();
      found.set(series, contents);
      for (const span of spans(readings)) {
        statements.push(contentsOf(key, span));
        answered.push(contents);
      }
    }
    if (statements.length === 0) return found;
    for (const [index, series] of (await this.#client.query(statements)).entries())
      for (const row of rowsOf(series)) answered[index]?.set(numberAt(row, 0), contentOfRow(row));
    return found;
  }
}

function contentsOf(key: StoredReading, { from, to }: TimeSpan): string {
  const columns = [valueField(key.quantity), 'raw', 'quality', 'why'].map(name).join(',');
  const inside = where(isSeries(key), `time >= ${from}ms`, `time <= ${to}ms`);
  return `SELECT ${columns} FROM ${name(readingMeasurement)}${inside}`;
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
