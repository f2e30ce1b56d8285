import type { DerivedKey, DerivedRow, Span } from '../port.ts';
import { numberAt, textAt } from './cells.ts';
import { inChunks } from './chunked.ts';
import type { InfluxClient } from './client.ts';
import { checkSpan, columnsField, derivedLine, derivedRows, leavesOver } from './derived-point.ts';
import type { DocumentLog, Found } from './documents.ts';
import { name, tagsAre, where, within } from './ql.ts';
import { decodeTag, encodeTag } from './text.ts';

export const journalMeasurement = 'kadoru_journal';

/** What is asked of `putDerived`, as the journal keeps it. */
interface Replacement {
  readonly key: DerivedKey;
  readonly rows: readonly DerivedRow[];
  /** Spans to be emptied before the rows are written. */
  readonly empty: readonly Span[];
}

interface Unfinished extends Pick<Found, 'writer' | 'position'> {
  /** Undefined where the note itself may or may not have been stored: nothing was done yet. */
  readonly replacement: Replacement | undefined;
}

const linesAtOnce = 5000;

/**
 * Rows that can be replaced whole. Where nothing has to go, the rows are simply written over. Where a row or a field
 * has to go, only DELETE does it, and then a row is missing until it is written again: so what is to be done is noted
 * first, and a gateway that was killed half way does it again when it opens.
 */
export class DerivedBook {
  readonly #client: InfluxClient;
  readonly #journal: DocumentLog;
  readonly #writer: string;
  readonly #unfinished: Unfinished[] = [];

  private constructor(client: InfluxClient, journal: DocumentLog, writer: string) {
    this.#client = client;
    this.#journal = journal;
    this.#writer = writer;
  }

  static async open(
    client: InfluxClient,
    journal: DocumentLog,
    writer: string,
  ): Promise<DerivedBook> {
    const book = new DerivedBook(client, journal, writer);
    for await (const { position, text: json } of journal.read(
      [['writer', writer]],
      [],
      '"released"=false',
    )) {
      const replacement: Replacement = JSON.parse(json);
      book.#unfinished.push({ writer, position, replacement });
    }
    await book.#finish();
    return book;
  }

  /** Resolves once the rows stand. Throws StoreError before anything is done for what cannot be stored. */
  async put(
    key: DerivedKey,
    given: readonly DerivedRow[],
    replacing: Span | undefined,
  ): Promise<void> {
    if (replacing !== undefined) checkSpan(key, replacing);
    // The last of equal times counts.
    const rows = [...new Map(given.map((row) => [row.at, row])).values()];
    const lines = rows.map((row) => derivedLine(key, row));
    await this.#finish();
    const empty = await this.#toEmpty(key, rows, replacing);
    if (empty.length === 0) await this.#write(lines);
    else await this.#replace({ key, rows, empty });
  }

  /** Rows, oldest first, in the chunks in which they come. */
  async *read(
    key: DerivedKey,
    { from, to }: Span,
  ): AsyncGenerator<readonly DerivedRow[], void, undefined> {
    const select = `SELECT * FROM ${name(key.measurement)}`;
    const since = (fromMs: number) => `${select}${where(isKey(key), within({ from: fromMs, to }))}`;
    for await (const { columns, rows } of inChunks(this.#client, since, from))
      yield derivedRows(columns, rows);
  }

  /** Of every measurement with rows of this program, whatever its name. */
  async keys(): Promise<readonly DerivedKey[]> {
    const [series = []] = await this.#client.query([
      `SELECT first(${name(columnsField)}) FROM /.*/ GROUP BY "key"`,
    ]);
    return series
      .flatMap(({ name: measurement = '', tags = {} }) => {
        const key = tags['key'] ?? '';
        return key === '' ? [] : [{ measurement, key: decodeTag(key) }];
      })
      .toSorted((a, b) => order(a.measurement, b.measurement) || order(a.key, b.key));
  }

  /** What must be emptied so that the rows, and in the span nothing but the rows, will stand. */
  async #toEmpty(
    key: DerivedKey,
    rows: readonly DerivedRow[],
    replacing: Span | undefined,
  ): Promise<readonly Span[]> {
    const given = new Map(rows.map((row) => [row.at, row]));
    const inside = (at: number) =>
      replacing !== undefined && at >= replacing.from && at < replacing.to;
    const outside = [...given.keys()].filter((at) => !inside(at));
    const asked = [...(replacing === undefined ? [] : [replacing]), ...together(outside)];
    let replace = false;
    const single: Span[] = [];
    for (const span of asked.filter(({ from, to }) => to > from))
      for await (const { at, columns } of this.#standing(key, span)) {
        const row = given.get(at);
        const goes = row === undefined ? inside(at) : leavesOver(columns, row);
        if (goes && inside(at)) replace = true;
        else if (goes) single.push({ from: at, to: at + 1 });
      }
    return replace && replacing !== undefined ? [replacing, ...single] : single;
  }

  async *#standing(key: DerivedKey, { from, to }: Span) {
    const select = `SELECT ${name(columnsField)} FROM ${name(key.measurement)}`;
    const since = (fromMs: number) => `${select}${where(isKey(key), within({ from: fromMs, to }))}`;
    for await (const { rows } of inChunks(this.#client, since, from))
      for (const row of rows) yield { at: numberAt(row, 0), columns: textAt(row, 1) };
  }

  async #replace(replacement: Replacement): Promise<void> {
    const noted = this.#journal.append([
      { tags: [], fields: [['released', { flag: false }]], text: JSON.stringify(replacement) },
    ]);
    const tails = noted.flatMap((lines) => lines.tails);
    const note = { writer: this.#writer, position: this.#journal.last };
    this.#unfinished.push({ ...note, replacement: undefined });
    if (tails.length > 0) await this.#client.write(tails);
    await this.#client.write(noted.map(({ head }) => head));
    this.#unfinished[this.#unfinished.length - 1] = { ...note, replacement };
    await this.#finish();
  }

  /** Does what was noted, oldest first, before anything else is put: an old note must not undo what came later. */
  async #finish(): Promise<void> {
    for (let next = this.#unfinished[0]; next !== undefined; next = this.#unfinished[0]) {
      const { replacement } = next;
      if (replacement !== undefined) {
        await this.#client.query(deletions(replacement));
        await this.#write(replacement.rows.map((row) => derivedLine(replacement.key, row)));
      }
      await this.#client.write([this.#journal.amend([], next, [['released', { flag: true }]])]);
      this.#unfinished.shift();
    }
  }

  async #write(lines: readonly string[]): Promise<void> {
    for (let from = 0; from < lines.length; from += linesAtOnce)
      await this.#client.write(lines.slice(from, from + linesAtOnce));
  }
}

function deletions({ key, empty }: Replacement): readonly string[] {
  return empty.map(
    (span) => `DELETE FROM ${name(key.measurement)}${where(isKey(key), within(span))}`,
  );
}

function isKey({ key }: DerivedKey): string {
  return tagsAre([['key', encodeTag(key)]]);
}

function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** One span from the first to the last: rows that are put together lie together. */
function together(times: readonly number[]): readonly Span[] {
  if (times.length === 0) return [];
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const at of times) [from, to] = [Math.min(from, at), Math.max(to, at)];
  return [{ from, to: to + 1 }];
}
