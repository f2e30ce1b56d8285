import { expect, test } from 'vitest';
import { sampleEvent, sampleMeter } from '../plant/meter.sample.ts';
import { decode } from './decode.ts';
import { meterList } from './meter-shape.ts';

const read = (meter: object) => decode(JSON.stringify({ items: [meter] }), meterList);

test('a meter is read as it is, whatever its evidence', () => {
  const calibrated = { kind: 'calibrated', document: 'JCSS 123' };
  const nothing = { evidence: null, registerWh: null, readAt: null, today: null };
  for (const change of [{}, { evidence: calibrated }, nothing, { openEvents: [sampleEvent] }])
    expect(read({ ...sampleMeter, ...change })?.items).toEqual([{ ...sampleMeter, ...change }]);
});

test('one that is not what the contract promises makes the list unreadable', () => {
  for (const change of [{ registerWh: 1.5 }, { evidence: { kind: 'seen' } }, { openEvents: null }])
    expect(read({ ...sampleMeter, ...change })).toBeUndefined();
});
