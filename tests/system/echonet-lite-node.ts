/**
 * A node made of the npm package echonet-lite, in a process of its own: the package is a singleton, binds every address
 * and polls on timers. Run with a UDP port as its argument. Takes messages `{ object, epc, edt }` (hexadecimal names) and
 * `{ announceTo }`, tells `ready`, and `confirmed` when an announcement was.
 */
// The package needs it and does not say so.
import 'date-utils';
import { once } from 'node:events';
import EL from 'echonet-lite';
import { z } from 'zod';

const loopback = '127.0.0.1';
const serial = [...Buffer.from('EL-0001\0\0\0\0\0')];
const common = { '80': [0x30], '8a': [0, 0, 0x77], '8d': serial };
const map = (...codes: number[]): number[] => [codes.length, ...codes];

const details: Record<string, Record<string, number[]>> = {
  // No E3: what was sold is not measured, though asked for.
  '027901': {
    ...common,
    '9f': map(0x80, 0x8a, 0x8d, 0x9f, 0xe0, 0xe1),
    e0: [0x05, 0xdc],
    e1: [0, 0x12, 0xd6, 0x87],
  },
  '027c01': {
    ...common,
    '9f': map(0x80, 0x8a, 0x8d, 0x9f, 0xc4, 0xc5, 0xc8),
    c4: [0x02, 0xbc],
    c5: [0, 0, 0x10, 0],
    c8: [0, 0, 0x20, 0],
  },
  // 0.1 kWh, a transformer of 10, six digits: 1 kWh a count.
  '028801': {
    ...common,
    '9f': map(0x80, 0x8a, 0x8d, 0x9f, 0xd3, 0xd7, 0xe0, 0xe1, 0xe3, 0xe7),
    d3: [0, 0, 0, 10],
    d7: [6],
    e0: [0, 0, 0x01, 0],
    e1: [1],
    e3: [0xff, 0xff, 0xff, 0xfe],
    e7: [0xff, 0xff, 0xff, 0x38],
  },
};

const messageSchema = z.union([
  z.strictObject({ object: z.string(), epc: z.string(), edt: z.array(z.int()) }),
  z.strictObject({ announceTo: z.string() }),
]);

async function main(port: number): Promise<void> {
  EL.EL_port = port;
  const socket = await EL.initialize(
    Object.keys(details),
    (from, frame) => {
      if (frame?.ESV === EL.INFC_RES) process.send?.('confirmed');
      if (frame?.ESV === EL.GET && frame.DEOJ !== EL.NODE_PROFILE_OBJECT)
        void EL.replyGetDetail(from, frame, details);
    },
    4,
    { v4: loopback, ignoreMe: false, autoGetProperties: false },
  );
  await once(socket, 'listening');
  socket.addMembership('224.0.23.0', loopback);
  process.on('message', (message) => {
    const told = messageSchema.parse(message);
    if ('announceTo' in told) {
      const edt = details['027901']?.['e1'] ?? [];
      EL.sendOPC1(told.announceTo, '027901', EL.NODE_PROFILE_OBJECT, EL.INFC, 0xe1, edt);
    } else {
      const object = details[told.object];
      if (object !== undefined) object[told.epc] = told.edt;
    }
  });
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}

await main(Number(process.argv[2]));
