import { expect, test } from 'vitest';
import type { Notice } from '#gateway/contract';
import { sampleAlarm, sampleAtMs, samplePlant } from '../plant/plant.sample.ts';
import { callOf } from './calls.ts';

const shelf = { by: 'Sato', at: sampleAtMs, until: sampleAtMs + 60_000, why: 'inspection' };
const quiet = { ...samplePlant, alarms: [] };
const withNotice = (kind: Notice['kind']) => ({
  ...quiet,
  problems: [{ kind, subject: 'pi-1', detail: '' }],
});
const withAlarm = (changes: object) => ({
  ...samplePlant,
  alarms: [{ ...sampleAlarm, ...changes }],
});

test.each([
  ['nothing', quiet, 'live', undefined],
  ['an urgent alarm', samplePlant, 'live', 'alarm'],
  [
    'one that somebody took note of',
    withAlarm({ phase: 'active-acknowledged' }),
    'live',
    undefined,
  ],
  ['one that is shelved', withAlarm({ shelf }), 'live', undefined],
  ['a caution', withAlarm({ priority: 'caution' }), 'live', undefined],
  ['a device whose program was killed', withNotice('device-lost'), 'live', 'stopped'],
  ['a store that keeps nothing', withNotice('store-failing'), 'live', 'stopped'],
  ['a device that said goodbye', withNotice('device-offline'), 'live', undefined],
  ['silence', quiet, 'no-data', 'stopped'],
  ['silence under an alarm', samplePlant, 'no-data', 'stopped'],
  ['a session that ended', quiet, 'signed-out', 'stopped'],
  ['nobody signed in yet', undefined, 'signed-out', undefined],
  ['a connection that is being mended', quiet, 'reconnecting', undefined],
  ['a page that was just opened', undefined, 'connecting', undefined],
] as const)('%s', (_, plant, status, call) => {
  expect(callOf(plant, status, sampleAtMs)).toBe(call);
});
