import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Document, OpenAPIClientAxios } from 'openapi-client-axios';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { intervalPullSchema, progressSchema } from '#gateway/contract';
import { type Partner, partner } from './testing-partner.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let office: Partner;
let token: string;
beforeAll(async () => {
  office = await partner();
  token = await office.token('partner');
});
afterAll(() => office.close());

test('a client generated from the document pulls, page by page, and goes on with the cursor', async () => {
  const definition = await office.json<Document>('/openapi.json', token);
  const headers = { authorization: `Bearer ${token}` };
  const api = new OpenAPIClientAxios({
    definition,
    axiosConfigDefaults: { baseURL: `${office.url}/api/v1`, headers },
  });
  const client = await api.init();
  const pull = async (query: Record<string, string | number>) => {
    const answer = await client['projectIntervals']?.({
      id: 'minato-pv',
      purpose: 'monitoring report',
      ...query,
    });
    return intervalPullSchema.parse(answer?.data);
  };
  const first = await pull({ limit: 150 });
  const second = await pull({ limit: 150, page: first.next ?? '' });
  expect(first.items.length + second.items.length).toBeGreaterThan(150);
  expect(await pull({ since: second.cursor })).toMatchObject({ items: [] });
  const progress = await client['projectProgress']?.({ id: 'minato-pv' });
  expect(progressSchema.parse(progress?.data).members.enrolled).toBe(2);
});

test('the examples of the document are answers of its schemas', async () => {
  const { programmeRoutes } = await import('../../contract/programme-routes.ts');
  for (const [name, route] of Object.entries(programmeRoutes)) {
    if (!('example' in route)) continue;
    expect(route.answer.safeParse(route.example).error, name).toBeUndefined();
  }
});

test('curl pulls with nothing but a token and a purpose', async () => {
  const from = 'from=2026-05-01T00:00:00+09:00';
  const { stdout } = await promisify(execFile)('curl', [
    '--silent',
    '--show-error',
    '--fail',
    '--compressed',
    '--get',
    '--header',
    `Authorization: Bearer ${token}`,
    '--data-urlencode',
    'purpose=監査',
    '--data-urlencode',
    from,
    '--data',
    'format=csv',
    `${office.url}/api/v1/projects/minato-pv/intervals`,
  ]);
  const lines = stdout.trimEnd().split('\r\n');
  expect(lines[0]).toMatch(/^member,meter,item,register,start,end,wh,unallocated,coveredSeconds,/);
  expect(lines.length).toBeGreaterThan(4 * 48);
});
