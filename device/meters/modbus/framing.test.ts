import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crcByTable } from '../../../simulators/meters/modbus/rtu-slaves.ts';
import { crc16 } from './crc.ts';
import type { Framing } from './framing.ts';
import type { ModbusRequest } from './port.ts';
import { rtuFraming } from './rtu-framing.ts';
import { tcpFraming } from './tcp-framing.ts';

const bytes = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const anyRequest: fc.Arbitrary<ModbusRequest> = fc.record({
  unit: fc.integer({ min: 0, max: 255 }),
  function: fc.constantFrom(3 as const, 4 as const),
  address: fc.integer({ min: 0, max: 0xffff }),
  count: fc.integer({ min: 1, max: 125 }),
});
const anyTransaction = fc.integer({ min: 0, max: 0xffff });
const anyWords = (count: number) =>
  fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: count, maxLength: count });
const both = [
  ['RTU', rtuFraming],
  ['TCP', tcpFraming],
] as const;

/** A right answer, put together here and not by the code under test. */
function answer(
  framing: Framing,
  request: ModbusRequest,
  transaction: number,
  words: number[],
): Uint8Array {
  const data = words.flatMap((word) => [word >> 8, word & 0xff]);
  const frame = [request.unit, request.function, data.length, ...data];
  if (framing.numbered) {
    const header = [
      transaction >> 8,
      transaction & 0xff,
      0,
      0,
      frame.length >> 8,
      frame.length & 0xff,
    ];
    return Uint8Array.from([...header, ...frame]);
  }
  const crc = crcByTable(Uint8Array.from(frame));
  return Uint8Array.from([...frame, crc & 0xff, crc >> 8]);
}

test('requests are as the specification prints them', () => {
  // V1.1b3, 6.3 and 6.4: registers 108 to 110, input register 9; the CRC of the first is a published example.
  const first: ModbusRequest = { unit: 1, function: 3, address: 0, count: 10 };
  expect(rtuFraming.encode(first, 0)).toEqual(bytes('01 03 00 00 00 0A C5 CD'));
  const second: ModbusRequest = { unit: 0x11, function: 4, address: 8, count: 1 };
  expect(tcpFraming.encode(second, 0x1501)).toEqual(bytes('15 01 00 00 00 06 11 04 00 08 00 01'));
});

test('the CRC is the one a table gives', () => {
  fc.assert(fc.property(fc.uint8Array(), (data) => crc16(data) === crcByTable(data)));
});

test.each(both)(
  '%s: a right answer is read, and every beginning of it is incomplete',
  (_name, framing) => {
    fc.assert(
      fc.property(
        anyRequest.chain((request) => fc.tuple(fc.constant(request), anyWords(request.count))),
        anyTransaction,
        ([request, words], transaction) => {
          const whole = answer(framing, request, transaction, words);
          expect(framing.decode(whole, request, transaction)).toEqual({ kind: 'words', words });
          for (const length of [0, 1, 2, 3, 6, 7, 8, 9, whole.length - 1])
            if (length < whole.length)
              expect(framing.decode(whole.subarray(0, length), request, transaction).kind).toBe(
                'incomplete',
              );
          const longer = Uint8Array.from([...whole, 0]);
          expect(framing.decode(longer, request, transaction).kind).toBe('garbled');
        },
      ),
    );
  },
);

test.each(both)('%s: an exception is read', (_name, framing) => {
  const request: ModbusRequest = { unit: 17, function: 4, address: 0x48, count: 4 };
  const frame = Uint8Array.from([17, 0x84, 2]);
  const crc = crcByTable(frame);
  const whole = framing.numbered
    ? Uint8Array.from([0, 7, 0, 0, 0, 3, ...frame])
    : Uint8Array.from([...frame, crc & 0xff, crc >> 8]);
  expect(framing.decode(whole, request, 7)).toEqual({ kind: 'exception', code: 2 });
});

test.each(both)(
  '%s: whatever bytes come, nothing is thrown, and only the exact answer has words',
  (_name, framing) => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        anyRequest,
        anyTransaction,
        (noise, request, transaction) => {
          const decoded = framing.decode(noise, request, transaction);
          if (decoded.kind === 'words')
            expect(answer(framing, request, transaction, [...decoded.words])).toEqual(noise);
        },
      ),
      { numRuns: 2_000 },
    );
  },
);

test.each(both)(
  '%s: an answer with one byte changed is never taken, but for its words where no CRC protects them',
  (_name, framing) => {
    fc.assert(
      fc.property(
        anyRequest.chain((request) =>
          fc.tuple(
            fc.constant(request),
            anyWords(request.count),
            fc.nat(),
            fc.integer({ min: 1, max: 255 }),
          ),
        ),
        ([request, words, place, change]) => {
          const whole = answer(framing, request, 99, words);
          const at = framing.numbered ? place % 9 : place % whole.length;
          whole[at] = (whole[at] ?? 0) ^ change;
          expect(framing.decode(whole, request, 99).kind).not.toBe('words');
        },
      ),
    );
  },
);

test('the answer to another request is no answer', () => {
  const right: ModbusRequest = { unit: 5, function: 4, address: 0x48, count: 2 };
  for (const other of [
    { ...right, unit: 6 },
    { ...right, function: 3 as const },
    { ...right, count: 4 },
  ]) {
    const words = Array.from({ length: other.count }, () => 1);
    expect(rtuFraming.decode(answer(rtuFraming, other, 0, words), right, 0).kind).toBe('garbled');
    expect(tcpFraming.decode(answer(tcpFraming, other, 9, words), right, 9).kind).toBe('garbled');
  }
});

test('over TCP late answers are passed over, and the one behind them is read', () => {
  const request: ModbusRequest = { unit: 5, function: 4, address: 0x48, count: 2 };
  const late = answer(tcpFraming, request, 8, [1, 2]);
  const own = answer(tcpFraming, request, 9, [3, 4]);
  expect(tcpFraming.decode(late, request, 9).kind).toBe('incomplete');
  expect(tcpFraming.decode(Uint8Array.from([...late, ...own]), request, 9)).toEqual({
    kind: 'words',
    words: [3, 4],
  });
});
