import { expect, test } from 'vitest';
import { sampleAtMs, samplePlant } from './plant.sample.ts';
import { viewGenerator } from './generator-view.ts';

const [sample] = samplePlant.generators;
if (sample === undefined) throw new Error('the sample has no generator');
const today = { wh: 0, since: sampleAtMs - 3_600_000, until: sampleAtMs };
const night = {
  ...sample,
  quality: 'bad',
  why: 'no-data',
  powerW: null,
  generatedWh: 5,
  today,
} as const;

test('a meter that is read and has sent no pulse waits: its counts are fresh, and nothing is at fault', () => {
  const view = viewGenerator(night, true);
  expect(view).toMatchObject({
    waiting: true,
    power: { standing: 'uncertain', value: null, why: undefined },
    today: { standing: 'good', value: 0 },
    register: { standing: 'good', value: 5 },
  });
  expect(viewGenerator(night, false).power.standing).toBe('old');
});

test('a meter that is not read does not wait', () => {
  const unread = viewGenerator({ ...night, generatedWh: null }, true);
  expect(unread).toMatchObject({ waiting: false, power: { standing: 'bad', why: 'no-data' } });
  const silent = viewGenerator({ ...night, why: 'stale' }, true);
  expect(silent).toMatchObject({ waiting: false, today: { standing: 'stale' } });
});

test('no sun and a pulse long ago is a number near 0, not a wait', () => {
  const { why: _, ...good } = { ...sample, quality: 'good', powerW: 0 } as const;
  expect(viewGenerator(good, true)).toMatchObject({ waiting: false, power: { value: 0 } });
});
