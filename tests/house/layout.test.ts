import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

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

const { build } = packageJson.scripts;

test('what npm calls a program says that Node runs it: without, `npx` gives it to the shell', () => {
  const sources = [...build.matchAll(/\b(kadoru-[a-z]+)=(\S+)/g)].map(([, name, path]) => ({
    name,
    first: readFileSync(path ?? '', 'utf8').split('\n', 1)[0],
  }));
  expect(sources.map(({ name }) => name)).toEqual(Object.keys(packageJson.bin));
  for (const { name, first } of sources) expect(first, name).toBe('#!/usr/bin/env node');
});

test('the image is built from all that the build reads', () => {
  const copied = [...readFileSync('gateway/Dockerfile', 'utf8').matchAll(/^COPY (?!--)(.+) \S+$/gm)]
    .flatMap(([, paths]) => (paths ?? '').split(' '))
    .map((path) => new RegExp(`^${path}(/|$)`));
  const read = [...build.matchAll(/(?<=[ =])(?!-|\.)[\w-]+\/[\w./-]+/g)].map(([path]) => path);
  expect(read).toContain('gateway/verify/main.ts');
  expect(read).toContain('tests/page-preload.ts');
  expect(read.filter((path) => !copied.some((place) => place.test(path)))).toEqual([]);
});

test('no drawer for odds and ends', () => {
  const drawer = /(^|\/)(utils?|helpers?|common|types|misc)(\/|\.[a-z]+$)/;
  expect(tracked.filter((path) => drawer.test(path))).toEqual([]);
});
