import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BookLine, bookLineSchema } from '#gateway/contract';
import {
  delivery,
  hourMs,
  minuteMs,
  nowMs,
  type StatementBench,
  statementBench,
} from './packs/testing-plant.ts';

let bench: StatementBench;
const start = nowMs - 10 * hourMs;
const at = (mpa: number, minutes: number): [number, number][] =>
  Array.from({ length: minutes }, () => [mpa, 20]);
const fall = Array.from({ length: 60 }, (_, index): [number, number] => [18 - index / 10, 20]);

beforeAll(async () => {
  bench = await statementBench();
  await bench.measure('pack-1', start, [
    ...fall,
    ...at(0, 10),
    ...at(8, 20),
    ...at(0, 10),
    ...at(17, 30),
  ]);
  await bench.derive();
  const evil = { serial: '=HYPERLINK("http://x")', purityCertificate: '<script>alert(1)</script>' };
  const { id } = await bench.state<{ id: string }>(
    '/packs/pack-1/deliveries',
    delivery(start, evil),
  );
  const segments = await bench.items<{ at: number }>('/packs/pack-1/segments');
  const [swap, loss] = segments;
  const said = { by: '佐藤', what: 'loss', comment: 'フランジ' };
  await bench.state(`/packs/pack-1/segments/${loss?.at}/resolution`, said);
  await bench.state('/packs/pack-1/batches', {
    by: '田中',
    lot: 'L-7',
    units: 1,
    from: start,
    to: start + hourMs,
  });
  await bench.state(`/packs/pack-1/deliveries/${id}/return`, {
    by: '佐藤',
    state: { at: start + 95 * minuteMs, pressureMpa: 8, temperatureC: 20 },
  });
  await bench.state(
    '/packs/pack-1/deliveries',
    delivery(swap?.at ?? 0, { segmentAt: swap?.at, origin: 'yamanashi', serial: 'Y-1' }),
  );
});
afterAll(() => bench.close());

test('each delivery is received, issued and returned, with its loss apart, oldest first', async () => {
  const lines = await bench.items<BookLine>('/book');
  for (const line of lines) expect(bookLineSchema.parse(line)).toEqual(line);
  expect(lines.map(({ origin, entry }) => `${origin} ${entry}`)).toEqual([
    'tokyo received',
    'tokyo lost',
    'tokyo issued',
    'tokyo returned',
    'yamanashi received',
    'yamanashi issued',
  ]);
  const [received, lost, issued, returned] = lines;
  expect(issued).toMatchObject({ reference: 'L-7', by: '佐藤' });
  expect(lost).toMatchObject({ reference: 'フランジ', by: '佐藤' });
  // What came is what was issued, lost and returned, within the four uncertainties.
  const parts = [lost, issued, returned];
  const balance = (received?.kg ?? 0) - parts.reduce((sum, line) => sum + (line?.kg ?? 0), 0);
  const uncertain = Math.hypot(
    ...[received, ...parts].map((line) => line?.expandedUncertaintyKg ?? 0),
  );
  expect(Math.abs(balance)).toBeLessThan(uncertain);
  expect(uncertain).toBeLessThan(2);
});

test('an origin and a span cut it; a pack’s gas of before the span is not issued in it', async () => {
  expect(
    (await bench.items<BookLine>('/book?origin=yamanashi')).map(({ serial }) => serial),
  ).toEqual(['Y-1', 'Y-1']);
  const part = `from=${start + 30 * minuteMs}&to=${start + 60 * minuteMs}`;
  const half = await bench.items<BookLine>(`/book?origin=tokyo&${part}`);
  const [all] = (await bench.items<BookLine>('/book?origin=tokyo')).filter(
    ({ entry }) => entry === 'issued',
  );
  expect(half.map(({ entry }) => entry)).toEqual(['issued']);
  expect(half[0]?.kg).toBeGreaterThan(0.4 * (all?.kg ?? 0));
  expect(half[0]?.kg).toBeLessThan(0.6 * (all?.kg ?? 0));
  expect((await bench.get('/book?site=nowhere')).status).toBe(404);
  expect((await bench.get('/book?origin=osaka')).status).toBe(400);
});

test('as CSV it begins with the mark of UTF-8, has Japan’s times, and no cell is a formula', async () => {
  const response = await bench.get('/book?format=csv');
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const bytes = Buffer.from(await response.arrayBuffer());
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const [header, first, ...rest] = bytes.subarray(3).toString('utf8').trimEnd().split('\r\n');
  expect(header).toBe('at,pack,origin,entry,serial,kg,expandedUncertaintyKg,reference,by');
  expect(first).toMatch(/^2026-04-10T01:59:00\.000\+09:00,pack-1,tokyo,received,"'=HYPERLINK\(""/);
  expect(rest).toHaveLength(5);
});

test('as a page it prints on A4, needs nothing else, runs nothing, and its style is the one the policy allows', async () => {
  const response = await bench.get('/book?format=html');
  expect(response.headers.get('content-type')).toContain('text/html');
  const page = await response.text();
  expect(page).toContain('<html lang="ja">');
  expect(page).not.toMatch(/<script|<link|<img|\sstyle=|\son\w+=/i);
  expect(page).toContain('&lt;script&gt;alert(1)');
  const [, style = ''] = /<style>([^]*)<\/style>/.exec(page) ?? [];
  expect(style).toContain('@page { size: A4');
  const hash = createHash('sha256').update(style).digest('base64');
  expect(response.headers.get('content-security-policy')).toContain(
    `style-src 'self' 'sha256-${hash}'`,
  );
  for (const word of ['受入', '払出', '損失', '返却', '東京', '山梨', 'フランジ', 'L-7'])
    expect(page).toContain(word);
});
