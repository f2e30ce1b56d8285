import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emissionsOf } from '../../gateway/emissions/emission.ts';
import { exact, formatExact } from '../../gateway/emissions/exact.ts';
import { fuelFactors } from '../../gateway/emissions/fuel.ts';
import type { Claim } from '../../gateway/contract/claim.ts';
import {
  exact as fraction,
  minus,
  plus,
  readExact,
  times,
  writeExact,
} from '../../gateway/verify/exact.ts';
import { burntOf } from '../../gateway/verify/fuel.ts';

const decimal = (min: number, max: number) =>
  fc.integer({ min: min * 10_000, max: max * 10_000 }).map((parts) => String(parts / 10_000));
/** As many places as a row of the table may have. */
const anyFactor = fc.bigInt({ min: 1n, max: 10n ** 12n - 1n }).map((parts) => {
  const digits = String(parts).padStart(12, '0').replace(/0+$/, '');
  return `0.${digits}`;
});
const cited = { document: 'd', page: '1' };

test('for any settings and amounts the gateway and the verifier come to the same', () => {
  fc.assert(
    fc.property(
      fc.record({
        efficiency: decimal(0.1, 1),
        heating: decimal(1, 200),
        temperature: decimal(-30, 50),
        pressure: decimal(-5, 300),
        cef: anyFactor,
        el: fc.maxSafeInteger(),
        gas: fc.maxSafeNat(),
        heat: fc.maxSafeNat(),
      }),
      ({ efficiency, heating, temperature, pressure, cef, el, gas, heat }) => {
        const terms = {
          fuel: 'lpg',
          boilerEfficiency: exact(efficiency),
          heatingValue: exact(heating),
          gas: { temperatureC: exact(temperature), gaugePressureKpa: exact(pressure) },
        } as const;
        const { reductionKg } = emissionsOf(
          { elWh: el, gasDm3: gas, heatKj: heat },
          { electricity: exact('0.000434'), fuel: fuelFactors(terms, exact(cef)) },
        );
        // As a row is stored, and read again.
        expect(exact(formatExact(reductionKg))).toEqual(reductionKg);
        const burnt = burntOf(claimWith(efficiency, heating, temperature, pressure), [rowOf(cef)]);
        if (burnt === undefined) throw new Error('no factor');
        const of = (amount: number, per: Parameters<typeof times>[1]) =>
          times(fraction(BigInt(amount)), per);
        const baseline = plus(of(el, readExact('0.000434')), of(heat, burnt.perKj));
        expect(writeExact(minus(baseline, of(gas, burnt.perDm3)))).toBe(formatExact(reductionKg));
      },
    ),
    { numRuns: 1_000 },
  );
});

function claimWith(
  value: string,
  gjPer1000Nm3: string,
  temperatureC: string,
  gaugePressureKpa: string,
): Pick<Claim, 'fiscalYear'> & { project: Pick<Claim['project'], 'fuel' | 'fuelCell'> } {
  const fuelCell = {
    boilerEfficiency: { value, ...cited },
    heatingValue: { gjPer1000Nm3, ...cited },
    gasMeter: { temperatureC, gaugePressureKpa, ...cited },
  };
  return { fiscalYear: 2026, project: { fuel: 'lpg', fuelCell } };
}

function rowOf(value: string): Parameters<typeof burntOf>[1][number] {
  const of = { class: 'published', document: 'd', version: '1', page: '1' } as const;
  const verified = { verified_by: 'v', verified_on: '', note: '' } as const;
  const what = { symbol: 'CEF_lpg', value, unit: 't-CO2/GJ', end: 'combustion' };
  return { row: 2, cells: { fiscal_year: '2026', ...what, ...of, ...verified } };
}
