import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseModbusCommand } from './commands.ts';
import { layouts } from './layouts.ts';
import { type AnswerFault, SimulatedModbusMeter } from './meter.ts';
import { modbusMetersSchema } from './options.ts';
import { createRtuSlaves } from './rtu-slaves.ts';
import { createTcpSlaves } from './tcp-slaves.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** A line with a km-n1 at unit 1 that has imported 66,051 Wh, and everything it sends. */
function line(protocol: 'rtu' | 'tcp') {
  const meter = new SimulatedModbusMeter('km-n1', 9);
  meter.set({ importedWh: 0x00010203, exportedWh: 5 });
  const slaves = (protocol === 'rtu' ? createRtuSlaves : createTcpSlaves)(new Map([[1, meter]]));
  const sent: string[] = [];
  slaves.onTransmit((bytes) => sent.push(Buffer.from(bytes).toString('hex')));
  return { meter, slaves, sent };
}

// 03 0200 0002 to unit 1. The CRCs were computed with pymodbus 3.0.0rc1.
const rtuRequest = hex('01 03 02 00 00 02 c5 b3');
const rtuAnswer = '01030400010203ea92';

test('a request on a serial line is answered byte by byte as the specification has it', async () => {
  const { slaves, sent } = line('rtu');
  // Broken up, and behind the rest of something else.
  slaves.receive(hex('ff 00'));
  slaves.receive(rtuRequest.subarray(0, 3));
  slaves.receive(rtuRequest.subarray(3));
  await expect.poll(() => sent).toEqual([rtuAnswer]);
});

test('a request over TCP is answered with its transaction; an absent unit with the gateway’s code', async () => {
  const { slaves, sent } = line('tcp');
  slaves.receive(hex('1234 0000 0006 01 03 0200 0002'));
  slaves.receive(hex('1235 0000 0006 07 03 0200 0002'));
  slaves.receive(hex('1236 0000 0006 01 03 0201 0008'));
  await expect
    .poll(() => sent.toSorted())
    .toEqual(['12340000000701030400010203', '12350000000307830b', '123600000003018302']);
});

test('faults on the line: silence, noise, a wrong checksum, an answer that is late and not overtaken', async () => {
  const { meter, slaves, sent } = line('rtu');
  const ask = (answering: AnswerFault): void => {
    meter.answering = answering;
    slaves.receive(rtuRequest);
  };
  ask({ kind: 'silence' });
  ask({ kind: 'garbage', seed: 1 });
  ask({ kind: 'wrong-crc' });
  ask({ kind: 'late-once', byMs: 30 });
  ask({ kind: 'none' });
  await expect.poll(() => sent.length).toBe(4);
  expect(sent[0]).toHaveLength(512);
  expect(sent[1]?.slice(0, -4)).toBe(rtuAnswer.slice(0, -4));
  expect(sent[1]).not.toBe(rtuAnswer);
  expect(sent.slice(2)).toEqual([rtuAnswer, rtuAnswer]);
});

test('faults of the registers: what is shown is not what is true', () => {
  const meter = new SimulatedModbusMeter('km-n1', 9);
  const shown = () => {
    const reply = meter.read(3, 0x200, 2);
    return reply.kind === 'words'
      ? reply.words.reduce((sum, word) => sum * 65_536 + word, 0)
      : reply;
  };
  meter.set({ importedWh: 500 });
  expect(shown()).toBe(500);
  meter.wrapSoon(1_000_000, 10);
  expect(shown()).toBe(999_990);
  meter.set({ importedWh: 515 });
  expect(shown()).toBe(5);
  meter.reset();
  expect(shown()).toBe(0);
  meter.set({ importedWh: 600 });
  expect(shown()).toBe(85);
  meter.wakeUpZero(2);
  expect([shown(), shown(), shown()]).toEqual([0, 0, 85]);
  meter.jitter(3);
  expect(new Set([shown(), shown()])).toEqual(new Set([82, 85]));
  meter.jitter(0);
  meter.reverseWords(true);
  expect(shown()).toBe(85 * 65_536);
  expect(meter.truth.importedWh).toBe(600);
});

test('commands do what they say, and whatever is typed gets an answer', () => {
  const units = new Set([1]);
  const meter = new SimulatedModbusMeter('sdm230', 1);
  const run = (text: string): void => {
    const command = parseModbusCommand(text, units);
    if (typeof command === 'string' || command.kind !== 'meter') throw new Error(text);
    command.apply(meter);
  };
  run('1 imported 1500');
  run('1 late 1200');
  expect(meter.truth.importedWh).toBe(1_500);
  expect(meter.answering).toEqual({ kind: 'late', byMs: 1_200 });
  run('1 heal');
  expect(meter.answering).toEqual({ kind: 'none' });
  expect(parseModbusCommand('unplug', units)).toEqual({ kind: 'cable', action: 'unplug' });
  expect(parseModbusCommand('2 reset', units)).toMatch(/no unit "2"; there are: 1/);
  expect(parseModbusCommand('1 swap 5', units)).toMatch(/takes 2 numbers/);
  expect(parseModbusCommand('1 dance', units)).toMatch(/is no command/);
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(['string', 'object']).toContain(typeof parseModbusCommand(text, units));
    }),
  );
});

test('meters are named by unit and model', () => {
  expect(modbusMetersSchema.parse('1=sdm230,247=km-n1')).toEqual(
    new Map([
      [1, 'sdm230'],
      [247, 'km-n1'],
    ]),
  );
  for (const wrong of ['', '1', '0=sdm230', '1=sdm231', '1=sdm230,1=sdm230', '1=sdm230=2'])
    expect(modbusMetersSchema.safeParse(wrong).success, wrong).toBe(false);
  expect(Object.keys(layouts).length).toBeGreaterThan(4);
});
