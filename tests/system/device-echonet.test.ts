import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { freeUdpPort } from '../../device/meters/echonet/testing-network.ts';
import { serveEchonetNode } from '../../simulators/meters/echonet/node.ts';
import { fuelCellObject, pvObject } from '../../simulators/meters/echonet/objects.ts';
import { type SeenFrame, startDeviceProcess, startGatewayPeer, until } from './device-harness.ts';

const basics = { site: 'keihin', device: 'pi-1', data: './data', clock: { trust: 'system' } };

/** The device has an address of its own: what is sent to 127.0.0.1 is for the peer, which binds every address. */
async function start(port: number, meters: object[]) {
  const gateway = await startGatewayPeer('keihin', 'pi-1');
  onTestFinished(() => gateway.stop());
  const device = await startDeviceProcess({
    ...basics,
    mqtt: { url: gateway.url },
    echonet: { bind: '127.0.0.50', interface: '127.0.0.1', port },
    meters: meters.map((meter) => ({ kind: 'echonet', sampleSeconds: 1, ...meter })),
  });
  onTestFinished(() => void device.child.kill('SIGKILL'));
  const frame = (what: string, isIt: (frame: SeenFrame) => boolean) =>
    until(what, () => gateway.frames.find(isIt), 60_000);
  const reading = (channel: string, wanted: object) =>
    until(
      `${channel} ${JSON.stringify(wanted)}`,
      () => {
        const last = gateway.frames.at(-1)?.readings[channel];
        const isSo = Object.entries(wanted).every(
          ([key, value]) => last !== undefined && Reflect.get(last, key) === value,
        );
        return isSo ? last : undefined;
      },
      60_000,
    );
  return { gateway, device, frame, reading };
}

/** What the `meta` events of a frame say of a channel. */
function metaOf(frame: SeenFrame, channel: string): object | undefined {
  const events = frame.events?.filter(({ kind }) => kind === 'meta') ?? [];
  const channels = events.map(({ channels }) => (channels instanceof Object ? channels : {}));
  const details: unknown = channels.map((of) => Reflect.get(of, channel)).at(-1);
  return details instanceof Object ? details : undefined;
}

test(
  'from simulated nodes to the broker: values, a silent node beside a lively one, and a swapped meter',
  { timeout: 180_000 },
  async () => {
    const port = await freeUdpPort();
    const values = { powerW: 1_500, generatedWh: 1_234_567 };
    const plate = { maker: 0x77, product: 'PV-5', serial: 'A-1' };
    const pv = pvObject(1, plate, () => values);
    const roof = await serveEchonetNode({ address: '127.0.0.51', port, objects: [pv] });
    const cell = fuelCellObject(1, { ...plate, serial: 'F-1' }, () => ({
      powerW: 700,
      generatedWh: 9_000,
      gasDm3: 2_000,
      gasDm3PerH: 165,
    }));
    const cellar = await serveEchonetNode({ address: '127.0.0.52', port, objects: [cell] });
    onTestFinished(async () => void (await Promise.all([roof.close(), cellar.close()])));
    const { gateway, device, frame, reading } = await start(port, [
      { id: 'pv-1', address: '127.0.0.51', object: 'pv' },
      { id: 'fc-1', address: 'discover', object: 'fuel-cell' },
    ]);
    await reading('pv-1/generated', { value: 1_234_567, quality: 'good' });
    await reading('fc-1/gas', { value: 2_000, quality: 'good' });
    const told = await frame(
      'who the meter is',
      (seen) => 'serial' in (metaOf(seen, 'pv-1/generated') ?? {}),
    );
    expect(metaOf(told, 'pv-1/generated')).toMatchObject({
      unit: 'Wh',
      serial: 'A-1',
      model: 'PV-5',
      wrapAt: 1_000_000_000,
    });

    cellar.setManner({ kind: 'silence' });
    await reading('fc-1/generated', { value: null, why: 'bus-error' });
    values.generatedWh += 10;
    await reading('pv-1/generated', { value: 1_234_577, quality: 'good' });
    cellar.setManner({ kind: 'answer' });
    await reading('fc-1/generated', { value: 9_000, quality: 'good' });

    pv.befall({ kind: 'swap', startsAt: 7 }, 'B-2');
    const swapped = await frame('the swap', (seen) => {
      const details = metaOf(seen, 'pv-1/generated');
      return details !== undefined && Reflect.get(details, 'serial') === 'B-2';
    });
    // In the frame of its first reading: what lies in the backlog before is the old meter's.
    expect(swapped.readings['pv-1/generated']).toMatchObject({ value: 7 });
    const before = gateway.frames.filter(({ seq }) => seq < swapped.seq);
    expect(before.some(({ readings }) => readings['pv-1/generated']?.value === 7)).toBe(false);
    expect(device.log.find((line) => line.includes('another meter'))).toContain('"before":"A-1"');
    expect(await device.end('SIGTERM')).toBe(0);
  },
);

/** The package binds its port plus 20,000 as well. */
async function peerPort(): Promise<number> {
  for (;;) {
    const port = await freeUdpPort();
    if (port < 45_000) return port;
  }
}

test(
  'an independent node, the npm package echonet-lite: found, read in part, and confirmed',
  { timeout: 180_000 },
  async () => {
    const port = await peerPort();
    const program = new URL('echonet-lite-node.ts', import.meta.url);
    const peer = fork(program, [String(port)], { execArgv: ['--import', 'tsx'] });
    onTestFinished(() => void peer.kill('SIGKILL'));
    const [message] = await once(peer, 'message');
    expect(message).toBe('ready');
    const { reading, frame } = await start(port, [
      {
        id: 'pv-1',
        address: 'discover',
        object: 'pv',
        quantities: ['power', 'generated', 'exported'],
      },
      { id: 'fc-1', address: '127.0.0.1', object: 'fuel-cell' },
      { id: 'grid-1', address: '127.0.0.1', object: 'smart-meter' },
    ]);
    await reading('pv-1/power', { value: 1_500, quality: 'good' });
    await reading('pv-1/generated', { value: 1_234_567, quality: 'good' });
    await reading('pv-1/exported', { value: null, why: 'no-data' });
    await reading('fc-1/power', { value: 700 });
    await reading('fc-1/generated', { value: 4_096 });
    await reading('fc-1/gas', { value: 8_192 });
    await reading('grid-1/power', { value: -200 });
    await reading('grid-1/imported', { value: 256_000, raw: 256 });
    await reading('grid-1/exported', { value: null, why: 'no-data' });
    const told = await frame(
      'who it is',
      (seen) => 'wrapAt' in (metaOf(seen, 'grid-1/imported') ?? {}),
    );
    expect(metaOf(told, 'grid-1/imported')).toMatchObject({
      maker: '000077',
      serial: 'EL-0001',
      wrapAt: 1_000_000_000,
    });
    const confirmed = once(peer, 'message');
    peer.send({ announceTo: '127.0.0.50' });
    expect(await confirmed).toEqual(['confirmed', undefined]);
    peer.send({ object: '028801', epc: 'e0', edt: [0, 0, 0x01, 1] });
    await reading('grid-1/imported', { value: 257_000, raw: 257 });
  },
);
