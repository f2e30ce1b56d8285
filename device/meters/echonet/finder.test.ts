import { expect, test } from 'vitest';
import { ManualClock } from '../../clock/manual-clock.ts';
import { NodeDirectory } from './directory.ts';
import { Finder } from './finder.ts';

const pv = 0x027901;
const list = [{ epc: 0xd6, edt: Uint8Array.from([1, 2, 0x79, 1]) }];

/** `there` are the nodes that would answer a search. */
function house(there: string[], taken: string[] = []) {
  const directory = new NodeDirectory();
  const clock = new ManualClock({ wallMs: 0, trusted: true });
  const told: object[] = [];
  const quiet = { debug: () => {}, info: () => {}, warn: () => {} };
  const searches: number[] = [];
  const finder = new Finder(pv, new Set(taken), {
    directory,
    clock,
    log: { ...quiet, error: (fields) => void told.push(fields) },
    search: () => {
      searches.push(clock.monotonicMs());
      for (const address of there) directory.learn(address, 0x0ef001, list);
      return Promise.resolve();
    },
  });
  return { finder, clock, told, searches, directory };
}

test('the one node with the object is found, and found again at another address', async () => {
  const there = ['192.168.1.20'];
  const { finder, searches, clock } = house(there);
  expect(await finder.locate()).toBe('192.168.1.20');
  expect(await finder.locate()).toBe('192.168.1.20');
  expect(searches).toHaveLength(1);
  there[0] = '192.168.1.33';
  finder.lost('192.168.1.20');
  clock.pass(30_000);
  expect(await finder.locate()).toBe('192.168.1.33');
});

test('a search is repeated every 30 s at most, and an announcement needs none', async () => {
  const { finder, clock, searches, directory } = house([]);
  for (let second = 0; second < 60; second += 1) {
    expect(await finder.locate()).toBeUndefined();
    clock.pass(1_000);
  }
  expect(searches).toEqual([0, 30_000]);
  directory.learn('192.168.1.20', 0x0ef001, list);
  expect(await finder.locate()).toBe('192.168.1.20');
  expect(searches).toHaveLength(2);
});

test('of several nodes none is taken, and that is said once', async () => {
  const { finder, told } = house(['192.168.1.21', '192.168.1.20']);
  expect(await finder.locate()).toBeUndefined();
  expect(await finder.locate()).toBeUndefined();
  expect(told).toEqual([{ object: '0x027901', nodes: ['192.168.1.20', '192.168.1.21'] }]);
});

test('a node that another meter has in the configuration is not one of them', async () => {
  const { finder } = house(['192.168.1.21', '192.168.1.20'], ['192.168.1.21']);
  expect(await finder.locate()).toBe('192.168.1.20');
});
