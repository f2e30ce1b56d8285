import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type NodeCommand, obey, parseNodeCommand } from './commands.ts';
import type { Manner } from './node.ts';
import { fuelCellObject } from './objects.ts';

const registers = [0xc5, 0xc8];

function rig() {
  const values = { powerW: 700, generatedWh: 500, gasDm3: 200, gasDm3PerH: 160 };
  const plate = { maker: 1, product: 'FC', serial: 'A' };
  const meter = fuelCellObject(1, plate, () => values);
  const manners: Manner[] = [];
  const told = (line: string): void => {
    const [what = '', detail] = line.split(' ');
    const command = parseNodeCommand(what, detail);
    if (typeof command !== 'object') throw new Error(`${line}: ${command}`);
    obey({ setManner: (manner) => void manners.push(manner) }, meter, registers, command);
  };
  const generated = () => Buffer.from(meter.read(0xc5) ?? []).readUInt32BE();
  return { values, meter, manners, told, generated };
}

test('a node is told how to behave', () => {
  const { manners, told } = rig();
  for (const line of ['silence', 'late 500', 'garbage', 'partial', 'answer']) told(line);
  expect(manners).toEqual([
    { kind: 'silence' },
    { kind: 'late', byMs: 500 },
    { kind: 'garbage', seed: 1 },
    { kind: 'partial', without: registers },
    { kind: 'answer' },
  ]);
});

test('and what befalls its meter', () => {
  const { meter, told, generated, values } = rig();
  told('wrap 1');
  expect(generated()).toBe(999_999_999);
  values.generatedWh += 2;
  expect(generated()).toBe(1);
  told('wake-up 1');
  expect([generated(), generated()]).toEqual([0, 1]);
  told('jitter 1');
  expect(new Set([generated(), generated()])).toEqual(new Set([0, 1]));
  told('swap B-7');
  expect(generated()).toBe(0);
  expect(Buffer.from(meter.read(0x8d) ?? []).toString()).toBe('B-7'.padEnd(12, '\0'));
  values.generatedWh += 3;
  told('no-data');
  expect(generated()).toBe(0xffff_fffe);
  told('data');
  expect(generated()).toBe(3);
  told('reset');
  expect(generated()).toBe(0);
});

test('a command that is none, or half of one, is said', () => {
  expect(parseNodeCommand('dance', undefined)).toBeUndefined();
  expect(parseNodeCommand('silence', 'now')).toBeUndefined();
  expect(parseNodeCommand('late', undefined)).toBeUndefined();
  expect(parseNodeCommand('late', 'soon')).toMatch(/from 1 to 60000/);
  expect(parseNodeCommand('swap', 'シリアル')).toMatch(/letters/);
  fc.assert(
    fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (what, detail) => {
      const parsed: NodeCommand | string | undefined = parseNodeCommand(what, detail);
      expect(['object', 'string', 'undefined']).toContain(typeof parsed);
    }),
  );
});
