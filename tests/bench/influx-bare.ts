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

  /** The rows of a statement, as they were parsed. */
  async *rows(statement: string): AsyncGenerator<readonly unknown[]> {
    const asked = { db: this.#database, epoch: 'ms', chunked: 'true', q: statement };
    const path = `/query?${new URLSearchParams(asked).toString()}`;
    let rest = '';
    const decoder = new TextDecoder();
    for await (const bytes of this.#transport.iterate(path, '', { method: 'GET' })) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield* rowsOf(line);
    }
    if (rest !== '') yield* rowsOf(rest);
  }
}

interface Chunk {
  readonly results: readonly {
    readonly series?: readonly { readonly values?: readonly (readonly unknown[])[] }[];
  }[];
}

function* rowsOf(line: string): Generator<readonly unknown[]> {
  const { results }: Chunk = JSON.parse(line);
  for (const { series = [] } of results) for (const { values = [] } of series) yield* values;
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
