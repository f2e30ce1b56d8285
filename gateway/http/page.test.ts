import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listen } from './server.ts';
import { bench } from './testing-app.ts';

vi.setConfig({ testTimeout: 60_000 });

let dir = '';
let page = '';

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kadoru-page-'));
  page = join(dir, 'page');
  mkdirSync(join(page, 'fonts'), { recursive: true });
  writeFileSync(join(page, 'index.html'), '<!doctype html>');
  writeFileSync(join(page, 'index.js'), 'export {};');
  writeFileSync(join(page, 'fonts', 'mono.woff2'), 'font');
  writeFileSync(join(dir, 'secret'), 'hunter2');
  symlinkSync(join(dir, 'secret'), join(page, 'link'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const hono = () => bench({ pageDir: page }).app.hono;

test('the page and its files come with their types', async () => {
  for (const [path, type] of [
    ['/', 'text/html; charset=utf-8'],
    ['/index.html', 'text/html; charset=utf-8'],
    ['/index.js', 'text/javascript; charset=utf-8'],
    ['/fonts/mono.woff2', 'font/woff2'],
  ] as const) {
    const response = await hono().request(path);
    expect(response.status, path).toBe(200);
    expect(response.headers.get('content-type'), path).toBe(type);
  }
});

test('a browser that has the file is told so, and one that has an older one gets the new', async () => {
  const first = await hono().request('/index.js');
  const etag = first.headers.get('etag') ?? '';
  const ask = () => hono().request('/index.js', { headers: { 'if-none-match': etag } });
  expect(first.headers.get('cache-control')).toBe('no-cache');
  expect((await ask()).status).toBe(304);
  writeFileSync(join(page, 'index.js'), 'export const changed = true;');
  expect((await ask()).status).toBe(200);
});

test('no path leads out of the folder, over a real socket that normalises nothing', async () => {
  const { app } = bench({ pageDir: page });
  const server = await listen({ app, host: '127.0.0.1', port: 0, tls: undefined });
  try {
    for (const path of [
      '/../secret',
      '/..%2fsecret',
      '/%2e%2e/secret',
      '/fonts/../../secret',
      '/link',
      '//etc/passwd',
      '/..\\secret',
    ]) {
      const answer = await raw(server.port, path);
      expect(answer.status, path).toBeGreaterThanOrEqual(400);
      expect(answer.text, path).not.toContain('hunter2');
    }
  } finally {
    await server.close();
  }
});

function raw(port: number, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .end();
  });
}

test('a page that was not built says so and how to build it', async () => {
  for (const pageDir of [undefined, join(dir, 'nowhere')]) {
    const { app } = bench(pageDir === undefined ? {} : { pageDir });
    const response = await app.hono.request('/');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('npm run build');
  }
});

test('a folder that cannot be the page is refused at start', () => {
  for (let index = 0; index < 201; index += 1) writeFileSync(join(page, `${index}.js`), '');
  expect(hono).toThrow(/more than 200 files/);
  rmSync(page, { recursive: true });
  mkdirSync(page);
  writeFileSync(join(page, ':id.js'), '');
  expect(hono).toThrow(/:id\.js/);
});
