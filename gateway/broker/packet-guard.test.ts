import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketGuard } from './packet-guard.ts';

/** A QoS 0 PUBLISH to topic "a": fixed header, remaining length in base 128, topic, payload. */
function publish(payloadBytes: number): Buffer {
  const length: number[] = [];
  for (let rest = 3 + payloadBytes; ; rest >>= 7) {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    if (rest <= 0x7f) break;
  }
  return Buffer.concat([
    Buffer.from([0x30, ...length, 0, 1, 0x61]),
    Buffer.alloc(payloadBytes, 0xff),
  ]);
}

/** Feeds a stream cut at arbitrary places. */
function feed(stream: Buffer, cuts: readonly number[], limit: number): boolean {
  const guard = new PacketGuard(limit);
  const places = [
    0,
    ...cuts.map((cut) => cut % (stream.length + 1)).toSorted((a, b) => a - b),
    stream.length,
  ];
  return places.slice(1).every((end, index) => guard.accepts(stream.subarray(places[index], end)));
}

test('packets up to the limit pass however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 900 }), { maxLength: 20 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (sizes, cuts) => {
        expect(feed(Buffer.concat(sizes.map(publish)), cuts, 1000)).toBe(true);
      },
    ),
  );
});

test('one announced above the limit does not, wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 900 }), { maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (sizes, cuts) => {
        expect(feed(Buffer.concat([...sizes.map(publish), publish(1001)]), cuts, 1000)).toBe(false);
      },
    ),
  );
});
