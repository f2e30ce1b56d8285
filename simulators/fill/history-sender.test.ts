import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Aedes, type AedesPublishPacket } from 'aedes';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type Frame, maxMessageBytes } from '#device/contract';
import { systemClock } from '../clock.ts';
import { sendHistory, type HistoryOptions } from './history-sender.ts';

const messageSchema = z.object({
  frames: z.array(z.object({ stream: z.string(), seq: z.int() })),
});
type Received = z.infer<typeof messageSchema>['frames'];

const stream = 'fill-test';
const patience = { timeout: 60_000 };
const frames = (count: number): Frame[] =>
  Array.from({ length: count }, (_, index) => ({
    stream,
    seq: index + 1,
    at: 1_775_001_600_000 + index * 10_000,
    clock: 'synced',
    readings: { 'pack-1/pressure': { value: 12.345, raw: 17_123 } },
  }));

let broker: Aedes;
let server: Server;
const sockets = new Set<Socket>();
const troubles: string[] = [];
let asked: AbortController;

beforeEach(async () => {
  broker = await Aedes.createBroker();
  server = createServer((socket) => {
    sockets.add(socket);
    broker.handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  troubles.length = 0;
  asked = new AbortController();
});
afterEach(async () => {
  await new Promise<void>((resolve) => broker.close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  server.close();
});

const address = () => {
  const { port }: Partial<AddressInfo> = Object(server.address());
  return { mqtt: `mqtt://127.0.0.1:${port}`, site: 'keihin', device: 'pi-1' };
};
const options = (): HistoryOptions => ({
  clock: systemClock,
  random: Math.random,
  signal: asked.signal,
  confirmed: () => undefined,
  trouble: (why) => troubles.push(why),
});

/** A gateway as small as can be: hands every history message to `answer`. */
async function gateway(answer: (received: Received) => void): Promise<void> {
  const deliver = (packet: AedesPublishPacket, done: () => void): void => {
    answer(messageSchema.parse(JSON.parse(packet.payload.toString())).frames);
    done();
  };
  await new Promise<void>((resolve) => {
    broker.subscribe('kadoru/v1/keihin/pi-1/history', deliver, resolve);
  });
}

function acknowledge(stored: [number, number][], of: string = stream): void {
  const payload = Buffer.from(JSON.stringify({ stream: of, stored }));
  const packet = { cmd: 'publish', topic: 'kadoru/v1/keihin/pi-1/ack', payload } as const;
  broker.publish({ ...packet, qos: 1, dup: false, retain: false }, () => undefined);
}
const span = (received: Received): [number, number] => [
  received[0]?.seq ?? 0,
  received.at(-1)?.seq ?? 0,
];

test(
  'it returns once every frame is confirmed, each sent once, in messages of at most 100',
  patience,
  async () => {
    const seen: number[] = [];
    await gateway((received) => {
      expect(received.length).toBeLessThanOrEqual(100);
      seen.push(...received.map(({ seq }) => seq));
      acknowledge([span(received)]);
    });
    expect(await sendHistory(frames(1234), stream, address(), options())).toBe(1234);
    expect(seen).toEqual(Array.from({ length: 1234 }, (_, index) => index + 1));
  },
);

test('frames of many meters go in messages that a gateway takes', patience, async () => {
  const readings = Object.fromEntries(
    Array.from({ length: 60 }, (_, home) => [`home-${home}/generated`, { value: 1_234_567_890 }]),
  );
  const wide = frames(250).map((frame) => ({ ...frame, readings }));
  const sizes: number[] = [];
  const measure = (packet: AedesPublishPacket, done: () => void): void => {
    sizes.push(packet.payload.length);
    done();
  };
  await new Promise<void>((resolve) => {
    broker.subscribe('kadoru/v1/keihin/pi-1/history', measure, resolve);
  });
  await gateway((received) => acknowledge([span(received)]));
  expect(await sendHistory(wide, stream, address(), options())).toBe(250);
  expect(sizes.length).toBeGreaterThan(3);
  expect(Math.max(...sizes)).toBeLessThan(maxMessageBytes);
});

test('frames are taken from the source only as the gateway keeps up', patience, async () => {
  let taken = 0;
  let confirmed = 0;
  function* counted(): Generator<Frame> {
    for (const frame of frames(3000)) {
      taken += 1;
      expect(taken - confirmed).toBeLessThanOrEqual(1000);
      yield frame;
    }
  }
  await gateway((received) => {
    setTimeout(() => {
      confirmed += received.length;
      acknowledge([span(received)]);
    }, 5);
  });
  expect(await sendHistory(counted(), stream, address(), options())).toBe(3000);
});

test('what is not acknowledged is sent again, and only that', patience, async () => {
  const times = new Map<number, number>();
  await gateway((received) => {
    for (const { seq } of received) times.set(seq, (times.get(seq) ?? 0) + 1);
    // The first time round every tenth frame is not stored; another stream's frames say nothing.
    acknowledge([[1, 1000]], 'another');
    acknowledge(
      received
        .filter(({ seq }) => seq % 10 !== 0 || (times.get(seq) ?? 0) > 1)
        .map(({ seq }) => [seq, seq]),
    );
  });
  expect(await sendHistory(frames(300), stream, address(), options())).toBe(300);
  for (const [seq, sent] of times) expect(sent).toBe(seq % 10 === 0 ? 2 : 1);
});

test(
  'a lost connection is made again, and what was under way is sent again',
  patience,
  async () => {
    let messages = 0;
    const stored = new Set<number>();
    await gateway((received) => {
      messages += 1;
      if (messages === 2) for (const socket of sockets) socket.destroy();
      if (messages <= 2) return;
      for (const { seq } of received) stored.add(seq);
      acknowledge([span(received)]);
    });
    expect(await sendHistory(frames(500), stream, address(), options())).toBe(500);
    expect(stored.size).toBe(500);
  },
);

test('garbage on the ack topic is told and frees nothing', patience, async () => {
  await gateway((received) => {
    const packet = {
      cmd: 'publish',
      topic: 'kadoru/v1/keihin/pi-1/ack',
      qos: 1,
      dup: false,
    } as const;
    broker.publish(
      { ...packet, retain: false, payload: Buffer.from('{"stream":') },
      () => undefined,
    );
    acknowledge([span(received)]);
  });
  expect(await sendHistory(frames(10), stream, address(), options())).toBe(10);
  expect(troubles[0]).toContain('malformed acknowledgement');
});

test(
  'a gateway that never acknowledges is a complaint that says what to look at',
  patience,
  async () => {
    await gateway(() => undefined);
    const impatient = { ...options(), patienceMs: 500 };
    await expect(sendHistory(frames(10), stream, address(), impatient)).rejects.toThrow(
      /no frame was acknowledged for 0.5 s.*is a gateway running/,
    );
  },
);

test('it can be interrupted', patience, async () => {
  await gateway(() => asked.abort());
  await expect(sendHistory(frames(10), stream, address(), options())).rejects.toThrow(
    'interrupted after 0 frames',
  );
});

test('a broker that is not there is a complaint naming the option', patience, async () => {
  const target = address();
  server.close();
  await expect(sendHistory(frames(1), stream, target, options())).rejects.toThrow('see --mqtt');
});
