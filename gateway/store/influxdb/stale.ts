import type { StaleMark } from '../port.ts';
import { numberAt, rowsOf, textAt } from './cells.ts';
import type { InfluxClient } from './client.ts';
import { nanoseconds, toLine } from './line.ts';
import { name, tagsAre, where } from './ql.ts';
import { decodeText, encodeText } from './text.ts';

const markMeasurement = 'kadoru_stale';
const doneMeasurement = 'kadoru_stale_done';

/** Where a writer noted a key, and its own number of the note. */
interface Slot {
  readonly slot: number;
  readonly mark: number;
}

/** A key that waits. `since` and `mark` are numbers of this book, whoever noted it. */
interface Waiting {
  readonly since: number;
  readonly mark: number;
  readonly slots: ReadonlyMap<string, Slot>;
}

/** Slots in use before a gateway whose marks another one does asks which of them are free again. */
const fewestSlots = 64;

/**
 * Stale marks: kept in memory, each written to a slot in the database. Keys name minutes, so as tags they would never
 * end; a slot is used again once its mark is done, and the measurement stays as small as the longest queue there was.
 * That a mark is done stands in a point of its own: marks are written by whoever stores, `done` by whoever derives, and
 * where these are two, neither writes over what the other wrote.
 */
export class StaleBook {
  readonly #client: InfluxClient;
  readonly #writer: string;
  readonly #shared: boolean;
  readonly #waiting = new Map<string, Waiting>();
  readonly #free: number[] = [];
  #slots = 0;
  #last = 0;
  #askAt = fewestSlots;
  /** The highest mark heard of each other writer. */
  readonly #heard = new Map<string, number>();
  #listened = false;
  /** Keys of the commit under way. */
  readonly #underWay = new Set<string>();

  private constructor(client: InfluxClient, writer: string, shared: boolean) {
    this.#client = client;
    this.#writer = writer;
    this.#shared = shared;
  }

  /** @param shared other gateways mark meanwhile, or do what this one marks. */
  static async open(client: InfluxClient, writer: string, shared: boolean): Promise<StaleBook> {
    const book = new StaleBook(client, writer, shared);
    const done = await book.#done(writer);
    for (const { slot, key, since, mark } of await book.#marks(writer, 0)) {
      // Slots come in order; one that is missing was never written.
      while (book.#slots < slot) book.#free.push(book.#slots++);
      book.#slots = slot + 1;
      const doneMark = done.get(slot) ?? 0;
      book.#last = Math.max(book.#last, mark, doneMark);
      if (doneMark >= mark) book.#free.push(slot);
      else book.#waiting.set(key, { since, mark, slots: new Map([[writer, { slot, mark }]]) });
    }
    return book;
  }

  /**
   * Notes the keys before what makes them stale is written, and answers the lines that make it durable. Should they
   * fail, a key is computed once too often. `waiting` shows them once `settle` was called: what a commit made stale must
   * not be computed before it stands.
   */
  async mark(keys: readonly string[]): Promise<readonly string[]> {
    if (this.#shared && this.#free.length === 0 && this.#slots >= this.#askAt) await this.#letGo();
    for (const key of keys) this.#underWay.add(key);
    return this.#note(keys);
  }

  /**
   * Lines that note them again once it stands, where another gateway may derive: it sees the first ones in the database,
   * may have taken them up in between, and read too early.
   */
  again(keys: readonly string[]): readonly string[] {
    return this.#shared ? this.#note(keys) : [];
  }

  /** The commit that set marks has ended, well or not. */
  settle(): void {
    this.#underWay.clear();
  }

  /** Lines that take off the marks which nobody set again since; `taken` once they are written. */
  done(marks: readonly StaleMark[]): {
    readonly lines: readonly string[];
    readonly taken: () => void;
  } {
    const off = new Map<string, Waiting>();
    for (const { key, mark } of marks) {
      const known = this.#waiting.get(key);
      if (known !== undefined && known.mark <= mark) off.set(key, known);
    }
    return {
      lines: [...off.values()].flatMap(({ slots }) => [...slots].map(doneLine)),
      taken: () => {
        for (const [key, { slots }] of off) {
          this.#waiting.delete(key);
          this.#release(slots.get(this.#writer));
        }
      },
    };
  }

  /** Longest waiting first, whoever marked it: what a gateway left that does not come back is done by another one. */
  async waiting(limit: number): Promise<readonly StaleMark[]> {
    if (this.#shared || !this.#listened) await this.#listen();
    this.#listened = true;
    return [...this.#waiting]
      .filter(([key]) => !this.#underWay.has(key))
      .toSorted(([a, one], [b, other]) => one.since - other.since || (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([key, { mark }]) => ({ key, mark }));
  }

  #note(keys: readonly string[]): readonly string[] {
    if (keys.length === 0) return [];
    this.#last += 1;
    const mark = this.#last;
    return [...new Set(keys)].map((key) => {
      const known = this.#waiting.get(key);
      const slot = known?.slots.get(this.#writer)?.slot ?? this.#free.pop() ?? this.#slots++;
      return this.#line(key, this.#put(key, this.#writer, { slot, mark }), slot);
    });
  }

  #put(key: string, writer: string, slot: Slot): Waiting {
    const known = this.#waiting.get(key);
    const slots = new Map([...(known?.slots ?? []), [writer, slot]]);
    const entry = { since: known?.since ?? this.#last, mark: this.#last, slots };
    this.#waiting.set(key, entry);
    return entry;
  }

  #release(own: Slot | undefined): void {
    if (own !== undefined) this.#free.push(own.slot);
  }

  /** What other writers marked since the last time. */
  async #listen(): Promise<void> {
    const [newest = []] = await this.#client.query([
      `SELECT max("mark") FROM ${name(markMeasurement)} GROUP BY "writer"`,
    ]);
    for (const { tags = {}, values = [] } of newest) {
      const [writer = '', row = []] = [tags['writer'], values[0]];
      const heard = this.#heard.get(writer);
      if (writer === this.#writer || numberAt(row, 1) <= (heard ?? 0)) continue;
      // What it marked before we began to listen may have been done by a gateway before us.
      const done = heard === undefined ? await this.#done(writer) : new Map<number, number>();
      const marks = await this.#marks(writer, heard ?? 0);
      this.#last += 1;
      for (const { slot, key, mark } of marks) {
        this.#heard.set(writer, Math.max(mark, this.#heard.get(writer) ?? 0));
        if ((done.get(slot) ?? 0) < mark) this.#put(key, writer, { slot, mark });
      }
    }
  }

  /** Forgets what of our own another gateway has done. */
  async #letGo(): Promise<void> {
    const done = await this.#done(this.#writer);
    for (const [key, entry] of this.#waiting) {
      const own = entry.slots.get(this.#writer);
      if (own === undefined || (done.get(own.slot) ?? 0) < own.mark) continue;
      const slots = new Map([...entry.slots].filter(([writer]) => writer !== this.#writer));
      if (slots.size === 0) this.#waiting.delete(key);
      else this.#waiting.set(key, { ...entry, slots });
      this.#release(own);
    }
    this.#askAt = Math.max(fewestSlots, 2 * (this.#slots - this.#free.length));
  }

  async #marks(writer: string, above: number) {
    const [series = []] = await this.#client.query([
      `SELECT "key","since","mark" FROM ${name(markMeasurement)}${where(tagsAre([['writer', writer]]), `"mark" > ${above}`)}`,
    ]);
    return rowsOf(series).map((row) => ({
      slot: numberAt(row, 0),
      key: decodeText(textAt(row, 1)),
      since: numberAt(row, 2),
      mark: numberAt(row, 3),
    }));
  }

  /** The mark up to which each slot of a writer is done. */
  async #done(writer: string): Promise<ReadonlyMap<number, number>> {
    const [series = []] = await this.#client.query([
      `SELECT "mark" FROM ${name(doneMeasurement)}${where(tagsAre([['writer', writer]]))}`,
    ]);
    return new Map(rowsOf(series).map((row) => [numberAt(row, 0), numberAt(row, 1)]));
  }

  #line(key: string, { since, mark }: Waiting, slot: number): string {
    return toLine({
      measurement: markMeasurement,
      tags: [['writer', this.#writer]],
      fields: [
        ['key', { text: encodeText(key) }],
        ['since', { integer: since }],
        ['mark', { integer: mark }],
      ],
      timeNs: nanoseconds(slot),
    });
  }
}

function doneLine([writer, { slot, mark }]: readonly [string, Slot]): string {
  return toLine({
    measurement: doneMeasurement,
    tags: [['writer', writer]],
    fields: [['mark', { integer: mark }]],
    timeNs: nanoseconds(slot),
  });
}
