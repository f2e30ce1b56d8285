import { InfluxDB, Point } from '@influxdata/influxdb-client';
import type { StoredReading } from '../../gateway/store/port.ts';

type Transport = InfluxDB['transport'];

/**
 * The official client alone, as somebody would use it who needs no guarantee: points made with its own class, one request a
 * batch, and answers of InfluxQL in chunks. Its WriteApi does not reach a server before 1.8.
 */
export class BareClient {
  readonly #transport: Transport;
  readonly #database: string;

  constructor(url: string, database: string) {
    this.#transport = new InfluxDB({ url }).transport;
    this.#database = database;
  }

  async write(readings: readonly StoredReading[]): Promise<void> {
    await this.send(readings.map(lineOf));
  }

  /** Lines that are made already. */
  async send(lines: readonly string[]): Promise<void> {
    const path = `/write?db=${this.#database}&precision=ns`;
    await this.#transport.request(path, lines.join('\n'), { method: 'POST' });
  }

  /** The rows of a statement, each an object by column, as `collectRows` of the client makes them; nothing is checked. */
  async *rows(statement: string): AsyncGenerator<Record<string, unknown>> {
    const asked = { db: this.#database, epoch: 'ms', chunked: 'true', q: statement };
    const path = `/query?${new URLSearchParams(asked).toString()}`;
    let parts: Uint8Array[] = [];
    for await (const bytes of this.#transport.iterate(path, '', { method: 'GET' })) {
      const end = bytes.lastIndexOf(newline);
      if (end < 0) parts.push(bytes);
      else {
        const lines = Buffer.concat([...parts, bytes.subarray(0, end)]).toString();
        for (const line of lines.split('\n')) yield* rowsOf(line);
        parts = [bytes.subarray(end + 1)];
      }
    }
    const rest = Buffer.concat(parts).toString();
    if (rest !== '') yield* rowsOf(rest);
  }
}

const newline = 0x0a;

interface Chunk {
  readonly results: readonly {
    readonly series?: readonly {
      readonly columns: readonly string[];
      readonly values?: readonly (readonly unknown[])[];
    }[];
  }[];
}

function* rowsOf(line: string): Generator<Record<string, unknown>> {
  const { results }: Chunk = JSON.parse(line);
  for (const { series = [] } of results)
    for (const { columns, values = [] } of series)
      for (const row of values) {
        const object: Record<string, unknown> = {};
        for (const [index, column] of columns.entries()) object[column] = row[index];
        yield object;
      }
}

function lineOf(reading: StoredReading): string {
  const { site, device, asset, quantity, at, value, raw, quality, clock, stream, seq } = reading;
  const point = new Point('reading')
    .tag('asset', asset)
    .tag('device', device)
    .tag('quantity', quantity)
    .tag('site', site)
    .floatField('pressure_mpa', value)
    .floatField('raw', raw)
    .stringField('quality', quality)
    .stringField('clock', clock)
    .stringField('stream', stream)
    .intField('seq', seq)
    .intField('received_at_ms', reading.receivedAt)
    .timestamp(nanoseconds(at));
  return point.toLineProtocol() ?? '';
}

/** As text: a number would lose the last digits. */
function nanoseconds(ms: number): string {
  return `${ms}000000`;
}
