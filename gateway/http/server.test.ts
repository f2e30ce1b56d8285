import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { listen } from './server.ts';
import { bench, fillWithMuch } from './testing-app.ts';

vi.setConfig({ testTimeout: 60_000 });
const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
/** Made for tests by `openssl req -x509`; it protects nothing. */
const tls = { certFile: file('testing-certificate.pem'), keyFile: file('testing-key.pem') };
const host = '127.0.0.1';

test('it answers at the address it says', async () => {
  const server = await listen({ app: bench().app, host, port: 0, tls: undefined });
  const response = await fetch(`${server.url}/api/v1/packs`);
  expect(response.status).toBe(200);
  expect(new URL(server.url).port).toBe(String(server.port));
  await server.close();
  await expect(fetch(`${server.url}/api/v1/packs`)).rejects.toThrow('fetch failed');
});

test('connections beyond the bound are ended, and counted', async () => {
  const { app } = bench();
  const server = await listen({ app, host, port: 0, tls: undefined, mostConnections: 1 });
  const first = connect(server.port, host);
  await once(first, 'connect');
  const second = connect(server.port, host).on('error', () => undefined);
  await once(second, 'close');
  await vi.waitFor(() => expect(server.turnedAway()).toBe(1), { timeout: 20_000 });
  expect(first.closed).toBe(false);
  first.destroy();
  await server.close();
});

test('it answers over TLS with the configured certificate', async () => {
  const server = await listen({ app: bench({ tls: true }).app, host, port: 0, tls });
  const agent = new Agent({ ca: await readFile(tls.certFile) });
  const status = await new Promise((resolve, reject) => {
    get(`${server.url}/api/v1/packs`, { agent }, (response) =>
      resolve(response.resume().statusCode),
    ).on('error', reject);
  });
  expect(status).toBe(200);
  agent.destroy();
  await server.close();
});

test('a port in use, and a certificate that does not serve, are told by the setting', async () => {
  const { app } = bench();
  const server = await listen({ app, host, port: 0, tls: undefined });
  await expect(listen({ app, host, port: server.port, tls: undefined })).rejects.toThrow(
    /taken.*http\.port/,
  );
  await server.close();
  const missing = { ...tls, certFile: '/nowhere.pem' };
  await expect(listen({ app, host, port: 0, tls: missing })).rejects.toThrow(
    /http\.tls\.certFile.*nowhere/,
  );
  const mixed = { ...tls, certFile: tls.keyFile };
  await expect(listen({ app, host, port: 0, tls: mixed })).rejects.toThrow(/http\.tls/);
});

test('closing does not wait for a client that does not read', async () => {
  const { app, store } = bench();
  fillWithMuch(store);
  const server = await listen({ app, host, port: 0, tls: undefined, closeWithinMs: 100 });
  const socket = connect(server.port, host).pause();
  socket.on('error', () => socket.destroy());
  socket.write(
    'GET /api/v1/readings?channel=keihin/pi-1/pack-1/pressure HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  );
  await vi.waitFor(() => expect(store.openReads).toBe(1), { timeout: 20_000 });
  await server.close();
  await vi.waitFor(() => expect(store.openReads).toBe(0), { timeout: 20_000 });
  socket.destroy();
});

test('a body of any depth is a mistake of whoever sent it', async () => {
  const server = await listen({ app: bench().app, host, port: 0, tls: undefined });
  const response = await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"token":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('nested deeper than');
  await server.close();
});

test('a body without a length is bounded too', async () => {
  const { app } = bench({ limits: { bodyBytes: 1000 } });
  const server = await listen({ app, host, port: 0, tls: undefined });
  const post = (text: string): Promise<Response> => {
    const init = { method: 'POST', body: new Blob([text]).stream(), duplex: 'half' };
    return fetch(`${server.url}/api/v1/session`, init);
  };
  expect((await post(JSON.stringify({ token: 'x' }))).status).toBe(204);
  expect((await post(JSON.stringify({ token: 'x'.repeat(100_000) }))).status).toBe(413);
  await server.close();
});

test('a request that names no host, or a broken one, is refused', async () => {
  const server = await listen({ app: bench().app, host, port: 0, tls: undefined });
  for (const head of ['Host: a b', 'Host: 127.0.0.1@evil.example', 'Host:', 'X: 1']) {
    const answer = await exchange(
      server.port,
      `GET /api/v1/packs HTTP/1.1\r\n${head}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer, head).toMatch(/^HTTP\/1\.1 4\d\d /);
  }
  await server.close();
});

function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    connect(port, host)
      .setEncoding('utf8')
      .on('data', (chunk: string) => (answer += chunk))
      .on('close', () => resolve(answer))
      .on('error', reject)
      .end(text);
  });
}
