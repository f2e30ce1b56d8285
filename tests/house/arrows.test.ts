import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { wrongArrows } from './arrows.ts';

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'],
  { encoding: 'utf8' },
)
  .split('\n')
  .filter((path) => path !== '');
const sources = files.flatMap((path) => {
  try {
    return [{ path, text: readFileSync(path, 'utf8') }];
  } catch {
    return []; // deleted and not yet committed
  }
});

test('every import points the right way', () => {
  expect(wrongArrows(sources)).toEqual([]);
});

test('enough was read to mean something', () => {
  for (const folder of ['device/', 'gateway/', 'dashboard/', 'simulators/'])
    expect(sources.filter(({ path }) => path.startsWith(folder)).length).toBeGreaterThan(10);
});

test.each([
  ['device/link/a.ts', "import { x } from '../../gateway/hydrogen/nist2008.ts';"],
  ['device/link/a.ts', "import { x } from '#gateway/contract';"],
  ['gateway/http/a.ts', "export * from '../../simulators/world/leachman.ts';"],
  ['gateway/hydrogen/a.ts', "import { readFile } from 'node:fs/promises';"],
  ['gateway/energy/a.ts', "import type { Store } from '../store/port.ts';"],
  ['gateway/energy/a.ts', "import { exact } from '../emissions/exact.ts';"],
  ['gateway/emissions/a.ts', "import { meterSeries } from '../derive/meter.ts';"],
  ['gateway/contract/a.ts', "import pino from 'pino';"],
  ['gateway/verify/a.ts', "import { exact } from '../emissions/exact.ts';"],
  ['gateway/verify/a.ts', "import fraction from 'fraction.js';"],
  ['dashboard/a.tsx', "import { routes } from '#gateway/contract';"],
  ['dashboard/a.tsx', "import type {\n  Pack,\n} from '../gateway/contract/pack.ts';"],
  [
    'simulators/world/a.ts',
    "const { density } = await import('../../gateway/hydrogen/nist2008.ts');",
  ],
])('it finds a forbidden one: %s %s', (path, text) => {
  expect(wrongArrows([{ path, text }])).toHaveLength(1);
});

test.each([
  ['device/link/a.ts', "import { x } from '#device/contract';\nimport { connect } from 'mqtt';"],
  ['dashboard/a.tsx', "import type { Pack } from '#gateway/contract';"],
  ['simulators/demo/a.ts', "import { x } from '../../device/config/config.ts';"],
  ['gateway/hydrogen/a.ts', "import { x } from './nist2008.ts';"],
  ['gateway/verify/a.ts', "import { x } from '#gateway/contract';\nimport { y } from './b.ts';"],
  ['gateway/emissions/a.ts', "import type { Span } from '../energy/span.ts';"],
])('it lets a right one pass: %s %s', (path, text) => {
  expect(wrongArrows([{ path, text }])).toEqual([]);
});
