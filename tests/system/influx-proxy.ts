import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { InfluxBucketApi } from './influx-bucket-api.ts';

/**
 * What becomes of a request.
 * - `lost`: it reaches the server, and its answer nobody. `cut`: it reaches nobody.
 * - `silent`: nothing comes back and the connection stays open. `trickle`: spaces come, one at a time, and no end.
 */
export type Fate =
  | 'through'
  | 'lost'
  | 'cut'
  | 'silent'
  | 'trickle'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: object };

export interface Asked {
  readonly path: string;
  readonly body: string;
}

/** Stands before a real InfluxDB 1.x and breaks what a test wants broken. */
export class InfluxProxy {
  readonly url: string;
  readonly asked: Asked[] = [];
  /** Where it speaks as InfluxDB 2. */
  readonly bucketApi: InfluxBucketApi;
  /** A path it serves under and takes off; empty serves at the root. */
  prefix = '';
  /** Decides the fate of each request. */
  fate: (asked: Asked) => Fate = () => 'through';
  readonly #server: Server;
  readonly #target: string;
  readonly #token: string | undefined;

  private constructor(server: Server, url: string, target: string, token: string | undefined) {
    this.#server = server;
    this.url = url;
    this.#target = target;
    this.#token = token;
    this.bucketApi = new InfluxBucketApi((database) => makeDatabase(target, database));
    server.on('request', (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /**
   * @param token makes it speak as InfluxDB 2: it says so, wants this token, has `/api/v2/write` and not `/write`, and
   * words its errors as 2.x does (https://docs.influxdata.com/influxdb/v2/api/). Behind it is still 1.x.
   */
  static async listen(target: string, token?: string): Promise<InfluxProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no address');
    return new InfluxProxy(server, `http://127.0.0.1:${address.port}`, target, token);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    request.setEncoding('utf8');
    for await (const chunk of request) body += String(chunk);
    const asked = request.url ?? '/';
    if (!asked.startsWith(this.prefix)) return send(response, 404, {}, '{"error":"nothing here"}');
    const path = asked.slice(this.prefix.length);
    this.asked.push({ path, body });
    const fate = this.fate({ path, body });
    if (fate === 'silent') return;
    if (fate === 'cut') return void response.destroy();
    if (fate === 'trickle') return trickle(response);
    if (typeof fate === 'object') {
      const { status, headers = {}, body: said } = fate;
      return send(response, status, headers, said && JSON.stringify(said));
    }
    const answer = await this.#forward(request, path, body);
    if (fate === 'lost') return void response.destroy();
    send(response, answer.status, answer.headers, answer.body);
  }

  async #forward(request: IncomingMessage, path: string, body: string) {
    const { method = 'GET', headers } = request;
    if (this.#token === undefined) return ask(`${this.#target}${path}`, method, headers, body);
    if (path !== '/ping' && headers.authorization !== `Token ${this.#token}`)
      return failure(401, 'unauthorized', 'unauthorized access');
    const url = new URL(path, this.#target);
    if (url.pathname === '/write') return failure(404, 'not found', 'path not found');
    const made = await this.bucketApi.answer(method, url, body);
    if (made !== undefined) return { ...made, body: JSON.stringify(made.body) };
    if (url.pathname !== '/api/v2/write') {
      const answer = await ask(url.href, method, { ...headers, authorization: undefined }, body);
      return { ...answer, headers: { ...answer.headers, 'x-influxdb-version': 'v2.7.1' } };
    }
    const db = url.searchParams.get('bucket') ?? '';
    const precision = url.searchParams.get('precision') === 'ns' ? 'n' : 'ms';
    const query = new URLSearchParams({ db, precision });
    const answer = await ask(`${this.#target}/write?${query.toString()}`, method, {}, body);
    if (answer.status < 300) return answer;
    const said = answer.body ?? '';
    return failure(answer.status === 400 ? 422 : answer.status, 'unprocessable entity', said);
  }
}

function makeDatabase(target: string, database: string): Promise<unknown> {
  const body = new URLSearchParams({ q: `CREATE DATABASE "${database}"` }).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return ask(`${target}/query`, 'POST', type, body);
}

function failure(status: number, code: string, message: string) {
  return { status, headers: {}, body: JSON.stringify({ code, message }) };
}

async function ask(
  url: string,
  method: string,
  { authorization, 'content-type': type }: IncomingMessage['headers'],
  body: string,
): Promise<{ status: number; headers: Record<string, string>; body: string | undefined }> {
  const headers = {
    ...(authorization === undefined ? {} : { authorization }),
    ...(type === undefined ? {} : { 'content-type': type }),
  };
  const answer = await fetch(url, { method, headers, ...(method === 'GET' ? {} : { body }) });
  const version = answer.headers.get('x-influxdb-version');
  const text = await answer.text();
  return {
    status: answer.status,
    headers: version === null ? {} : { 'x-influxdb-version': version },
    body: text === '' ? undefined : text,
  };
}

function send(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string | undefined,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}

async function trickle(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  while (!response.destroyed) {
    response.write(' ');
    await sleep(20);
  }
}
