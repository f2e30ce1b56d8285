import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import type { OutboxLimits } from './outbox.ts';
import { transition } from './testing-alarms.ts';
import {
  defaultWebhookLimits,
  retryAfterMs,
  signature,
  webhookName,
  webhookSecret,
  webhookSink,
} from './webhook.ts';

interface Heard {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answer = (request: Heard, response: ServerResponse) => void;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A receiver that answers as it is told, one answer after the other, the last one for ever. */
async function receiver(...answers: readonly Answer[]) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const told = { path: request.url ?? '', headers: request.headers, body };
      heard.push(told);
      const answer = answers[Math.min(heard.length, answers.length) - 1];
      answer?.(told, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  closers.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return { heard, url: `http://127.0.0.1:${port}/hook` };
}

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    response.writeHead(code, headers).end('whatever');

function sink(
  url: string,
  changes: Partial<OutboxLimits> = {},
  config: Partial<Parameters<typeof webhookSink>[0]['config']> = {},
  secret?: Uint8Array,
) {
  const settled: number[] = [];
  const told: (string | undefined)[] = [];
  const made = webhookSink({
    config: { url, ...config },
    secret,
    limits: { ...defaultWebhookLimits, retryMs: { first: 5, most: 20 }, ...changes },
    clock: systemClock,
    random: Math.random,
    settled: (seq) => settled.push(seq),
    told: (failure) => told.push(failure),
  });
  closers.push(() => made.stop());
  return { sink: made, settled, told };
}

describe('delivery', () => {
  test('every transition is posted once, in order, and settled', async () => {
    const { heard, url } = await receiver(status(204));
    const { sink: hook, settled } = sink(url);
    for (const seq of [1, 2, 3]) hook.offer(transition(seq));
    await vi.waitFor(() => expect(settled).toEqual([1, 2, 3]), 20_000);
    expect(heard.map(({ body }) => JSON.parse(body))).toMatchObject(
      [1, 2, 3].map((seq) => ({ type: 'alarm.raised', data: { seq, alarm: { kind: 'stop' } } })),
    );
    expect(hook.standing()).toMatchObject({ delivered: 3, failed: 0, waiting: 0, lastError: null });
  });

  test('a server that fails, says wait, and breaks the connection is asked again with the same id', async () => {
    const { heard, url } = await receiver(
      status(503),
      status(429, { 'retry-after': '0' }),
      (_request, response) => response.socket?.destroy(),
      status(200),
    );
    const { sink: hook, settled, told } = sink(url);
    hook.offer(transition(7));
    await vi.waitFor(() => expect(settled).toEqual([7]), 20_000);
    expect(heard).toHaveLength(4);
    expect(new Set(heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(heard[0]?.headers['webhook-id']).toBe(`${transition(7).after.occurrence}/7`);
    expect(hook.standing()).toMatchObject({ delivered: 1, retries: 3 });
    expect(told).toEqual(['answered 503', undefined]);
  });

  test('one who says how long to wait is left alone that long', async () => {
    const times: number[] = [];
    const note =
      (answer: Answer): Answer =>
      (request, response) => {
        times.push(performance.now());
        answer(request, response);
      };
    const { url } = await receiver(note(status(429, { 'retry-after': '1' })), note(status(200)));
    const { sink: hook, settled } = sink(url);
    hook.offer(transition(1));
    await vi.waitFor(() => expect(settled).toEqual([1]), 20_000);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test('a refusal for good is not repeated, is counted, and does not stop the next', async () => {
    const { heard, url } = await receiver(status(404), status(200));
    const { sink: hook, settled } = sink(url);
    hook.offer(transition(1));
    hook.offer(transition(2));
    await vi.waitFor(() => expect(settled).toEqual([1, 2]), 20_000);
    expect(heard).toHaveLength(2);
    expect(hook.standing()).toMatchObject({ delivered: 1, failed: 1, retries: 0 });
  });

  test('a redirect is not followed', async () => {
    const { heard, url } = await receiver(status(307, { location: '/elsewhere' }), status(200));
    const { sink: hook, settled } = sink(url);
    hook.offer(transition(1));
    await vi.waitFor(() => expect(settled).toEqual([1]), 20_000);
    expect(heard.map(({ path }) => path)).toEqual(['/hook']);
    expect(hook.standing()).toMatchObject({ failed: 1 });
    expect(hook.standing().lastError).toContain('redirects are not followed');
  });

  test('a server that never answers is left after a time', async () => {
    const { heard, url } = await receiver(() => undefined, status(200));
    const { sink: hook, settled } = sink(url, { tryMs: 50 });
    hook.offer(transition(1));
    await vi.waitFor(() => expect(settled).toEqual([1]), 20_000);
    expect(heard).toHaveLength(2);
  });

  test('after the longest time it is given up and counted', async () => {
    const { url } = await receiver(status(500));
    const { sink: hook, settled } = sink(url, { giveUpAfterMs: 60 });
    hook.offer(transition(1));
    await vi.waitFor(() => expect(settled).toEqual([1]), 20_000);
    expect(hook.standing()).toMatchObject({ delivered: 0, failed: 1, waiting: 0 });
    expect(hook.standing().lastError).toBe('answered 500');
  });

  test('more than can wait: the oldest is dropped and counted, the newest arrive', async () => {
    const { heard, url } = await receiver((_request, response) => {
      setTimeout(() => response.writeHead(200).end(), 200);
    }, status(200));
    const { sink: hook, settled } = sink(url, { waiting: 2 });
    hook.offer(transition(1));
    await vi.waitFor(() => expect(heard).toHaveLength(1), 20_000);
    for (const seq of [2, 3, 4, 5]) hook.offer(transition(seq));
    expect(hook.standing()).toMatchObject({ waiting: 3, dropped: 2 });
    await vi.waitFor(() => expect(settled).toEqual([1, 4, 5]), 20_000);
  });

  test('ending does not wait for a server that does not answer, and settles nothing', async () => {
    const { heard, url } = await receiver(() => undefined);
    const { sink: hook, settled } = sink(url);
    hook.offer(transition(1));
    await vi.waitFor(() => expect(heard).toHaveLength(1), 20_000);
    await hook.stop();
    expect(settled).toEqual([]);
    expect(hook.standing().delivered).toBe(0);
  });
});

describe('signature', () => {
  /** The example that Svix's libraries and the Standard Webhooks reference are tested with. */
  test('is the one of Standard Webhooks', () => {
    expect(
      signature(
        'msg_p5jXN8AQM9LWM0D4loKWxJek',
        '1614265330',
        '{"test": 2432232314}',
        webhookSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'),
      ),
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('stands on every request when there is a secret, over the bytes that were sent', async () => {
    const { heard, url } = await receiver(status(500), status(200));
    const secret = webhookSecret('a secret in plain text');
    const { sink: hook, settled } = sink(url, {}, {}, secret);
    hook.offer(transition(1));
    await vi.waitFor(() => expect(settled).toEqual([1]), 20_000);
    for (const { headers, body } of heard) {
      const id = String(headers['webhook-id']);
      const timestamp = String(headers['webhook-timestamp']);
      expect(headers['webhook-signature']).toBe(signature(id, timestamp, body, secret));
    }
  });

  test('there is none without a secret', async () => {
    const { heard, url } = await receiver(status(200));
    const { sink: hook, settled } = sink(url);
    hook.offer(transition(1));
    await vi.waitFor(() => expect(settled).toEqual([1]), 20_000);
    expect(heard[0]?.headers).not.toHaveProperty('webhook-signature');
  });
});

test('a receiver gets the kinds and priorities it asked for, and nothing that is shelved', () => {
  const { sink: hook } = sink('http://127.0.0.1:9/', {}, { priorities: ['urgent'] });
  const { sink: narrow } = sink('http://127.0.0.1:9/', {}, { kinds: ['half-mass'] });
  expect(hook.wants(transition(1))).toBe(true);
  expect(hook.wants(transition(1, { priority: 'note' }))).toBe(false);
  expect(narrow.wants(transition(1))).toBe(false);
  expect(narrow.wants(transition(1, { kind: 'half-mass' }))).toBe(true);
  const shelf = { by: 'Sato', at: 1, until: 2, why: 'works' };
  expect(hook.wants(transition(1, { shelf }))).toBe(false);
  expect(hook.wants({ ...transition(1, { shelf }), change: 'shelved' })).toBe(true);
});

test('names tell receivers apart without telling their paths', () => {
  const one = webhookName('https://hooks.example.jp/services/secret-path');
  expect(one).toMatch(/^webhook\/hooks\.example\.jp\/[0-9a-f]{8}$/);
  expect(webhookName('https://hooks.example.jp/services/other')).not.toBe(one);
});

test('Retry-After is seconds or a date, and at most an hour', () => {
  const nowMs = Date.parse('2026-12-01T00:00:00Z');
  expect(retryAfterMs('120', nowMs)).toBe(120_000);
  expect(retryAfterMs('Tue, 01 Dec 2026 00:01:00 GMT', nowMs)).toBe(60_000);
  expect(retryAfterMs('999999', nowMs)).toBe(3_600_000);
  for (const text of [null, '', 'soon', '-5', 'Mon, 30 Nov 2026 00:00:00 GMT', '1e3'])
    expect(retryAfterMs(text, nowMs)).toBeUndefined();
});
