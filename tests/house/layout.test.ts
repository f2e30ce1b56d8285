import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '');

test('nothing stands at the top but what was agreed (design.md, shape)', () => {
  const agreed = new Set(
    'package.json package-lock.json tsconfig.json README.md LICENSE device gateway dashboard simulators tests'.split(
      ' ',
    ),
  );
  const top = new Set(tracked.map((path) => path.split('/')[0] ?? ''));
  expect([...top].filter((name) => !agreed.has(name) && !name.startsWith('.'))).toEqual([]);
});

test('no drawer for odds and ends', () => {
  const drawer = /(^|\/)(utils?|helpers?|common|types|misc)(\/|\.[a-z]+$)/;
  expect(tracked.filter((path) => drawer.test(path))).toEqual([]);
});
