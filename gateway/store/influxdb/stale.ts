import type { StaleMark } from '../port.ts';
import { numberAt, rowsOf, textAt } from './cells.ts';
import type { InfluxClient } from './client.ts';
import { nanoseconds, toLine } from './line.ts';
import { name, tagsAre, where } from './ql.ts';
import { decodeText, encodeText } from './text.ts';

const measurement = 'kadoru_stale';

interface Slot {
  readonly slot: number;
  readonly since: number;
  readonly mark: number;
}

/**
 * Stale marks: kept in memory, each written to a slot in the database. Keys name minutes, so as tags they would never
 * end; a slot is used again once its mark is done, and the measurement stays as small as the longest queue there was.
 */
export class StaleBook {
  readonly #writer: string;
  readonly #marks = new Map<string, Slot>();
  readonly #free: number[] = [];
  #slots = 0;
  #lastMark = 0;
  /** Marks beyond it belong to a commit under way. */
  #settledMark = 0;

  private constructor(writer: string) {
    this.#writer = writer;
  }

  static async open(client: InfluxClient, writer: string): Promise<StaleBook> {
    const book = new StaleBook(writer);
    const [series = []] = await client.query([
      `SELECT "key","since","mark","done" FROM ${name(measurement)}${where(tagsAre([['writer', writer]]))}`,
    ]);
    for (const row of rowsOf(series)) book.#load(row);
    book.settle();
    return book;
  }

  /**
   * Notes the keys and answers the lines that make it durable. Should they fail, a key is computed once too often.
   * `waiting` shows them once `settle` was called: what a commit made stale must not be computed before it stands.
   */
  mark(keys: readonly string[]): readonly string[] {
    if (keys.length === 0) return [];
    this.#lastMark += 1;
    return [...new Set(keys)].map((key) => {
      const known = this.#marks.get(key);
      const slot = known?.slot ?? this.#free.pop() ?? this.#slots++;
      const entry = { slot, since: known?.since ?? this.#lastMark, mark: this.#lastMark };
      this.#marks.set(key, entry);
      return this.#line(key, entry, false);
    });
  }

  /** The commit that set marks has ended, well or not. */
  settle(): void {
    this.#settledMark = this.#lastMark;
  }

  /** Lines that take off the marks which nobody set again since; `taken` once they are written. */
  done(marks: readonly StaleMark[]): {
    readonly lines: readonly string[];
    readonly taken: () => void;
  } {
    const off = new Map<string, Slot>();
    for (const { key, mark } of marks) {
      const known = this.#marks.get(key);
      if (known !== undefined && known.mark <= mark) off.set(key, known);
    }
    return {
      lines: [...off].map(([key, slot]) => this.#line(key, slot, true)),
      taken: () => {
        for (const [key, { slot }] of off) {
          this.#marks.delete(key);
          this.#free.push(slot);
        }
      },
    };
  }

  /** Longest waiting first. */
  waiting(limit: number): readonly StaleMark[] {
    return [...this.#marks]
      .filter(([, { mark }]) => mark <= this.#settledMark)
      .toSorted(([a, one], [b, other]) => one.since - other.since || (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([key, { mark }]) => ({ key, mark }));
  }

  #load(row: readonly unknown[]): void {
    const [slot, key] = [numberAt(row, 0), decodeText(textAt(row, 1))];
    const [since, mark] = [numberAt(row, 2), numberAt(row, 3)];
    // Slots come in order; one that is missing was never written.
    while (this.#slots < slot) this.#free.push(this.#slots++);
    this.#slots = slot + 1;
    this.#lastMark = Math.max(this.#lastMark, mark);
    if (row[4] === true) this.#free.push(slot);
    else this.#marks.set(key, { slot, since, mark });
  }

  #line(key: string, { slot, since, mark }: Slot, done: boolean): string {
    return toLine({
      measurement,
      tags: [['writer', this.#writer]],
      fields: [
        ['key', { text: encodeText(key) }],
        ['since', { integer: since }],
        ['mark', { integer: mark }],
        ['done', { flag: done }],
      ],
      timeNs: nanoseconds(slot),
    });
  }
}
