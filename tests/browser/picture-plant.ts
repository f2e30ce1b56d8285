import { z } from 'zod';
import {
  frame,
  type GatewayProcess,
  startGatewayProcess,
  WireDevice,
} from '../system/gateway-process.ts';
import { Lens } from './lens.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const cylinders = { cylinders: 30, cylinderLitres: 50 };
const reporting = { reportingPeriodSeconds: 1_800 };
const soon = { kind: 'specified', markExpires: '2034-03-31' };

const sites = [
  {
    id: 'keihin',
    name: '京浜島 製造所',
    packs: [
      { id: 'good', name: '京浜島カードル1号', device: 'pi-1', ...cylinders },
      { id: 'faulty', name: '京浜島カードル2号', device: 'pi-1', ...cylinders },
      { id: 'stale', name: '京浜島カードル3号', device: 'pi-1', ...cylinders },
      { id: 'manual', name: '京浜島カードル4号', ...cylinders },
      { id: 'stop', name: '京浜島カードル5号', device: 'pi-1', ...cylinders },
      { id: 'closed', name: '京浜島カードル6号', device: 'pi-1', ...cylinders, openCylinders: 24 },
      { id: 'uncertain', name: '京浜島カードル7号', device: 'pi-1', ...cylinders },
      { id: 'unread', name: '京浜島カードル8号', ...cylinders },
      { id: 'full', name: '京浜島カードル9号', device: 'pi-1', ...cylinders },
      { id: 'half', name: '京浜島カードル10号', device: 'pi-1', ...cylinders },
    ],
    generators: [
      {
        id: 'pv-1',
        name: '屋上太陽光',
        kind: 'pv',
        device: 'pi-1',
        meters: { generated: { ...reporting, evidence: soon } },
        reduction: { sold: { meter: 'grid-1' } },
      },
      {
        id: 'fc-1',
        name: '燃料電池',
        kind: 'fuel-cell',
        device: 'pi-1',
        meters: { generated: reporting },
        reduction: { sold: 'none' },
      },
    ],
    meters: [
      {
        id: 'grid-1',
        name: '受電点',
        device: 'pi-1',
        quantities: ['imported', 'exported'],
        ...reporting,
      },
      { id: 'hall-1', name: '集会所', quantities: ['consumed'] },
    ],
  },
];

/** Every state a page can show, at one gateway: a device that speaks the contract, and people who wrote something down. */
export class PicturePlant {
  readonly lens: Lens;
  readonly #gateway: GatewayProcess;
  readonly #device: WireDevice;
  readonly #beat: NodeJS.Timeout;
  #seq = 1_000_000;

  private constructor(gateway: GatewayProcess, device: WireDevice, lens: Lens) {
    this.#gateway = gateway;
    this.#device = device;
    this.lens = lens;
    this.#beat = setInterval(() => void this.#send().catch(() => undefined), 1_000);
  }

  static async start(): Promise<PicturePlant> {
    const gateway = await startGatewayProcess({ more: { sites } });
    const device = await WireDevice.connect(gateway.mqttUrl);
    const nowMs = Date.now();
    await sendHistory(device, nowMs);
    const plant = new PicturePlant(gateway, device, await Lens.start(gateway));
    await state(gateway, nowMs);
    await derived(gateway, nowMs);
    return plant;
  }

  async end(): Promise<void> {
    clearInterval(this.#beat);
    this.lens.end();
    await this.#device.close().catch(() => undefined);
    await this.#gateway.program.end('SIGKILL');
  }

  async #send(): Promise<void> {
    this.#seq += 1;
    const nowMs = Date.now();
    const readings = {
      ...packNow('good', packAt(nowMs, nowMs)),
      'faulty/pressure': { value: null, quality: 'bad', why: 'loop-open' },
      'faulty/temperature': { value: 20 },
      ...packNow('stop', 0.82),
      ...packNow('closed', 11.2),
      'uncertain/pressure': { value: 9.6, quality: 'uncertain', why: 'stuck' },
      'uncertain/temperature': { value: 20 },
      ...packNow('full', 19.3),
      ...packNow('half', 8.1),
      ...metersAt(nowMs, nowMs),
      'pv-1/power': { value: 2_340 },
      'fc-1/power': { value: 710 },
      'grid-1/power': { value: -900 },
    };
    await this.#device.send('live', frame(this.#seq, nowMs, readings));
  }
}

const packNow = (id: string, mpa: number) => ({
  [`${id}/pressure`]: { value: mpa },
  [`${id}/temperature`]: { value: 20 },
});

/** A pack that came twenty hours ago and is emptied evenly. */
const packAt = (atMs: number, nowMs: number): number =>
  Number((14.7 - (6 * (atMs - nowMs + 26 * hourMs)) / (26 * hourMs)).toFixed(3));

/** Registers in whole Wh that go on as they went: some 400 W on average from the roof, of which half is sold. */
function metersAt(atMs: number, nowMs: number): Record<string, { value: number }> {
  const hours = (atMs - nowMs) / hourMs + 10_000;
  return {
    'pv-1/generated': { value: Math.floor(hours * 412) },
    'fc-1/generated': { value: Math.floor(hours * 650) },
    'grid-1/imported': { value: Math.floor(hours * 300) },
    'grid-1/exported': { value: Math.floor(hours * 205) },
  };
}

/** A day of minutes of a pack, six weeks of half hours and a year of days of the registers. */
async function sendHistory(device: WireDevice, nowMs: number): Promise<void> {
  const atMidnight = Math.floor(nowMs / (24 * hourMs)) * 24 * hourMs - 9 * hourMs;
  const days = Array.from({ length: 340 }, (_, day) => atMidnight - (385 - day) * 24 * hourMs);
  const halfHours = Array.from({ length: 45 * 48 }, (_, n) => atMidnight - n * 30 * minuteMs);
  const minutes = Array.from({ length: 26 * 60 }, (_, n) => nowMs - (n + 1) * minuteMs);
  const frames = [...days, ...halfHours, ...minutes]
    .filter((at) => at < nowMs)
    .toSorted((a, b) => a - b)
    .map((at, seq) =>
      frame(seq, at, {
        ...(at > nowMs - 26 * hourMs && packNow('good', packAt(at, nowMs))),
        ...(at === nowMs - 5 * minuteMs && packNow('stale', 12.4)),
        ...metersAt(at, nowMs),
      }),
    );
  for (let first = 0; first < frames.length; first += 500)
    await device.send('history', { frames: frames.slice(first, first + 500) });
}

/** What people wrote down. */
async function state(gateway: GatewayProcess, nowMs: number): Promise<void> {
  const post = async (path: string, body: object) => {
    const answer = await gateway.post(path, body);
    if (answer.status !== 201) throw new Error(await answer.text());
  };
  const by = '佐藤';
  await post('/api/v1/packs/good/deliveries', {
    by,
    openedAt: nowMs - 20 * hourMs,
    serial: 'K-2048',
    origin: 'yamanashi',
    openCylinders: 30,
    arrival: { at: nowMs - 20 * hourMs, pressureMpa: 13.3, temperatureC: 20 },
  });
  await post('/api/v1/packs/manual/gauge-readings', {
    by,
    readAt: nowMs - 90 * minuteMs,
    pressureMpa: 10,
    temperatureC: 20,
  });
}

const points = z.object({ items: z.array(z.object({ pressureMpa: z.number().nullable() })) });
const balances = z.object({
  items: z.array(z.object({ fiscalYear: z.object({ coveredPercent: z.int() }) })),
});

/** Waits until what was sent of the day and of the year has become figures. */
async function derived(gateway: GatewayProcess, nowMs: number): Promise<void> {
  const span = `from=${nowMs - 24 * hourMs}&to=${nowMs}&points=24`;
  const read = async (path: string): Promise<unknown> =>
    (await gateway.get(`/api/v1${path}`)).json();
  for (;;) {
    const day = points.parse(await read(`/packs/good/history?site=keihin&${span}`)).items;
    const [year] = balances.parse(await read('/site-energy')).items;
    const known = day.filter(({ pressureMpa }) => pressureMpa !== null).length;
    if (known > 20 && (year?.fiscalYear.coveredPercent ?? 0) > 10) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
