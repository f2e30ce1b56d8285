import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRecord, eachLine, encodeRecord, type RecordKind } from './record.ts';

const kinds = fc.constantFrom<RecordKind>('H', 'F', 'D');
const positions = fc.nat({ max: Number.MAX_SAFE_INTEGER });

test('what was written is read, line by line', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(kinds, positions, fc.jsonValue())), (written) => {
      const bytes = Buffer.concat(
        written.map(([kind, position, value]) =>
          encodeRecord(kind, position, JSON.stringify(value)),
        ),
      );
      const read: unknown[] = [];
      const end = eachLine(bytes, (line) => {
        const record = decodeRecord(line);
        read.push(
          record && [record.kind, record.position, line.toString('utf8', record.bodyStart)],
        );
        return true;
      });
      expect(end).toBe(bytes.length);
      expect(read).toEqual(
        written.map(([kind, position, value]) => [kind, position, JSON.stringify(value)]),
      );
    }),
  );
});

test('a record with any byte changed, cut or added is not read', () => {
  const line = encodeRecord('F', 1_042, '{"stream":"k3f9","seq":1042}').subarray(0, -1);
  for (let at = 0; at < line.length; at += 1) {
    const changed = Buffer.from(line);
    changed[at] = (changed[at] ?? 0) ^ 0x01;
    expect(decodeRecord(changed), `byte ${at}`).toBeUndefined();
    expect(decodeRecord(line.subarray(0, at))).toBeUndefined();
  }
  expect(decodeRecord(Buffer.concat([line, Buffer.from(' ')]))).toBeUndefined();
});

test('whatever the bytes are, the answer is a value', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      eachLine(Buffer.from(bytes), (line) => {
        expect(decodeRecord(line)).toBeUndefined();
        return true;
      });
    }),
  );
});
