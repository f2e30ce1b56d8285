import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { noFaults, throughLoop, withFault } from './faults.ts';

test('a cut loop carries nothing and a short one more than 21 mA, whatever the transmitter drives', () => {
  fc.assert(
    fc.property(fc.double({ min: 3.8, max: 20.5, noNaN: true }), (milliamps) => {
      expect(throughLoop('cut', milliamps)).toBe(0);
      expect(throughLoop('short', milliamps)).toBeGreaterThan(21);
      expect(throughLoop('whole', milliamps)).toBe(milliamps);
    }),
  );
});

test('a fault touches its own part only, and mending it leaves no trace', () => {
  const cut = withFault(noFaults, { kind: 'loop', loop: 'pressure', state: 'cut' });
  expect(cut).toEqual({ ...noFaults, loops: { pressure: 'cut', temperature: 'whole' } });
  expect(withFault(cut, { kind: 'loop', loop: 'pressure', state: 'whole' })).toEqual(noFaults);

  const absent = withFault(noFaults, { kind: 'adc', present: false });
  expect(absent).toEqual({ ...noFaults, adcPresent: false });

  const missing = withFault(noFaults, { kind: 'thermometer', state: 'missing' });
  expect(missing).toEqual({ ...noFaults, thermometer: 'missing' });
});
