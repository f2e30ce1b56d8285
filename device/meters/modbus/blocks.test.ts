import { expect, test } from 'vitest';
import { planBlocks, splitBlock, wordsOf } from './blocks.ts';
import { registersOf } from './profile.ts';
import { builtInProfiles } from './profiles.ts';

function plan(profile: string) {
  const registers = registersOf(builtInProfiles[profile]?.registers ?? {});
  return planBlocks(registers).map(({ function: code, address, count }) => [code, address, count]);
}

test('registers that touch are one request, ones with a hole between them are not', () => {
  for (const profile of ['sdm120', 'sdm230'])
    expect(plan(profile)).toEqual([
      [4, 0x0c, 2],
      [4, 0x48, 4],
    ]);
  expect(plan('sdm630')).toEqual([
    [4, 0x34, 2],
    [4, 0x48, 4],
  ]);
  expect(plan('iem3000')).toEqual([
    [3, 0xbf3, 2],
    [3, 0xc83, 8],
  ]);
  expect(plan('km-n1')).toEqual([[3, 0x200, 4]]);
});

test('each register finds its words again, together and alone', () => {
  const [block] = planBlocks(registersOf(builtInProfiles['km-n1']?.registers ?? {}));
  if (block === undefined) throw new Error('no block');
  // In the order of their addresses: imported, then exported.
  expect(
    block.registers.map((read) => [read.quantity, wordsOf(block, read, [1, 2, 3, 4])]),
  ).toEqual([
    ['imported', [1, 2]],
    ['exported', [3, 4]],
  ]);
  expect(splitBlock(block).map(({ address, count }) => [address, count])).toEqual([
    [0x200, 2],
    [0x202, 2],
  ]);
});
