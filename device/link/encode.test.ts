import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  ackSchema,
  deviceStateSchema,
  deviceTopic,
  eventSchema,
  type Frame,
  frameHeadSchema,
  gatewayStateSchema,
  gatewayTopic,
  maxMessageBytes,
  metaSchema,
  parseReading,
  readingSchema,
} from '#device/contract';
import {
  decodeAck,
  decodeGatewayState,
  encodeFrame,
  encodeHistory,
  encodeMeta,
  encodeState,
  historyRoomBytes,
} from './encode.ts';

/** The golden messages of the wire contract: the gateway's decoder tests read the same files. */
function golden<T>(name: string, schema: z.ZodType<T>): { topic: string; message: T } {
  const file = new URL(`../contract/golden/${name}.json`, import.meta.url);
  return z
    .object({ topic: z.string(), message: schema })
    .parse(JSON.parse(readFileSync(file, 'utf8')));
}

const frameSchema: z.ZodType<Frame> = z.strictObject({
  ...frameHeadSchema.shape,
  readings: z.record(
    z.string(),
    z.json().transform((reading) => readingInput.parse(reading)),
  ),
  events: z.array(eventSchema).optional(),
});
const readingInput = z.strictObject({
  value: z.number().nullable(),
  raw: z.number().optional(),
  quality: z.enum(['good', 'uncertain', 'bad']).optional(),
  why: readingSchema.shape.why,
});

test('live and history are written as the golden messages have them', () => {
  const live = golden('live', frameSchema);
  expect(live.topic).toBe(deviceTopic('keihin', 'pi-1', 'live'));
  expect(JSON.parse(encodeFrame(live.message))).toEqual(live.message);
  const history = golden('history', z.object({ frames: z.array(frameSchema) }));
  expect(history.topic).toBe(deviceTopic('keihin', 'pi-1', 'history'));
  expect(JSON.parse(encodeHistory(history.message.frames.map(encodeFrame)))).toEqual(
    history.message,
  );
});

test('every golden reading is one that the contract accepts', () => {
  const { message: live } = golden('live', frameSchema);
  const { message: history } = golden('history', z.object({ frames: z.array(frameSchema) }));
  for (const { readings } of [live, ...history.frames])
    for (const [id, reading] of Object.entries(readings))
      expect(parseReading(id, reading)).not.toHaveProperty('detail');
});

test('state, will and meta are written as the golden messages have them', () => {
  for (const name of ['state', 'will']) {
    const { topic, message } = golden(name, deviceStateSchema);
    expect(topic).toBe(deviceTopic('keihin', 'pi-1', 'state'));
    expect(JSON.parse(encodeState(message))).toEqual(message);
  }
  const meta = golden('meta', metaSchema);
  expect(meta.topic).toBe(deviceTopic('keihin', 'pi-1', 'meta'));
  expect(JSON.parse(encodeMeta(meta.message))).toEqual(meta.message);
});

test('acknowledgements and gateway births are read from the golden messages', () => {
  const ack = golden('ack', ackSchema);
  expect(ack.topic).toBe(deviceTopic('keihin', 'pi-1', 'ack'));
  expect(decodeAck(Buffer.from(JSON.stringify(ack.message)))).toEqual({
    ok: true,
    message: ack.message,
  });
  const gateway = golden('gateway', gatewayStateSchema);
  expect(gateway.topic).toBe(gatewayTopic('keihin', 'main'));
  expect(decodeGatewayState(Buffer.from(JSON.stringify(gateway.message)))).toEqual({
    ok: true,
    message: gateway.message,
  });
});

test('a full history message is exactly as large as allowed', () => {
  const texts = ['x'.repeat(historyRoomBytes - 2), 'y'];
  expect(Buffer.byteLength(encodeHistory(texts))).toBe(maxMessageBytes);
});

test('decoding an acknowledgement never throws, and what it accepts fits the schema', () => {
  const nearly = fc.record(
    {
      stream: fc.oneof(fc.string(), fc.integer()),
      stored: fc.array(fc.tuple(fc.double(), fc.integer()), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  );
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => Buffer.from(text)),
    nearly.map((value) => Buffer.from(JSON.stringify(value))),
  );
  fc.assert(
    fc.property(bytes, (payload) => {
      const decoded = decodeAck(payload);
      if (decoded.ok) expect(ackSchema.safeParse(decoded.message).success).toBe(true);
      else expect(decoded.detail).not.toBe('');
    }),
  );
});

test('an oversized acknowledgement is refused by its size', () => {
  const decoded = decodeAck(Buffer.alloc(maxMessageBytes + 1, 0x20));
  expect(decoded).toMatchObject({ ok: false, detail: expect.stringContaining('limit') });
});
