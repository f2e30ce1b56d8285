import { setTimeout as sleep } from 'node:timers/promises';
import { notOurs, numberAt, type Row, rowsOf, textAt } from './cells.ts';
import type { InfluxClient } from './client.ts';
import { type Field, nanoseconds, toLine } from './line.ts';
import { name, tagsAre, timeMs, where } from './ql.ts';
import { pieces } from './text.ts';

export type Tags = readonly (readonly [name: string, encoded: string])[];

/** A text of any length with short fields beside it, by which it is found. The text must be JSON or otherwise ordinary. */
export interface Document {
  readonly tags: Tags;
  readonly fields: readonly (readonly [name: string, field: Field])[];
  readonly text: string;
}

/** Lines that write a document. A head stands only where its tails stand: write all tails, then the head. */
export interface DocumentLines {
  readonly tails: readonly string[];
  readonly head: string;
}

export interface Found {
  /** Where it stands: epoch milliseconds, unlike any other document of this writer. */
  readonly position: number;
  readonly writer: string;
  /** What was asked for of its head. */
  readonly cells: Row;
  readonly text: string;
}

/** A page ends at whichever comes first; a document larger than all of it comes alone. */
const pageDocuments = 500;
const pageLength = 1024 * 1024;

/** Looks at a document of which a part is not there. */
const looks = { most: 10, apartMs: 100 };

/**
 * Documents in the order of appending. Each has a millisecond of its own (of now, or after the last one's where the
 * clock stands still or goes back), and its pieces follow the head by nanoseconds.
 */
export class DocumentLog {
  readonly #client: InfluxClient;
  readonly #measurement: string;
  readonly #writer: string;
  readonly #wallMs: () => number;
  #last = 0;

  private constructor(
    client: InfluxClient,
    measurement: string,
    writer: string,
    wallMs: () => number,
  ) {
    this.#client = client;
    this.#measurement = measurement;
    this.#writer = writer;
    this.#wallMs = wallMs;
  }

  /** @param writer encoded: several gateways append side by side, each under its own name. */
  static async open(
    client: InfluxClient,
    measurement: string,
    writer: string,
    wallMs: () => number,
  ): Promise<DocumentLog> {
    const log = new DocumentLog(client, measurement, writer, wallMs);
    const [newest = []] = await client.query([
      `SELECT "part" FROM ${name(measurement)}${where(tagsAre([['writer', writer]]))} ORDER BY time DESC LIMIT 1`,
    ]);
    const [row] = rowsOf(newest);
    if (row !== undefined) log.#last = numberAt(row, 0);
    return log;
  }

  /** Encoded. */
  get writer(): string {
    return this.#writer;
  }

  /** The position of the document appended last. */
  get last(): number {
    return this.#last;
  }

  append(documents: readonly Document[]): readonly DocumentLines[] {
    return documents.map((document) => {
      this.#last = Math.max(this.#last + 1, Math.floor(this.#wallMs()));
      const [first = '', ...rest] = pieces(document.text);
      const line = (part: number, fields: Document['fields'], text: string) =>
        toLine({
          measurement: this.#measurement,
          tags: [['writer', this.#writer], ...document.tags],
          fields: [...fields, ['part', { integer: part }], ['text', { text }]],
          timeNs: nanoseconds(this.#last, part),
        });
      const length = { integer: document.text.length };
      return {
        tails: rest.map((text, index) => line(index + 1, [], text)),
        head: line(0, [...document.fields, ['length', length]], first),
      };
    });
  }

  /** A head written again with other fields; what is not named stays. */
  amend(
    tags: Tags,
    { writer, position }: Pick<Found, 'writer' | 'position'>,
    fields: Document['fields'],
  ): string {
    return toLine({
      measurement: this.#measurement,
      tags: [['writer', writer], ...tags],
      fields,
      timeNs: nanoseconds(position),
    });
  }

  /** Heads without their text. `condition` may name tags and fields of heads; `cells` are `time`, then `fields`. */
  async heads(
    condition: string | undefined,
    fields: readonly string[],
    page: { readonly from?: number; readonly limit?: number } = {},
  ): Promise<readonly (Omit<Found, 'text'> & { readonly length: number })[]> {
    const { from, limit } = page;
    const after = from === undefined ? undefined : `time >= ${timeMs(from)}ms`;
    const columns = [...fields, 'writer', 'length'].map(name).join(',');
    const [series = []] = await this.#client.query([
      `SELECT ${columns} FROM ${name(this.#measurement)}${where('"part"=0', condition, after)}` +
        (limit === undefined ? '' : ` LIMIT ${limit}`),
    ]);
    // A head that another gateway is writing at this moment does not stand yet.
    const whole = rowsOf(series).filter((row) => row.every((cell) => cell !== null));
    return whole.map((row) => ({
      position: numberAt(row, 0),
      writer: textAt(row, fields.length + 1),
      length: numberAt(row, fields.length + 2),
      cells: row,
    }));
  }

  /**
   * Whole documents in the order of appending, a page in memory at a time. `ofHeads` narrows by fields of heads what
   * `tags` leave.
   */
  async *read(
    tags: Tags,
    fields: readonly string[],
    ofHeads?: string,
  ): AsyncGenerator<Found, void, undefined> {
    const condition = [tagsAre(tags), ofHeads].filter(Boolean).join(' AND ');
    let from = 0;
    let seen: readonly string[] = [];
    for (;;) {
      const limit = pageDocuments + seen.length;
      const heads = await this.heads(condition, fields, { from, limit });
      const taken = fitting(heads.filter((head) => !seen.includes(key(head))));
      yield* await this.texts(tags, taken);
      const last = taken.at(-1);
      if (last === undefined) return;
      // Another gateway may have used the same millisecond.
      const again = taken.filter(({ position }) => position === last.position).map(key);
      seen = from === last.position ? [...seen, ...again] : again;
      from = last.position;
    }
  }

  /** Adds the texts to heads with these tags, which must be few enough for memory and in order of position. */
  async texts<Head extends Pick<Found, 'writer' | 'position'> & { readonly length: number }>(
    tags: Tags,
    heads: readonly Head[],
  ): Promise<readonly (Head & { readonly text: string })[]> {
    const [first, last] = [heads[0], heads.at(-1)];
    if (first === undefined || last === undefined) return [];
    for (let look = 1; ; look += 1) {
      const texts = await this.#textsOf(tags, heads.map(key), first, last);
      const found = heads.map((head) => ({ ...head, text: texts.get(key(head)) ?? '' }));
      const part = found.find(({ text, length }) => text.length !== length);
      if (part === undefined) return found;
      const { position, text, length } = part;
      const what = `${text.length} of ${length} characters of ${this.#measurement} at ${position}`;
      // Another gateway may be writing the head at this moment.
      if (look === looks.most) throw notOurs(what);
      await sleep(looks.apartMs);
    }
  }

  async #textsOf(
    tags: Tags,
    keys: readonly string[],
    first: Pick<Found, 'position'>,
    last: Pick<Found, 'position'>,
  ): Promise<ReadonlyMap<string, string>> {
    const wanted = new Set(keys);
    const [series = []] = await this.#client.query([
      `SELECT "text","writer" FROM ${name(this.#measurement)}` +
        where(tagsAre(tags), `time >= ${first.position}ms`, `time < ${last.position + 1}ms`),
    ]);
    const texts = new Map<string, string>();
    for (const row of rowsOf(series)) {
      const of = key({ writer: textAt(row, 2), position: numberAt(row, 0) });
      if (wanted.has(of)) texts.set(of, (texts.get(of) ?? '') + textAt(row, 1));
    }
    return texts;
  }
}

function key({ writer, position }: Pick<Found, 'writer' | 'position'>): string {
  return `${writer} ${position}`;
}

/** Those from the front whose texts fit in a page, and the first in any case. */
function fitting<Head extends { readonly length: number }>(
  heads: readonly Head[],
): readonly Head[] {
  let length = 0;
  const end = heads.findIndex((head, index) => {
    length += head.length;
    return index > 0 && length > pageLength;
  });
  return end < 0 ? heads : heads.slice(0, end);
}
