import { expect, test, vi } from 'vitest';
import { type Route, routes } from '#gateway/contract';
import { createAccess } from '../access/operator.ts';
import { bench, clock } from './testing-app.ts';

vi.setConfig({ testTimeout: 60_000 });

const token = 'a token of good length';

function locked(tls = false) {
  const access = createAccess({
    mode: 'credentials',
    secret: { kind: 'text', text: token },
    host: '0.0.0.0',
    publicHosts: [],
    clock,
  });
  return bench({ access, tls }).app.hono;
}

const login = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers,
});

test('an open gateway on loopback answers to loopback names alone', async () => {
  const { hono } = bench().app;
  for (const host of ['localhost', '127.0.0.1:8080', '127.9.9.9', '[::1]:8080', 'LOCALHOST'])
    expect((await hono.request(`http://${host}/api/v1/packs`)).status, host).toBe(200);
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.0.2.1',
    '[2001:db8::1]',
  ]) {
    const response = await hono.request(`http://${host}/api/v1/packs`);
    expect(response.status, host).toBe(421);
    expect(await response.text(), host).toContain('http.publicHosts');
  }
});

test('a network gateway that is open by choice answers to addresses and to the names it was given', async () => {
  const mode = 'open-by-choice';
  const access = createAccess({
    mode,
    secret: undefined,
    host: '0.0.0.0',
    publicHosts: ['pi.local'],
    clock,
  });
  const { hono } = bench({ access }).app;
  for (const host of ['192.0.2.1:8080', '[2001:db8::1]', 'pi.local', 'localhost'])
    expect((await hono.request(`http://${host}/api/v1/packs`)).status, host).toBe(200);
  expect((await hono.request('http://evil.example/api/v1/packs')).status).toBe(421);
});

test('a page of somebody else may change nothing; ours, and programs, may', async () => {
  const { hono } = bench().app;
  const path = 'http://127.0.0.1:8080/api/v1/session';
  for (const origin of [
    'http://evil.example',
    'http://127.0.0.1:9999',
    'null',
    'http://127.0.0.1:8080.evil.example',
  ])
    expect((await hono.request(path, login({ token }, { origin }))).status, origin).toBe(403);
  expect(
    (await hono.request(path, login({ token }, { origin: 'http://127.0.0.1:8080' }))).status,
  ).toBe(204);
  expect((await hono.request(path, login({ token }))).status).toBe(204);
});

test('without credentials a locked gateway gives the page and nothing else', async () => {
  const hono = locked();
  for (const path of [
    '/api/v1/health',
    '/api/v1/live',
    '/api/v1/openapi.json',
    '/api/v1/nothing',
    '/metrics',
  ]) {
    const response = await hono.request(path);
    expect(response.status, path).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
  }
  expect(await (await hono.request('/')).text()).toContain('not built');
});

test('nobody states anything without credentials', async () => {
  const hono = locked();
  const posts = Object.values<Route>(routes).filter(({ method }) => method === 'post');
  expect(posts.length).toBeGreaterThan(8);
  for (const { path } of posts) {
    const response = await hono.request(`/api/v1${path.replaceAll(/:[a-z]+/g, 'x')}`, {
      method: 'POST',
      body: '{}',
    });
    expect(response.status, path).toBe(401);
  }
});

test('the operator token opens it', async () => {
  const hono = locked();
  const ask = (authorization: string) =>
    hono.request('/api/v1/packs', { headers: { authorization } });
  expect((await ask(`Bearer ${token.replaceAll(' ', '-')}`)).status).toBe(401);
  expect((await ask('Basic dXNlcjpwYXNz')).status).toBe(401);
  const access = createAccess({
    mode: 'credentials',
    secret: { kind: 'text', text: 'kadoru-operator-token' },
    host: '0.0.0.0',
    publicHosts: [],
    clock,
  });
  const opened = bench({ access }).app.hono;
  const headers = { authorization: 'Bearer kadoru-operator-token' };
  expect((await opened.request('/api/v1/packs', { headers })).status).toBe(200);
  expect((await opened.request('/metrics', { headers })).status).toBe(200);
});

test('a page exchanges the token for a cookie that its scripts cannot read, and gives it back', async () => {
  const hono = locked(true);
  expect(
    (await hono.request('/api/v1/session', login({ token: 'wrong token, quite long' }))).status,
  ).toBe(401);
  const entered = await hono.request('/api/v1/session', login({ token }));
  expect(entered.status).toBe(204);
  const given = entered.headers.get('set-cookie') ?? '';
  for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Secure', 'Path=/', 'Max-Age='])
    expect(given).toContain(attribute);
  const headers = { cookie: given.split(';')[0] ?? '' };
  expect((await hono.request('/api/v1/packs', { headers })).status).toBe(200);
  expect((await hono.request('/api/v1/session', { method: 'DELETE', headers })).status).toBe(204);
  expect((await hono.request('/api/v1/packs', { headers })).status).toBe(401);
});

test('without TLS the cookie still works, since a browser would not send a secure one', async () => {
  const entered = await locked(false).request('/api/v1/session', login({ token }));
  expect(entered.headers.get('set-cookie')).not.toContain('Secure');
});

test('a body that is not the one is refused, and a secret in it is never repeated', async () => {
  const hono = locked();
  for (const body of [
    {},
    { token: '' },
    { token: 1 },
    { token: 'x'.repeat(2000) },
    { token, more: 1 },
    'text',
    null,
  ]) {
    const response = await hono.request('/api/v1/session', login(body));
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain(token);
  }
  expect((await hono.request('/api/v1/session', { method: 'POST', body: '{' })).status).toBe(400);
});

test('who guesses too often must wait, and is counted', async () => {
  const hono = locked();
  const guess = () => hono.request('/api/v1/session', login({ token: 'wrong token, quite long' }));
  for (let attempt = 0; attempt < 10; attempt += 1) expect((await guess()).status).toBe(401);
  const refused = await guess();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await hono.request('/api/v1/session', login({ token }))).status).toBe(429);
});

test('every answer carries the security headers, failures too', async () => {
  const { hono } = bench().app;
  for (const path of ['/', '/api/v1/packs', '/api/v1/nothing', '/api/v1/gaps?x=1']) {
    const { headers } = await hono.request(path);
    expect(headers.get('content-security-policy'), path).toContain(
      "default-src 'none'; script-src 'self'",
    );
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(headers.get('x-frame-options'), path).toBe('DENY');
    expect(headers.get('referrer-policy'), path).toBe('no-referrer');
    expect(headers.get('strict-transport-security'), path).toBeNull();
  }
  expect((await locked(true).request('/')).headers.get('strict-transport-security')).toContain(
    'max-age=',
  );
});
