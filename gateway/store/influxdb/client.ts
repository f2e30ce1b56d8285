import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { InfluxDB, type SendOptions } from '@influxdata/influxdb-client';
import { StoreError } from '../port.ts';
import { type Answer, resultsIn, linesOf, type Series } from './answer.ts';
import { explained, isNotFound, type Place, retryAfterMs } from './failure.ts';

export interface ClientOptions {
  readonly url: string;
  /** A database of 1.x, a bucket of 2.x; `database/policy` names a retention policy of 1.x. */
  readonly bucket: string;
  readonly org?: string | undefined;
  /** 2.x: a token; 1.x: `user:password`. */
  readonly token?: string | undefined;
  /** Certificate authority in PEM, for https with a certificate of one's own. */
  readonly ca?: string | undefined;
  readonly writeTimeoutMs: number;
  readonly queryTimeoutMs: number;
}

/** How lines are written: `/api/v2/write` (1.8 and later) or `/write` (1.x before it). */
export type WritePath = 'v2' | 'v1';

const formType = 'application/x-www-form-urlencoded';
/** A server may ask for a pause of any length; a person who mended it should not wait longer than this. */
const mostPauseMs = 60_000;

/**
 * Requests to one server through the transport of the official client, never its WriteApi, which buffers and drops
 * (facts/mqtt-influxdb.md). Rejects with StoreError (retryable), which from `write` may be RefusedLines.
 */
export class InfluxClient {
  readonly place: Place;
  readonly #influx: InfluxDB;
  readonly #options: ClientOptions;
  readonly #agent: HttpAgent;
  readonly #writePath: WritePath;
  #pausedUntilMs = 0;

  constructor(options: ClientOptions, writePath: WritePath) {
    const { url, token, ca, bucket } = options;
    const agents = { keepAlive: true, maxSockets: 8 };
    this.#options = options;
    this.#writePath = writePath;
    this.#agent = url.startsWith('https:')
      ? new HttpsAgent({ ...agents, ...(ca === undefined ? {} : { ca }) })
      : new HttpAgent(agents);
    this.place = { url, database: bucket };
    this.#influx = new InfluxDB({
      url,
      timeout: Math.max(options.writeTimeoutMs, options.queryTimeoutMs),
      transportOptions: { agent: this.#agent },
      ...authorization(token, writePath),
    });
  }

  /** Resolves after the server's 204: the lines are in its write-ahead log. */
  async write(lines: readonly string[]): Promise<void> {
    const { bucket, org, writeTimeoutMs } = this.#options;
    const path =
      this.#writePath === 'v2'
        ? `/api/v2/write?${new URLSearchParams({ org: org ?? '', bucket, precision: 'ns' }).toString()}`
        : `/write?${this.#database({ precision: 'ns' })}`;
    const status = await this.#request(
      path,
      lines.join('\n'),
      writeTimeoutMs,
      'text/plain; charset=utf-8',
    );
    if (status.code !== 204)
      throw new StoreError(
        `store ${this.place.url} "${bucket}": a write was answered with ${status.code} instead of 204; check store.url: is this an InfluxDB?`,
        true,
      );
  }

  /** One answer per statement; a statement about something that is not there answers nothing. */
  async query(
    statements: readonly string[],
    epoch: 'ms' | 'ns' = 'ms',
  ): Promise<readonly (readonly Series[])[]> {
    const form = `${this.#database({ epoch })}&${new URLSearchParams({ q: statements.join(';') }).toString()}`;
    const { answer } = await this.#request('/query', form, this.#options.queryTimeoutMs, formType);
    return this.#results(answer).map(({ series }) => series ?? []);
  }

  /**
   * The answer of one statement, line by line as it comes, each of at most so many rows where the server can do that.
   * Leaving the loop lets go of the connection.
   */
  async *lines(statement: string, rows: number): AsyncGenerator<Answer, void, undefined> {
    this.#checkPause();
    const chunked = { epoch: 'ms', chunked: 'true', chunk_size: String(rows), q: statement };
    const headers = { 'content-type': formType };
    const signal = AbortSignal.timeout(this.#options.queryTimeoutMs);
    const options: SendOptions = { method: 'POST', headers, signal };
    try {
      const bytes = this.#influx.transport.iterate('/query', this.#database(chunked), options);
      let said = false;
      for await (const line of linesOf(bytes)) {
        yield this.#answer(line);
        said = true;
      }
      if (!said) this.#results(undefined);
    } catch (error) {
      throw error instanceof StoreError ? error : this.#explained(error);
    }
  }

  /** A call of the API of 2.x; answers the JSON that came, undefined where the server says 404. */
  async api(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const json = body === undefined ? '' : JSON.stringify(body);
    try {
      const { answer } = await this.#request(
        `/api/v2/${path}`,
        json,
        this.#options.queryTimeoutMs,
        'application/json',
        method,
      );
      return answer;
    } catch (error) {
      if (error instanceof StoreError && isNotFound(error.cause)) return undefined;
      throw error;
    }
  }

  /** The version as the server says it; undefined where a proxy keeps it to itself. */
  async version(): Promise<string | undefined> {
    let version: unknown;
    const options = { method: 'GET', signal: AbortSignal.timeout(this.#options.queryTimeoutMs) };
    try {
      await this.#influx.transport.request('/ping', '', options, (headers) => {
        version = headers['x-influxdb-version'];
      });
    } catch (error) {
      throw explained(error, this.place);
    }
    return typeof version === 'string' ? version : undefined;
  }

  close(): void {
    this.#agent.destroy();
  }

  #answer(line: Buffer): Answer {
    let answer: unknown;
    try {
      answer = JSON.parse(line.toString());
    } catch {
      // Half a page of a proxy; what it is will be said.
    }
    const [result] = this.#results(answer);
    return {
      series: result?.series ?? [],
      bytes: line.length,
      more: result?.partial === true,
    };
  }

  /** Errors of statements come in an answer that says 200. */
  #results(answer: unknown) {
    const parsed = resultsIn(answer);
    if (parsed === undefined)
      throw this.#failed('a query was not answered as InfluxDB does', 'check store.url');
    const { results = [], error } = parsed;
    const failure = error ?? results.find((result) => result.error !== undefined)?.error;
    if (failure !== undefined)
      throw this.#failed(failure, queryWayOut(failure, this.place.database));
    return results;
  }

  async #request(
    path: string,
    body: string,
    timeoutMs: number,
    contentType: string,
    method: 'GET' | 'POST' = 'POST',
  ) {
    this.#checkPause();
    const options: SendOptions = {
      method,
      headers: { 'content-type': contentType },
      // The client's own limit is for silence; a server that sends a byte now and then would keep us for ever.
      signal: AbortSignal.timeout(timeoutMs),
    };
    let code: number | undefined;
    try {
      const answer: unknown = await this.#influx.transport.request(
        path,
        body,
        options,
        (_, status) => {
          code = status;
        },
      );
      return { code, answer };
    } catch (error) {
      throw this.#explained(error);
    }
  }

  #checkPause(): void {
    const waitMs = this.#pausedUntilMs - performance.now();
    if (waitMs <= 0) return;
    throw this.#failed(
      'the server asked for a pause',
      `it is asked again in ${Math.ceil(waitMs / 1000)} s`,
    );
  }

  #explained(error: unknown): Error {
    const pauseMs = retryAfterMs(error);
    if (pauseMs !== undefined)
      this.#pausedUntilMs = performance.now() + Math.min(pauseMs, mostPauseMs);
    return explained(error, this.place);
  }

  #database(more: Record<string, string>): string {
    const [db = '', rp] = this.#options.bucket.split('/');
    return new URLSearchParams({ db, ...(rp === undefined ? {} : { rp }), ...more }).toString();
  }

  #failed(what: string, wayOut: string): StoreError {
    return new StoreError(
      `store ${this.place.url} "${this.place.database}": ${what}; ${wayOut}`,
      true,
    );
  }
}

function authorization(token: string | undefined, writePath: WritePath) {
  if (token === undefined) return {};
  // 1.6.7 answers 401 to a Token header.
  if (writePath === 'v1')
    return { headers: { authorization: `Basic ${Buffer.from(token).toString('base64')}` } };
  return { token };
}

function queryWayOut(failure: string, database: string): string {
  if (/database not found|dbrp|mapping/i.test(failure))
    return (
      `InfluxQL finds no database "${database}": on 1.x influx -execute 'CREATE DATABASE "${database}"'; ` +
      `on 2.x influx v1 dbrp create --db ${database} --rp autogen --default --bucket-id <id of the bucket>`
    );
  if (/iterator type|incompatible|data ?type/i.test(failure))
    return 'something else writes to the bucket of store.bucket: give Kadoru one of its own';
  return 'see the log of InfluxDB';
}
