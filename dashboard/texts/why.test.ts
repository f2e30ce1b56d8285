import { expect, test } from 'vitest';
import { ja } from './ja.ts';
import { whyText } from './why.ts';

test('nobody is sent to a measuring device where there is none', () => {
  for (const reason of ['no-data', 'stale'] as const) {
    expect(whyText(ja, { source: 'manual' }, reason)).toBe(ja.whyManual[reason]);
    expect(whyText(ja, { source: 'transmitter' }, reason)).toBe(ja.why[reason]);
  }
  expect(whyText(ja, { source: 'manual' }, 'isolated')).toBe(ja.why.isolated);
});
