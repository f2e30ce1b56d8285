import type { Frame } from '#device/contract';
import type { Problem } from '#gateway/contract';
import { importProgramme } from '../../programme/import.ts';
import { tables } from '../../programme/testing-tables.ts';
import { addToken } from '../../programme/tokens.ts';
import type { RecordDesk } from '../../records/desk.ts';
import { type MeterBench, meterBench } from '../energy/testing-meters.ts';
import { listen, type HttpServer } from '../server.ts';

/** Test equipment: a programme of a home and a shop behind a real server, and somebody with a token. */

export const minuteMs = 60_000;
export const start = Date.parse('2026-05-01T00:00:00+09:00');
export const nowMs = start + 2 * 24 * 60 * minuteMs;

export const sites = `sites: [{ id: minato, generators: [
  { id: home-1, kind: pv, device: pi-1, meters: { exported: {} } },
  { id: shop-1, kind: pv, device: pi-2, meters: { exported: {} } },
  { id: other-1, kind: pv, device: pi-3 } ] }]`;

/** Every five minutes of a day; the register of what was generated rises by 20 Wh, that of what was sold by 5. */
export function day(asset: string, places: (place: number) => boolean = () => true): Frame[] {
  return Array.from({ length: 289 }, (_, seq) => ({
    stream: 's',
    seq,
    at: start + seq * 5 * minuteMs,
    clock: 'synced' as const,
    readings: {
      [`${asset}/generated`]: { value: 1_000 + seq * 20 },
      [`${asset}/exported`]: { value: 500 + seq * 5 },
    },
  })).filter(({ seq }) => places(seq));
}

export interface Partner {
  readonly bench: MeterBench;
  readonly url: string;
  /** Asks with a token of a role, or as the operator. */
  get(path: string, token?: string, headers?: Record<string, string>): Promise<Response>;
  json<T>(path: string, token?: string): Promise<T>;
  /** What is refused: status and reason. */
  refused(path: string, token?: string): Promise<readonly [number, string]>;
  token(role: string, project?: string): Promise<string>;
  close(): Promise<void>;
}

export async function partner(): Promise<Partner> {
  const bench = await meterBench(sites, nowMs);
  await enrol(bench.desk);
  await bench.receive(
    'minato',
    'pi-1',
    day('home-1', (place) => place < 120 || place > 141),
  );
  await bench.receive('minato', 'pi-2', day('shop-1'));
  await bench.receive('minato', 'pi-3', day('other-1'));
  await bench.derive();
  const server: HttpServer = await listen({
    app: bench.app,
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
  });
  const get = (path: string, token?: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/api/v1${path}`, {
      headers: token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` },
    });
  return {
    bench,
    url: server.url,
    get,
    json: async (path, token) => {
      const answer = await get(path, token);
      if (answer.status !== 200) throw new Error(`${path}: ${await answer.text()}`);
      return answer.json();
    },
    refused: async (path, token) => {
      const answer = await get(path, token);
      const problem: Problem = await answer.json();
      return [answer.status, problem.detail ?? ''];
    },
    token: (role, project = 'minato-pv') => tokenOf(bench.desk, role, project),
    close: async () => {
      await server.close();
      await bench.close();
    },
  };
}

async function enrol(desk: RecordDesk): Promise<void> {
  const parts = { desk, by: '佐藤', nowMs: nowMs - 60_000, registers: new Set<string>() };
  const done = (await importProgramme(parts, tables)).at(-1);
  if (done === undefined || !('mistakes' in done) || done.mistakes > 0)
    throw new Error('the programme was not taken');
  const other = tables.project.replace('minato-pv,', 'other-pv,');
  await importProgramme(parts, { project: other });
}

async function tokenOf(desk: RecordDesk, role: string, project: string): Promise<string> {
  const about = { project, role, holder: `the ${role}`, expires: '2027-03-31', by: '佐藤' };
  const made = await addToken(desk, about, nowMs);
  if (!('text' in made)) throw new Error(JSON.stringify(made));
  return made.text;
}
