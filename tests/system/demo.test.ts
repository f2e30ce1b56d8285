import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { Generator, Pack, ReductionList } from '#gateway/contract';
import { freePort } from './ports.ts';
import { type Program, runKadoru, temporaryFolder } from './program.ts';

/** `npm start`, as a newcomer meets it. */
const patience = { timeout: 60_000, interval: 100 };
const running: Program[] = [];
afterEach(async () => {
  for (const program of running.splice(0)) await program.end('SIGKILL');
});

async function start(data: string) {
  const [http, mqtt] = [await freePort(), await freePort()];
  const demo = runKadoru('simulate', [
    'demo',
    '--http-port',
    String(http),
    '--mqtt-port',
    String(mqtt),
    '--data',
    data,
  ]);
  running.push(demo);
  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(`http://127.0.0.1:${http}/api/v1${path}`)).json()) as T;
  const first = async <T>(path: string) => (await get<{ items: T[] }>(path)).items[0];
  return {
    demo,
    pack: () => first<Pack>('/packs'),
    generator: () => first<Generator>('/generators'),
    fuelCell: async () =>
      (await get<{ items: Generator[] }>('/generators')).items.find(({ id }) => id === 'fc-1'),
    history: () =>
      get<{ items: { totalKg: number | null }[] }>('/packs/pack-1/history?points=1500'),
    reductions: (from: number) =>
      get<ReductionList>(`/reductions?generator=keihin/pv-1&resolution=30m&from=${from}`),
    rows: async (channel: string) => {
      const text = await (
        await fetch(`http://127.0.0.1:${http}/api/v1/readings?channel=keihin/pi-1/${channel}`)
      ).text();
      return text
        .trim()
        .split('\n')
        .map((row) => JSON.parse(row) as { at: number; value: number | null; stream: string });
    },
  };
}

/** Processes of ours that work on this folder. */
function processesOn(data: string): string[] {
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter(
      (row) =>
        row.includes(data) &&
        row.includes('.build/kadoru-') &&
        !row.includes('kadoru-simulate.js demo'),
    );
}

test(
  'one command: a day of history, a live pack, nothing jumps at a second start, nothing is left behind',
  { timeout: 300_000 },
  async () => {
    const data = temporaryFolder();
    const once = await start(data);
    expect(await once.demo.said(/Kadoru is running/)).toMatch(/http:\/\/127\.0\.0\.1:\d+\//);
    expect((await once.pack())?.quality).toBe('good');
    // Not its power: the sun is the real one, and at night the meter is silent.
    await vi.waitFor(
      async () => expect((await once.generator())?.generatedWh ?? null).not.toBeNull(),
      patience,
    );
    await vi.waitFor(async () => {
      const { items } = await once.history();
      expect(items.filter(({ totalKg }) => totalKg !== null).length).toBeGreaterThan(1430);
    }, patience);
    // A day of sun is in the history, and some of it was used at home.
    await vi.waitFor(async () => {
      const { provisional, items } = await once.reductions(Date.now() - 2 * 86_400_000);
      expect(items.reduce((sum, { kg }) => sum + Number(kg ?? 0), 0)).toBeGreaterThan(0.1);
      expect(provisional.map(({ reason }) => reason)).toContain('factor-of-another-year');
    }, patience);
    expect((await once.generator())?.reduction).toMatchObject({ withheld: null });
    expect((await once.fuelCell())?.reduction?.withheld?.reason).toBe('no-heat');
    expect(await once.demo.end('SIGINT')).toBe(0);
    expect(processesOn(data)).toEqual([]);

    const again = await start(data);
    await again.demo.said(/Kadoru is running/);
    await vi.waitFor(
      async () => expect((await again.generator())?.generatedWh ?? null).not.toBeNull(),
      patience,
    );
    // Over ECHONET Lite, through the real device: registers of its node, that nothing sets back.
    await vi.waitFor(
      async () =>
        expect(await again.fuelCell()).toMatchObject({ kind: 'fuel-cell', quality: 'good' }),
      patience,
    );
    for (const quantity of ['generated', 'gas'] as const) {
      const rows = await again.rows(`fc-1/${quantity}`);
      const counted = rows.flatMap(({ value }) => value ?? []);
      expect(counted.length).toBeGreaterThan(1_400);
      expect(counted).toEqual(counted.toSorted((a, b) => a - b));
    }
    // Over Modbus TCP, through the real device: the fill's registers go on in those of the meter.
    await vi.waitFor(async () => {
      const { stream } = (await again.rows('grid-1/imported')).at(-1) ?? {};
      expect(stream).not.toMatch(/^(fill-|$)/);
      expect(stream).toBeDefined();
    }, patience);
    for (const quantity of ['imported', 'exported'] as const) {
      const counted = (await again.rows(`grid-1/${quantity}`)).flatMap(({ value }) => value ?? []);
      expect(counted.length).toBeGreaterThan(1_400);
      expect(counted).toEqual(counted.toSorted((a, b) => a - b));
    }
    const registers = (await again.rows('pv-1/generated')).flatMap(({ value }) => value ?? []);
    expect(registers).toEqual(registers.toSorted((a, b) => a - b));
    const steps = registers.slice(1).map((wh, index) => wh - (registers[index] ?? wh));
    // 5 kW for a minute are 84 Wh.
    expect(Math.max(...steps)).toBeLessThan(170);
    const pressures = (await again.rows('pack-1/pressure')).flatMap(({ value }) => value ?? []);
    const falls = pressures.slice(1).map((mpa, index) => Math.abs(mpa - (pressures[index] ?? mpa)));
    // A fresh pack may take the place of an empty one, once or twice a day; nothing else steps.
    expect(falls.filter((step) => step > 0.1).length).toBeLessThanOrEqual(2);
  },
);

test('a killed parent takes its processes with it', { timeout: 120_000 }, async () => {
  const data = temporaryFolder();
  const { demo } = await start(data);
  await demo.said(/^device: measuring/);
  expect(processesOn(data).length).toBeGreaterThanOrEqual(3);
  await demo.end('SIGKILL');
  await vi.waitFor(() => expect(processesOn(data)).toEqual([]), patience);
});

test.each(['--http-port', '--mqtt-port'])(
  'a port in use is said with its option: %s',
  async (option) => {
    const port = await freePort();
    const occupant = createServer().listen(port, '127.0.0.1');
    const other = option === '--http-port' ? '--mqtt-port' : '--http-port';
    const demo = runKadoru('simulate', [
      'demo',
      option,
      String(port),
      other,
      String(await freePort()),
      '--data',
      temporaryFolder(),
    ]);
    running.push(demo);
    expect(await demo.said(new RegExp(option))).toContain(String(port));
    await vi.waitFor(() => expect(demo.child.exitCode).toBe(1), patience);
    occupant.close();
  },
);
