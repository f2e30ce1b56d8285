import fc from 'fast-check';
import { expect, test } from 'vitest';
import { samplePack } from '../plant/plant.sample.ts';
import { readBatchAnswer, readGaugeAnswer, readWaitingChanges } from './answers.ts';

const gauge = {
  id: 'reading-1',
  by: '佐藤',
  recordedAt: 2,
  readAt: 1,
  pressureMpa: 10,
  temperatureC: 20,
  hydrogen: samplePack.hydrogen,
  transmitter: null,
};

test('the answer to a gauge reading is read as it is, or not at all', () => {
  expect(readGaugeAnswer(JSON.stringify(gauge))).toEqual(gauge);
  expect(readGaugeAnswer(JSON.stringify({ ...gauge, hydrogen: null }))).toBeUndefined();
});

test('a batch in a state that a newer gateway adds has no number', () => {
  const batch = { state: 'another', drawn: null, lessThanKg: null };
  expect(readBatchAnswer(JSON.stringify(batch))).toEqual(batch);
});

test('of all segments those are shown that wait', () => {
  const segment = { at: 1, waiting: true, before: null, start: { kg: 20.1 } };
  const items = [segment, { ...segment, at: 2, waiting: false }];
  expect(readWaitingChanges(JSON.stringify({ items }))).toEqual([segment]);
  expect(readWaitingChanges(undefined)).toBeUndefined();
});

test('nothing that is answered makes reading throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      for (const read of [readGaugeAnswer, readBatchAnswer, readWaitingChanges]) read(body);
    }),
  );
});
