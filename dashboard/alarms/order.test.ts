import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleAlarm, sampleAtMs } from '../plant/plant.sample.ts';
import { byUrgency, callingOf, groupAlarms, isUnacknowledged } from './order.ts';

const shelf = { by: 'Sato', at: sampleAtMs, until: sampleAtMs + 3_600_000, why: 'inspection' };

test('urgent comes first, then what nobody has taken note of, then the newest', () => {
  const alarms = [
    { ...sampleAlarm, id: 'note', priority: 'note' },
    { ...sampleAlarm, id: 'taken', phase: 'active-acknowledged' },
    { ...sampleAlarm, id: 'older', raisedAt: sampleAtMs - 900_000 },
    { ...sampleAlarm, id: 'newer' },
    { ...sampleAlarm, id: 'caution', priority: 'caution' },
  ] as const;
  const { calling } = groupAlarms(alarms, sampleAtMs);
  expect(calling.map(({ id }) => id)).toEqual(['newer', 'older', 'taken', 'caution', 'note']);
});

test('a shelf sets an alarm aside until it ends, and outlasts the alarm', () => {
  const alarms = [
    { ...sampleAlarm, shelf },
    { ...sampleAlarm, id: 'over', phase: 'normal', shelf },
  ] as const;
  const during = groupAlarms(alarms, sampleAtMs);
  expect(during).toMatchObject({ calling: [], shelved: [{ id: sampleAlarm.id }, { id: 'over' }] });
  const after = groupAlarms(alarms, shelf.until);
  expect(after).toMatchObject({ calling: [{ id: sampleAlarm.id }], shelved: [] });
});

test('an alarm that went away by itself still waits for a person; one that is over does not', () => {
  expect(isUnacknowledged({ ...sampleAlarm, phase: 'returned-unacknowledged' })).toBe(true);
  const over = groupAlarms([{ ...sampleAlarm, phase: 'normal' }], sampleAtMs);
  expect(over).toEqual({ calling: [], shelved: [] });
});

test('no alarm is lost or shown twice, and the order does not depend on how they came', () => {
  const alarm = fc.record({
    id: fc.uuid(),
    priority: fc.constantFrom('urgent', 'caution', 'note'),
    phase: fc.constantFrom(
      'active-unacknowledged',
      'active-acknowledged',
      'returned-unacknowledged',
    ),
    raisedAt: fc.integer({ min: 0, max: sampleAtMs }),
    shelf: fc.constantFrom(null, shelf),
  } as const);
  fc.assert(
    fc.property(fc.uniqueArray(alarm, { selector: ({ id }) => id }), (drawn) => {
      const alarms = drawn.map((each) => ({ ...sampleAlarm, ...each }));
      const { calling, shelved } = groupAlarms(alarms, sampleAtMs);
      expect(new Set([...calling, ...shelved].map(({ id }) => id))).toEqual(
        new Set(alarms.map(({ id }) => id)),
      );
      expect(calling.length + shelved.length).toBe(alarms.length);
      for (const [index, next] of calling.entries()) {
        const before = calling[index - 1];
        if (before !== undefined) expect(byUrgency(before, next)).toBeLessThanOrEqual(0);
      }
    }),
  );
});

test('the badge of a pack counts what calls: not what is shelved, over, or about another', () => {
  const pack = { site: 'keihin', id: 'pack-1' };
  const alarms = [
    sampleAlarm,
    { ...sampleAlarm, id: 'shelved', shelf },
    { ...sampleAlarm, id: 'over', phase: 'normal' },
    { ...sampleAlarm, id: 'other', subject: 'pack-2' },
  ] as const;
  expect(callingOf(pack, alarms, sampleAtMs)).toBe(1);
});
