import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { lastStored } from './stored.ts';

const nowMs = 1_775_001_600_000;
const hourMs = 3_600_000;
let server: Server | undefined;

afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: Partial<AddressInfo> = Object(server.address());
  const names = {
    site: 'keihin',
    device: 'pi-1',
    pack: 'pack-1',
    meter: 'pv-1',
    fuelCell: 'fc-1',
    gridMeter: 'grid-1',
    soldMeter: 'sold-1',
  };
  return { http: `http://127.0.0.1:${port}`, ...names };
}

type Rows = Readonly<Record<string, readonly (readonly [number, number | null])[]>>;

/** `/readings` over some rows, in chunks that cut lines apart. */
function readings(rows: Rows, asked: URL[] = []) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '', 'http://gateway');
    asked.push(url);
    const channel = rows[url.searchParams.get('channel') ?? ''];
    if (channel === undefined) {
      response.writeHead(404).end('{"errors":[{"field":"channel"}]}');
      return;
    }
    const [from, to] = [Number(url.searchParams.get('from')), Number(url.searchParams.get('to'))];
    const lines = channel
      .filter(([at]) => from <= at && at < to)
      .map(([at, value]) => `${JSON.stringify({ at, value, quality: 'good' })}\n`)
      .join('');
    for (let start = 0; start < lines.length; start += 7)
      response.write(lines.slice(start, start + 7));
    response.end();
  };
}

test('the newest value that is none of a fault, however long ago', async () => {
  const rows: Rows = {
    'keihin/pi-1/pack-1/pressure': [
      [nowMs - 60_000, 12.5],
      [nowMs - 50_000, 12.4],
      [nowMs - 40_000, null],
    ],
    'keihin/pi-1/pack-1/temperature': [[nowMs - 20 * hourMs, 21.5]],
    'keihin/pi-1/pv-1/generated': [
      [nowMs - 30 * 24 * hourMs, 1_234_567],
      [nowMs - 20 * 24 * hourMs, 1_234_999],
    ],
  };
  expect(await lastStored(await serve(readings(rows)), nowMs)).toEqual({
    pressure: { at: nowMs - 50_000, value: 12.4 },
    temperature: { at: nowMs - 20 * hourMs, value: 21.5 },
    register: { at: nowMs - 20 * 24 * hourMs, value: 1_234_999 },
  });
});

test('the windows it asks for cover the last 31 days without a hole or an overlap', async () => {
  const asked: URL[] = [];
  const rows: Rows = {
    'keihin/pi-1/pack-1/pressure': [],
    'keihin/pi-1/pack-1/temperature': [],
    'keihin/pi-1/pv-1/generated': [],
  };
  await lastStored(await serve(readings(rows, asked)), nowMs);
  const windows = asked
    .filter((url) => url.searchParams.get('channel')?.endsWith('pressure') === true)
    .map((url) => [Number(url.searchParams.get('from')), Number(url.searchParams.get('to'))]);
  expect(windows[0]?.[1]).toBe(nowMs);
  expect(windows.at(-1)?.[0]).toBe(nowMs - 31 * 24 * hourMs);
  for (const [index, window] of windows.slice(1).entries())
    expect(window[1]).toBe(windows[index]?.[0]);
});

test('a gateway that never heard of a channel has nothing stored', async () => {
  expect(await lastStored(await serve(readings({})), nowMs)).toEqual({
    pressure: undefined,
    temperature: undefined,
    register: undefined,
  });
});

test('any other answer is a complaint with the address and what was said', async () => {
  const refused = await serve((_request, response) =>
    response.writeHead(503).end('store is failing'),
  );
  await expect(lastStored(refused, nowMs)).rejects.toThrow(
    /readings\?channel.*503 store is failing.*--http/,
  );
});

test('an answer that breaks off is a complaint and no last value', async () => {
  const torn = await serve((_request, response) => {
    response.write(`{"at":${nowMs - 1000},"value":12}\n{"at":`);
    setTimeout(() => response.destroy(), 20);
  });
  await expect(lastStored(torn, nowMs)).rejects.toThrow('Is the gateway running there');
});
