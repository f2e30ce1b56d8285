import { numberAt, type Row, rowsOf, textAt } from './cells.ts';
import type { InfluxClient } from './client.ts';
import { nanoseconds, toLine } from './line.ts';
import { name } from './ql.ts';
import { readingMeasurement } from './reading-point.ts';

const measurement = 'kadoru_tally';

/**
 * How many readings there are. Counting them takes the server seconds per hundred million, so the number is left
 * behind at a clean end and believed at the next start; after a kill, or where several gateways write, it is counted.
 */
export class Tally {
  readonly #writer: string;
  #readings: number;

  private constructor(writer: string, readings: number) {
    this.#writer = writer;
    this.#readings = readings;
  }

  /** Says at once that the number is no longer believed; this is also the first write, and shows that we may. */
  static async open(client: InfluxClient, writer: string): Promise<Tally> {
    const [series = []] = await client.query([
      `SELECT "readings","clean","writer" FROM ${name(measurement)}`,
    ]);
    const readings = believed(rowsOf(series), writer) ?? (await count(client));
    const tally = new Tally(writer, readings);
    await client.write([tally.#line(false)]);
    return tally;
  }

  get readings(): number {
    return this.#readings;
  }

  add(readings: number): void {
    this.#readings += readings;
  }

  async close(client: InfluxClient): Promise<void> {
    await client.write([this.#line(true)]);
  }

  #line(clean: boolean): string {
    return toLine({
      measurement,
      tags: [['writer', this.#writer]],
      fields: [
        ['readings', { integer: this.#readings }],
        ['clean', { flag: clean }],
      ],
      timeNs: nanoseconds(0),
    });
  }
}

function believed(rows: readonly Row[], writer: string): number | undefined {
  const [row] = rows;
  const alone = rows.length === 1 && row !== undefined && textAt(row, 3) === writer;
  return alone && row[2] === true ? numberAt(row, 1) : undefined;
}

async function count(client: InfluxClient): Promise<number> {
  const [series = []] = await client.query([
    `SELECT count("seq") FROM ${name(readingMeasurement)}`,
  ]);
  const [row] = rowsOf(series);
  return row === undefined ? 0 : numberAt(row, 1);
}
