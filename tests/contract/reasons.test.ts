import { expect, test } from 'vitest';
import {
  calibrationRequestSchema,
  gaugeReadingRequestSchema,
  shelveRequestSchema,
} from '#gateway/contract';
import { reasonJa } from '../../dashboard/work/words/reasons-ja.ts';
import { parseConfig } from '../../gateway/config/load.ts';
import { configuredPack } from '../../gateway/derive/pack.ts';
import { cylinderMistakes, stateMistakes } from '../../gateway/records/checks/gauge-state.ts';
import {
  certificateTime,
  forwards,
  pastTime,
  plannedTime,
} from '../../gateway/records/checks/times.ts';

/** What the gateway really says at a field has words on the Japanese page. */
const [site] = parseConfig(
  'sites: [{ id: keihin, packs: [{ id: pack-1, cylinders: 30, cylinderLitres: 50 }] }]',
  'gateway.yaml',
  {},
).sites;
const [config] = site?.packs ?? [];
if (config === undefined) throw new Error('no pack');
const pack = configuredPack('keihin', config);
const now = Date.UTC(2026, 3, 1);
const far = now + 20 * 366 * 86_400_000;
const fresh = { pressureMpa: 10, toleranceMpa: 0.02 };

test.each([
  ['hot', stateMistakes(pack, { pressureMpa: 10, temperatureC: 293 })],
  ['cold', stateMistakes(pack, { pressureMpa: 10, temperatureC: -90 })],
  ['below zero', stateMistakes(pack, { pressureMpa: -1, temperatureC: 20 })],
  ['off the scale', stateMistakes(pack, { pressureMpa: 147, temperatureC: 20 })],
  ['the open air', stateMistakes(pack, { pressureMpa: 0.1013, temperatureC: 20 })],
  ['absolute', stateMistakes(pack, { pressureMpa: 10.1013, temperatureC: 20 }, '', fresh)],
  ['cylinders', cylinderMistakes(pack, 31)],
  ['future', pastTime('readAt', far, now)],
  ['long ago', pastTime('readAt', 5, now)],
  ['planned', plannedTime('from', far, now)],
  ['certificate', certificateTime('validUntil', far, now)],
  ['backwards', forwards(['from', now], ['to', now - 1])],
])('%s', (_, mistakes) => {
  expect(mistakes).toHaveLength(1);
  for (const { detail } of mistakes) expect(reasonJa(detail)).toMatch(/[ぁ-ん]/);
});

test('what the schemas say has words, too', () => {
  const said = [
    gaugeReadingRequestSchema.safeParse({ by: '', pressureMpa: 'x' }),
    calibrationRequestSchema.safeParse({ by: 'x'.repeat(200), expandedUncertaintyMpa: 9 }),
    shelveRequestSchema.safeParse({ id: 'x', by: 'x', until: 1, why: '' }),
  ].flatMap(({ error }) => error?.issues ?? []);
  expect(said.length).toBeGreaterThan(5);
  for (const { message } of said) expect(reasonJa(message), message).toMatch(/[ぁ-ん]/);
});

test('what has no words is left to be shown as it is', () => {
  expect(reasonJa('is no longer what it was')).toBeUndefined();
  expect(reasonJa('is below zero: a gauge shows 0 in the open air; is odd')).toBeUndefined();
});
