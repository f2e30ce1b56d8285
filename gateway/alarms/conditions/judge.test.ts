import { describe, expect, test } from 'vitest';
import type { Condition } from '../model.ts';
import { judgePack } from './judge.ts';
import { alarmKinds } from './kinds.ts';
import type { PackSituation } from './situation.ts';
import { packWith, situationAfter, startMs } from './testing-situation.ts';

const judged = (situation: PackSituation, kind: string): Condition => {
  const found = judgePack(situation).find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`${kind} is not judged`);
  return found;
};
const standing = (situation: PackSituation, kind: string) => judged(situation, kind).standing;
const at = (mpa: number | null, celsius = 20) => situationAfter([[0, mpa, celsius]]);
const stopMpa = at(5).shown.stopPressureMpa;

test('every kind that is judged stands in the table of kinds', () => {
  const judgedKinds = judgePack(at(10)).map(({ kind }) => kind);
  const ofMeters = new Set(['register-event', 'meter-wrap', 'meter-mark']);
  const ofPacks = Object.keys(alarmKinds).filter((kind) => !ofMeters.has(kind));
  expect(judgedKinds.toSorted()).toEqual(ofPacks.toSorted());
});

describe('stop', () => {
  test.each([
    [stopMpa - 0.001, 'on'],
    [stopMpa + 0.02, 'hold'],
    [stopMpa + 0.06, 'off'],
  ])('at %d MPa: %s', (mpa, expected) => {
    expect(standing(at(mpa), 'stop')).toBe(expected);
  });

  test('an unknown pressure raises it within twice the uncertainty of the stop, and not far above', () => {
    const near = situationAfter([
      [0, stopMpa + 0.2, 20],
      [1, null, 20],
      [2, null, 20],
    ]);
    expect(judged(near, 'stop')).toMatchObject({ standing: 'on', cause: 'unknown' });
    const far = situationAfter([
      [0, 10, 20],
      [1, null, 20],
      [2, null, 20],
    ]);
    expect(standing(far, 'stop')).toBe('unobservable');
  });

  test('before an unknown pressure the minute that still runs counts, too: a pack exchanged just now', () => {
    const exchanged = situationAfter([
      [0, stopMpa - 0.1, 20],
      [5, 5, 20],
      [5.5, null, 20],
    ]);
    expect(standing(exchanged, 'stop')).toBe('unobservable');
  });

  test('an unknown pressure is judged by what the flow of then may have drawn since', () => {
    const drawing = Array.from(
      { length: 61 },
      (_, minute) => [minute, 4 - minute * 0.02, 20] as const,
    );
    const hours = (count: number) =>
      situationAfter([...drawing, [62, null, 20], [61 + count * 60, null, 20]]);
    expect(standing(hours(0.1), 'stop')).toBe('unobservable');
    expect(standing(hours(3), 'stop')).toBe('on');
  });

  test('a closed line raises no stop', () => {
    const closed = situationAfter([
      [0, 10, 20],
      [0.02, 3, 20],
      [0.05, 0, 20],
    ]);
    expect(closed.shown.isolatedSince).not.toBeNull();
    expect(standing(closed, 'stop')).toBe('unobservable');
    expect(judged(closed, 'isolated')).toMatchObject({ standing: 'on', cause: 'tap-on-pack' });
    expect(judged(closed, 'isolated').priority).toBe('urgent');
  });
});

describe('less than 1 MPa', () => {
  test('by drawing', () => {
    const drawn = Array.from(
      { length: 130 },
      (_, minute) => [minute, 1.6 - minute * 0.005, 20] as const,
    );
    expect(judged(situationAfter(drawn), 'residual')).toMatchObject({
      standing: 'on',
      cause: 'by-drawing',
    });
  });

  test('by cooling, with nothing drawn: 1.03 MPa at 35 degC is 0.91 at 0 degC', () => {
    const cooled = Array.from({ length: 200 }, (_, minute) => {
      const celsius = 35 - (35 * minute) / 199;
      return [minute, 1.03 - ((1.03 - 0.905) * minute) / 199, celsius] as const;
    });
    expect(judged(situationAfter(cooled), 'residual')).toMatchObject({
      standing: 'on',
      cause: 'by-cooling',
    });
  });

  test('1.0 MPa itself is not below it', () => {
    expect(standing(at(1), 'residual')).not.toBe('on');
  });
});

test('over-fill is judged on the isochore: 19.93 MPa at 40 degC is lawful, 21 MPa at 20 degC is not', () => {
  expect(standing(at(19.93, 40), 'over-fill')).toBe('off');
  expect(standing(at(19.6, 35), 'over-fill')).toBe('off');
  expect(standing(at(21, 20), 'over-fill')).toBe('on');
});

test('35 and 40 degC are two levels with a kelvin between raising and clearing', () => {
  expect(standing(at(10, 35), 'temperature-35')).toBe('on');
  expect(standing(at(10, 35), 'temperature-40')).toBe('off');
  expect(standing(at(10, 34.5), 'temperature-35')).toBe('hold');
  expect(standing(at(10, 40), 'temperature-40')).toBe('on');
  expect(standing(at(10, 33.9), 'temperature-35')).toBe('off');
});

test('half of the mass at filling', () => {
  expect(standing(at(8), 'half-mass')).toBe('on');
  expect(standing(at(12), 'half-mass')).toBe('off');
});

test('a new segment nobody explained waits for a person', () => {
  const swapped = situationAfter([
    ...Array.from({ length: 10 }, (_, minute) => [minute, 5, 20] as const),
    ...Array.from({ length: 10 }, (_, minute) => [10 + minute, 15, 20] as const),
  ]);
  expect(judged(swapped, 'contents-changed')).toMatchObject({ standing: 'on', cause: 'rise' });
  expect(standing(at(10), 'contents-changed')).toBe('off');
});

describe('instruments', () => {
  test('data that is too old, or never came, is an alarm', () => {
    expect(standing(situationAfter([[0, 10, 20]], { laterMs: 9000 }), 'data-stopped')).toBe('off');
    expect(standing(situationAfter([[0, 10, 20]], { laterMs: 11_000 }), 'data-stopped')).toBe('on');
    expect(standing(situationAfter([]), 'data-stopped')).toBe('on');
  });

  test('a loop that says it is broken is a sensor fault, not stopped data', () => {
    const cut = at(null);
    expect(judged(cut, 'sensor-fault')).toMatchObject({ standing: 'on', cause: 'loop-open' });
    expect(standing(cut, 'data-stopped')).toBe('off');
  });

  test('needle and transmitter may differ by both tolerances, and no more', () => {
    const checked = (needleMpa: number) =>
      situationAfter([[0, 10, 20]], {
        change: { needle: { at: startMs, needleMpa, transmitterMpa: 10 } },
      });
    const { threshold } = judged(checked(10), 'needle-disagrees');
    if (threshold === null) throw new Error('no tolerance');
    expect(threshold).toBeGreaterThan(0.5);
    expect(standing(checked(10 + threshold - 0.01), 'needle-disagrees')).toBe('off');
    expect(standing(checked(10 + threshold + 0.01), 'needle-disagrees')).toBe('on');
    expect(standing(at(10), 'needle-disagrees')).toBe('unobservable');
  });

  test('a calibration that expired is a note', () => {
    const calibrated = (expired: boolean) => {
      const { shown } = at(10);
      const calibration = { id: 'c-1', validUntil: startMs, expired };
      return situationAfter([[0, 10, 20]], { change: { shown: { ...shown, calibration } } });
    };
    expect(standing(calibrated(true), 'calibration-expired')).toBe('on');
    expect(standing(calibrated(false), 'calibration-expired')).toBe('off');
    expect(standing(at(10), 'calibration-expired')).toBe('off');
  });

  test('near the residual a stuck pressure cannot be told from a still one', () => {
    const day = Array.from(
      { length: 24 * 60 },
      (_, minute) => [minute, 1.5, 20 + 8 * Math.sin(minute / 230)] as const,
    );
    expect(standing(situationAfter(day), 'sensor-stuck')).toBe('unobservable');
    const high = day.map(([minute, , celsius]) => [minute, 18, celsius] as const);
    const wall = packWith({ thermometer: { placement: 'wall' } });
    expect(standing(situationAfter(high, { pack: wall }), 'sensor-stuck')).toBe('on');
  });
});

describe('draws that can be compared', () => {
  const metered = packWith({ flowMeter: { classPercent: 1 }, thermometer: { placement: 'wall' } });
  const hour = 60;

  test('without a meter or a declared draw nothing can be said of valves', () => {
    expect(standing(at(10), 'root-valve-closed')).toBe('unobservable');
    expect(standing(at(10), 'cylinders-closed')).toBe('unobservable');
  });

  test('a draw that the gauge does not follow: the root valve', () => {
    const still = Array.from({ length: 6 * hour }, (_, minute) => [minute, 15, 20] as const);
    const situation = situationAfter(still, { pack: metered, drawnG: (minute) => minute * 10 });
    expect(standing(situation, 'root-valve-closed')).toBe('on');
  });
});
