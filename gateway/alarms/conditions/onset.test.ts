import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Condition, Standing } from '../model.ts';
import { Onset } from './onset.ts';

const condition = (at: number, standing: Standing, onsetMs?: number): Condition => ({
  id: 'keihin/pack-1/data-stopped',
  site: 'keihin',
  subject: 'pack-1',
  kind: 'data-stopped',
  standing,
  at,
  value: null,
  threshold: null,
  unit: '',
  detail: '',
  ...(onsetMs === undefined ? {} : { onsetMs }),
});

function standings(onset: Onset, ...conditions: readonly Condition[]): Standing[] {
  return conditions.flatMap((one) => onset.lasting([one]).map(({ standing }) => standing));
}

test('on only once it has lasted; an interruption begins anew', () => {
  const seen = [condition(0, 'on', 20), condition(19, 'on', 20), condition(20, 'on', 20)];
  expect(standings(new Onset(), ...seen)).toEqual(['hold', 'hold', 'on']);
  const interrupted = [condition(0, 'on', 20), condition(10, 'off', 20), condition(25, 'on', 20)];
  expect(standings(new Onset(), ...interrupted)).toEqual(['hold', 'off', 'hold']);
});

test('a clock that is set back cannot keep it waiting longer than its onset', () => {
  const seen = [condition(1000, 'on', 20), condition(0, 'on', 20), condition(20, 'on', 20)];
  expect(standings(new Onset(), ...seen)).toEqual(['hold', 'hold', 'on']);
});

test('one that asks for nothing is on at once, and nothing but "on" is ever changed', () => {
  const standing = fc.constantFrom<Standing>('on', 'off', 'hold', 'unobservable');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(100), standing)), (course) => {
      const onset = new Onset();
      const all = course.map(([at, stands]) => condition(at, stands));
      expect(standings(onset, ...all)).toEqual(course.map(([, stands]) => stands));
      const slow = course.map(([at, stands]) => condition(at, stands, 50));
      for (const [index, stands] of standings(new Onset(), ...slow).entries())
        expect([slow[index]?.standing, slow[index]?.standing === 'on' ? 'hold' : '']).toContain(
          stands,
        );
    }),
  );
});
