import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleEvent } from '../plant/meter.sample.ts';
import { nearestReadings, readMeterReadings, readRegisterEvents } from './meter-answers.ts';

test('register events are read with what settled them, and whether there are older ones', () => {
  const items = [sampleEvent, { ...sampleEvent, resolution: { kind: 'wrap', by: 'rule' } }];
  expect(readRegisterEvents(JSON.stringify({ items }))).toEqual({ events: items, more: false });
  expect(readRegisterEvents(JSON.stringify({ items, next: 'c' }))?.more).toBe(true);
  expect(readRegisterEvents(undefined)).toBeUndefined();
});

test('a reading taken tells what the metered register said', () => {
  const metered = { at: 1, wh: 1_000, differenceWh: 2, agrees: true };
  const item = { id: 'r', by: '佐藤', recordedAt: 3, meter: 'a/b/c', at: 2, wh: 1_002, metered };
  const items = [{ ...item, photoSha256: null }];
  expect(readMeterReadings(JSON.stringify({ items }))).toEqual(items);
  expect(readMeterReadings(JSON.stringify({ items: [item] }))).toBeUndefined();
});

test('the readings nearest to a time are offered, oldest first', () => {
  const lines = [10, 20, 30, 40].map((at) => JSON.stringify({ at, value: at, more: 'x' }));
  const near = nearestReadings(`${lines.join('\n')}\n`, 28, 2);
  expect(near?.map(({ at }) => at)).toEqual([20, 30]);
  expect(nearestReadings('', 28, 2)).toEqual([]);
  expect(nearestReadings('{"at":1}\n', 28, 2)).toBeUndefined();
});

test('nothing that is answered makes reading throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      for (const read of [readMeterReadings, readRegisterEvents]) read(body);
      nearestReadings(body, 0, 3);
    }),
  );
});
