import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { serveTcp } from '../../../simulators/board/serve-tcp.ts';
import { SimulatedModbusMeter } from '../../../simulators/meters/modbus/meter.ts';
import { createRtuSlaves } from '../../../simulators/meters/modbus/rtu-slaves.ts';
import { createTcpSlaves } from '../../../simulators/meters/modbus/tcp-slaves.ts';
import { openTcp } from '../../board/wire.ts';
import { QueuedBus } from './bus.ts';
import type { ModbusReply, ModbusRequest } from './port.ts';
import { rtuFraming } from './rtu-framing.ts';
import { tcpFraming } from './tcp-framing.ts';

const clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  offsetMs: () => Date.now() - performance.now(),
  trusted: () => true,
};
/** Wh of a km-n1, asked for as integers: exact, and 2 words each. */
const imported: ModbusRequest = { unit: 1, function: 3, address: 0x200, count: 2 };

const kinds = [
  ['RTU over TCP', rtuFraming, createRtuSlaves],
  ['Modbus TCP', tcpFraming, createTcpSlaves],
] as const;

/** A bus with two meters on it, and what its log warned of. */
async function open([, framing, slaves]: (typeof kinds)[number]) {
  const meters = [1, 2].map((unit) => {
    const meter = new SimulatedModbusMeter('km-n1', 1_000 + unit);
    meter.set({ importedWh: 100 * unit, exportedWh: 7 });
    return meter;
  });
  const units = new Map(meters.map((meter, index) => [index + 1, meter] as const));
  const server = await serveTcp(slaves(units), { port: 0 });
  const warnings: string[] = [];
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (fields: object, message: string) =>
      warnings.push(`${message} ${JSON.stringify(fields)}`),
    error: () => undefined,
  };
  const bus = new QueuedBus(
    {
      id: 'rs485',
      place: server.address,
      framing,
      timeoutMs: 1_000,
      baudRate: 9_600,
      reopen: { firstMs: 20, longestMs: 100 },
    },
    {
      open: (signal) => openTcp('Modbus server', new URL(`tcp://${server.address}`), 2_000, signal),
      clock,
      random: () => 0.5,
      log,
    },
  );
  bus.start();
  onTestFinished(async () => {
    await bus.stop();
    await server.close();
  });
  await expect.poll(() => server.counts.opened, { timeout: 20_000 }).toBe(1);
  await answered(bus, imported);
  const [first, second] = meters;
  if (first === undefined || second === undefined) throw new Error('two meters were made');
  return { bus, server, first, second, warnings };
}

/** The number in the answer, once there is one. */
async function answered(bus: QueuedBus, request: ModbusRequest): Promise<number> {
  let reply: ModbusReply | undefined;
  await expect
    .poll(async () => (reply = await bus.request(request)).kind, { timeout: 40_000 })
    .toBe('words');
  return numberIn(reply);
}

function numberIn(reply: ModbusReply | undefined): number {
  if (reply?.kind !== 'words') throw new Error(JSON.stringify(reply));
  return reply.words.reduce((sum, word) => sum * 65_536 + word, 0);
}

test.each(kinds)('%s: each gets the answer to its own request, in turn', async (...kind) => {
  const { bus } = await open(kind);
  const requests = Array.from({ length: 20 }, (_, index) => ({
    ...imported,
    unit: 1 + (index % 2),
  }));
  const replies = await Promise.all(requests.map((request) => bus.request(request)));
  expect(replies.map(numberIn)).toEqual(requests.map(({ unit }) => 100 * unit));
  expect(await bus.request({ ...imported, address: 0x999 })).toEqual({
    kind: 'exception',
    code: 2,
  });
});

test.each(kinds)(
  '%s: an answer that comes late is never taken for the next one',
  async (...kind) => {
    const { bus, first, second } = await open(kind);
    for (const byMs of [1_200, 1_900, 2_600, 3_500]) {
      first.answering = { kind: 'late-once', byMs };
      first.set({ importedWh: 12_345 });
      const late = await bus.request(imported);
      expect(late.kind).toBe('failed');
      first.set({ importedWh: 777 });
      // Whatever is answered from now on is what the meter shows from now on.
      const replies = [await bus.request(imported), await bus.request({ ...imported, unit: 2 })];
      for (const [index, reply] of replies.entries())
        if (reply.kind === 'words') expect(numberIn(reply)).toBe(index === 0 ? 777 : 200);
      expect(await answered(bus, imported)).toBe(777);
      expect(second.answering.kind).toBe('none');
    }
  },
);

test.each(kinds)(
  '%s: garbage, a wrong checksum and silence fail, and the next unit is answered',
  async (...kind) => {
    const { bus, first } = await open(kind);
    for (const fault of [
      { kind: 'garbage', seed: 3 },
      { kind: 'wrong-crc' },
      { kind: 'silence' },
    ] as const) {
      first.answering = fault;
      const startMs = performance.now();
      expect(await bus.request(imported)).toMatchObject({
        kind: 'failed',
        why: fault.kind === 'silence' ? 'silent' : 'garbled',
      });
      const failedMs = performance.now();
      expect(numberIn(await bus.request({ ...imported, unit: 2 }))).toBe(200);
      // A second of silence at least, and a bound on what one bad unit costs the others.
      expect(performance.now() - failedMs).toBeGreaterThan(950);
      expect(performance.now() - startMs).toBeLessThan(20_000);
      first.answering = { kind: 'none' };
      expect(await answered(bus, imported)).toBe(100);
    }
  },
);

test.each(kinds)(
  '%s: unplugged, requests fail at once; plugged in again, they are answered',
  async (...kind) => {
    const { bus, server, warnings } = await open(kind);
    await server.unplug();
    await expect
      .poll(() => bus.request(imported), { timeout: 20_000 })
      .toMatchObject({ why: 'away' });
    await server.replug();
    expect(await answered(bus, imported)).toBe(100);
    expect(warnings.join('\n')).toMatch(/bus away/);
  },
);

test('when nothing answers at all, the connection is opened anew', async () => {
  const { bus, server, first } = await open(kinds[0]);
  first.answering = { kind: 'silence' };
  while (server.counts.opened === 1) {
    await bus.request(imported);
    await sleep(20);
  }
  first.answering = { kind: 'none' };
  expect(await answered(bus, imported)).toBe(100);
});

test('the queue has an end, and what it refuses is counted', async () => {
  const { bus, warnings } = await open(kinds[1]);
  const replies = await Promise.all(Array.from({ length: 70 }, () => bus.request(imported)));
  expect(replies.filter(({ kind }) => kind === 'words')).toHaveLength(64);
  expect(
    replies.filter((reply) => reply.kind === 'failed' && reply.why === 'crowded'),
  ).toHaveLength(6);
  expect(bus.refused).toBe(6);
  expect(warnings.at(-1)).toContain('"refused":6');
});

test('stopped in the middle of a request, it ends', async () => {
  const { bus, first } = await open(kinds[0]);
  first.answering = { kind: 'silence' };
  const asked = bus.request(imported);
  await bus.stop();
  expect(await asked).toMatchObject({ kind: 'failed', why: 'away' });
});
