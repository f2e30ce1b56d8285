import { onTestFinished, expect, test } from 'vitest';
import { serveTcp } from '../../simulators/board/serve-tcp.ts';
import { servePty } from '../../simulators/board/serve-pty.ts';
import { SimulatedModbusMeter } from '../../simulators/meters/modbus/meter.ts';
import { createRtuSlaves } from '../../simulators/meters/modbus/rtu-slaves.ts';
import { createTcpSlaves } from '../../simulators/meters/modbus/tcp-slaves.ts';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithPeers } from '../peers.ts';
import { startDeviceProcess, startGatewayPeer, until } from './device-harness.ts';
import { freePort } from './ports.ts';
import { float32, int64, startCable, startPymodbus } from './pymodbus.ts';

/** The built device program with this bus and these meters, and what a gateway hears of it. */
async function running(bus: object, meters: object[], more: object = {}) {
  const gateway = await startGatewayPeer('keihin', 'pi-1');
  const device = await startDeviceProcess({
    site: 'keihin',
    device: 'pi-1',
    data: './data',
    clock: { trust: 'system' },
    mqtt: { url: gateway.url },
    buses: [{ id: 'rs485', ...bus }],
    meters: meters.map((meter) => ({ kind: 'modbus', bus: 'rs485', sampleSeconds: 1, ...meter })),
    ...more,
  });
  onTestFinished(async () => {
    device.child.kill('SIGKILL');
    await gateway.stop();
  });
  const last = (channel: string) =>
    gateway.frames.findLast(({ readings }) => channel in readings)?.readings[channel];
  const shows = (channel: string, value: number) =>
    until(
      `${channel} of ${value}; last: ${JSON.stringify(last(channel))}; ${device.log.slice(-3).join('\n')}`,
      () => (last(channel)?.value === value ? true : undefined),
      60_000,
    );
  return { gateway, device, last, shows };
}

const metersAtPymodbus = [
  { id: 'pv-1', unit: 1, profile: 'sdm230', quantities: { generated: 'imported', power: 'power' } },
  { id: 'grid-1', unit: 2, profile: 'iem3000', quantities: ['imported', 'exported', 'power'] },
  { id: 'load-1', unit: 3, profile: 'odd', quantities: ['consumed', 'heat'] },
];
const odd = {
  registers: {
    consumed: { function: 3, address: 10, type: 'uint32', wordOrder: 'little', scale: 10 },
    heat: { function: 3, address: 20, type: 'int32', byteSwap: true, scale: 0.1 },
  },
};

describeWithPeers('pymodbus as slave', ['pymodbus', 'socat'], () => {
  test.each(['rtu', 'rtu-tcp', 'tcp'] as const)(
    '%s: every type and word order is read, changes follow, and it stops cleanly',
    { timeout: 180_000 },
    async (kind) => {
      const cable = kind === 'rtu' ? await startCable() : undefined;
      const port = cable?.meters ?? String(await freePort());
      const slaves = await startPymodbus(kind, port, {
        1: {
          4: { 0x48: float32(1_234.567), 0x4a: float32(0), 0x0c: float32(432.5) },
          3: { 0xfc00: [0x12, 0x3456] },
        },
        2: {
          3: {
            0x81: [0, 99],
            0xbf3: float32(-1.25),
            0xc83: int64(8_000_000_123),
            0xc87: int64(456),
          },
        },
        3: { 3: { 10: [0x0002, 0x0001], 20: [0x0000, 0x9001] } },
      });
      onTestFinished(() => {
        slaves.stop();
        cable?.child.kill('SIGKILL');
      });
      const bus =
        cable === undefined
          ? { kind: `modbus-${kind}`, address: `tcp://127.0.0.1:${port}` }
          : { kind: 'modbus-rtu', port: cable.device };
      const { shows, device, gateway } = await running(bus, metersAtPymodbus, {
        modbusProfiles: { odd },
      });
      await shows('pv-1/generated', 1_234_567);
      await shows('pv-1/power', 432.5);
      await shows('grid-1/imported', 8_000_000_123);
      await shows('grid-1/exported', 456);
      await shows('grid-1/power', -1_250);
      await shows('load-1/consumed', 655_380);
      await shows('load-1/heat', 40);
      await slaves.change({ 1: { 4: { 0x48: float32(1_234.6) } } });
      await shows('pv-1/generated', 1_234_600);
      const meta = gateway.frames.flatMap(({ events = [] }) =>
        events.filter((event) => event.kind === 'meta'),
      );
      expect(JSON.stringify(meta.at(-1))).toContain('"serial":"1193046"');
      expect(await device.end('SIGTERM')).toBe(0);
    },
  );
});

/** A line of simulated km-n1 meters at units 1 and 2, whose registers are integers. */
function line() {
  const meters = [1, 2].map((unit) => {
    const meter = new SimulatedModbusMeter('sdm630', 1_000 + unit);
    meter.set({ importedWh: 1_000 * unit });
    return meter;
  });
  const [first, second] = meters;
  if (first === undefined || second === undefined) throw new Error('two meters were made');
  return { first, second, units: new Map([[1, first] as const, [2, second] as const]) };
}
const two = [
  { id: 'a', unit: 1, profile: 'sdm630', quantities: ['imported'] },
  { id: 'b', unit: 2, profile: 'sdm630', quantities: ['imported'] },
];

test(
  'a silent, a garbled and an exchanged meter are what they are, and the other one on the line goes on',
  { timeout: 240_000 },
  async () => {
    const { first, second, units } = line();
    const server = await serveTcp(createRtuSlaves(units), { port: 0 });
    onTestFinished(() => server.close());
    const bus = { kind: 'modbus-rtu-tcp', address: `tcp://${server.address}` };
    const { shows, last, device, gateway } = await running(bus, two);
    await shows('a/imported', 1_000);
    for (const fault of [
      { kind: 'silence' },
      { kind: 'garbage', seed: 5 },
      { kind: 'wrong-crc' },
    ] as const) {
      first.answering = fault;
      await until('a unknown', () => (last('a/imported')?.why === 'bus-error' ? true : undefined));
      second.set({ importedWh: second.truth.importedWh + 10 });
      await shows('b/imported', second.truth.importedWh);
      first.answering = { kind: 'none' };
      first.set({ importedWh: first.truth.importedWh + 1 });
      await shows('a/imported', first.truth.importedWh);
    }
    first.swap(7_777, 12);
    await shows('a/imported', 12);
    expect(device.log.join('\n')).toMatch(/another meter answers here/);
    const isMeta = ({ events = [] }: { events?: { kind: string }[] | undefined }): boolean =>
      events.some((event) => JSON.stringify(event).includes('"serial":"7777"'));
    const described = gateway.frames.findIndex(isMeta);
    const firstOfNew = gateway.frames.findIndex(
      ({ readings }) => readings['a/imported']?.value === 12,
    );
    expect(described).toBeGreaterThan(-1);
    expect(gateway.frames[described]?.seq).toBeLessThanOrEqual(
      gateway.frames[firstOfNew]?.seq ?? 0,
    );
    expect(await device.end('SIGTERM')).toBe(0);
  },
);

test(
  'a unit that never answers does not cost the nine others on its line their readings',
  { timeout: 180_000 },
  async () => {
    const meters = Array.from({ length: 10 }, (_, index) => {
      const meter = new SimulatedModbusMeter('sdm630', index);
      meter.set({ importedWh: 1_000 });
      return [index + 1, meter] as const;
    });
    const units = new Map(meters);
    const server = await serveTcp(createRtuSlaves(units), { port: 0 });
    onTestFinished(() => server.close());
    const { gateway, device, shows } = await running(
      { kind: 'modbus-rtu-tcp', address: `tcp://${server.address}` },
      meters.map(([unit]) => ({
        id: `m-${unit}`,
        unit,
        profile: 'sdm630',
        quantities: ['imported'],
        sampleSeconds: 4,
      })),
    );
    await shows('m-5/imported', 1_000);
    const silent = units.get(5);
    if (silent !== undefined) silent.answering = { kind: 'silence' };
    await until('it is known', () =>
      device.log.some((line) => line.includes('does not answer')) ? true : undefined,
    );
    const from = gateway.frames.length + 1;
    await until('six frames', () => (gateway.frames.length >= from + 6 ? true : undefined));
    const others = gateway.frames
      .slice(from, from + 6)
      .flatMap(({ readings }) =>
        Object.entries(readings).filter(([channel]) => channel !== 'm-5/imported'),
      );
    expect(others).toHaveLength(54);
    // On a machine that is busy elsewhere one may come too late by itself.
    expect(others.filter(([, { value }]) => value !== 1_000).length).toBeLessThanOrEqual(2);
  },
);

test(
  'a bus that is gone never delays another one, and comes back',
  { timeout: 180_000 },
  async () => {
    const { first, units } = line();
    const gone = await serveTcp(createTcpSlaves(units), { port: 0 });
    const healthy = line();
    const other = await serveTcp(createTcpSlaves(healthy.units), { port: 0 });
    onTestFinished(async () => {
      await gone.close();
      await other.close();
    });
    const { shows, last, gateway } = await running(
      { kind: 'modbus-tcp', address: `tcp://${gone.address}` },
      [...two, { id: 'c', bus: 'other', unit: 2, profile: 'sdm630', quantities: ['imported'] }],
      {
        buses: [
          { id: 'rs485', kind: 'modbus-tcp', address: `tcp://${gone.address}` },
          { id: 'other', kind: 'modbus-tcp', address: `tcp://${other.address}` },
        ],
      },
    );
    await shows('a/imported', 1_000);
    await gone.unplug();
    await until('a unknown', () => (last('a/imported')?.why === 'bus-error' ? true : undefined));
    const from = gateway.frames.length;
    await until('ten frames', () => (gateway.frames.length >= from + 10 ? true : undefined));
    const seen = gateway.frames
      .slice(from, from + 10)
      .map(({ readings }) => readings['c/imported']);
    expect(seen.filter((reading) => reading?.value === 2_000).length).toBeGreaterThanOrEqual(8);
    first.set({ importedWh: 1_500 });
    await gone.replug();
    await shows('a/imported', 1_500);
  },
);

describeWithPeers('simulated meters behind a serial port', ['socat'], () => {
  test('they are read, lost with their cable, and found again', { timeout: 180_000 }, async () => {
    const { first, units } = line();
    const link = join(await mkdtemp(join(tmpdir(), 'kadoru-pty-')), 'ttyRS485');
    const failures: Error[] = [];
    const server = await servePty(createRtuSlaves(units), {
      link,
      onFailure: (error) => failures.push(error),
    });
    onTestFinished(() => server.close());
    const { shows, last, device } = await running({ kind: 'modbus-rtu', port: link }, two);
    await shows('a/imported', 1_000);
    await server.unplug();
    await until('no cable', () => (last('a/imported')?.why === 'bus-error' ? true : undefined));
    first.set({ importedWh: 1_234 });
    await server.replug();
    await shows('a/imported', 1_234);
    expect(await device.end('SIGTERM')).toBe(0);
    expect(failures).toEqual([]);
  });
});
