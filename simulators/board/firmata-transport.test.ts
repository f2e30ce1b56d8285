import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createEchoPeer } from './echo-peer.ts';
import { FirmataTransport } from './firmata-transport.ts';

const text = (bytes: string) => Buffer.from(bytes);

test('an open resets the board; bytes go both ways', async () => {
  const peer = createEchoPeer();
  const transport = new FirmataTransport(peer, '/dev/ttyTEST');
  expect(peer.resets).toBe(1);
  expect(transport.path).toBe('/dev/ttyTEST');
  const heard: Buffer[] = [];
  transport.on('data', (bytes: Buffer) => heard.push(bytes));
  await new Promise<void>((resolve) => {
    transport.write(text('ping'), () => resolve());
  });
  expect(Buffer.concat(heard)).toEqual(text('ping'));
});

test('what comes before the first listener is kept in order, up to a bound', async () => {
  const peer = createEchoPeer();
  const transport = new FirmataTransport(peer);
  peer.send(text('a'));
  peer.send(Buffer.alloc(5000));
  peer.send(text('b'));
  expect(transport.droppedBytes).toBe(5000);
  const heard: Buffer[] = [];
  transport.on('data', (bytes: Buffer) => heard.push(bytes));
  peer.send(text('c'));
  await setImmediate();
  peer.send(text('d'));
  expect(Buffer.concat(heard)).toEqual(text('abcd'));
});

test('close ends it: nothing is heard and a write is an error', async () => {
  const peer = createEchoPeer();
  const transport = new FirmataTransport(peer);
  const closed = once(transport, 'close');
  transport.close();
  expect(await closed).toEqual([undefined]);
  expect(peer.listeners).toBe(0);
  expect(transport.isOpen).toBe(false);
  const error = await new Promise<Error | undefined>((resolve) => {
    transport.write(text('x'), resolve);
  });
  expect(error?.message).toContain('the port is closed');
});

test('unplugging closes with an error that says so, once', async () => {
  const transport = new FirmataTransport(createEchoPeer());
  const reasons: unknown[] = [];
  transport.on('close', (reason: unknown) => reasons.push(reason));
  transport.unplug();
  transport.unplug();
  await setImmediate();
  expect(reasons).toEqual([expect.objectContaining({ disconnected: true })]);
});
