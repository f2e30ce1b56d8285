import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeOpened } from '../config/describe.ts';
import { parseConfig } from '../config/load.ts';
import { builtInProfiles } from './modbus/profiles.ts';

const text = readFileSync(new URL('README.md', import.meta.url), 'utf8');
const [head = '', ...blocks] = [...text.matchAll(/```yaml\n([^]*?)```/g)].map(
  ([, yaml = '']) => yaml,
);

test('every configuration in the README is right, and reads something', () => {
  expect(blocks.length).toBeGreaterThan(4);
  for (const block of blocks) {
    const lines = describeOpened(parseConfig(head + block, block));
    expect(lines.join('\n'), block).toMatch(/every \d+ s/);
  }
});

test('every built-in profile is in the README', () => {
  for (const name of Object.keys(builtInProfiles)) expect(text).toContain(`\`${name}\``);
});
