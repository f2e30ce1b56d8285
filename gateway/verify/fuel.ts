import type { Claim } from '#gateway/contract';
import { type Exact, exact, plus, readExact, times } from './exact.ts';
import type { Findings } from './findings.ts';
import type { RowOf } from './rows.ts';

const unit = 't-CO2/GJ';
const symbols: Readonly<Record<string, string>> = { lpg: 'CEF_lpg', 'town-gas': 'CEF_town_gas' };
const icePointK = readExact('273.15');
const atmosphereKpa = readExact('101.325');

/** The methodology whose formula burns something. */
export const fuelCellMethodology = 'EN-S-007';

/** kg per kJ of heat and per dm3 of gas as metered, and how the factor is named. */
export interface Burnt {
  readonly perKj: Exact;
  readonly perDm3: Exact;
  readonly source: string;
}

/** Works out what heat and gas are multiplied by; undefined without settings, or without the row of its fuel. */
export function burntOf(
  {
    project,
    fiscalYear,
  }: Pick<Claim, 'fiscalYear'> & { project: Pick<Claim['project'], 'fuel' | 'fuelCell'> },
  factors: readonly RowOf<'factors'>[],
): Burnt | undefined {
  const { fuelCell, fuel } = project;
  const symbol = symbols[fuel ?? ''];
  const row = factors.find(
    ({ cells }) => cells.symbol === symbol && cells.fiscal_year === String(fiscalYear),
  );
  if (fuelCell === undefined || symbol === undefined || row?.cells.unit !== unit) return undefined;
  const { boilerEfficiency, heatingValue, gasMeter } = fuelCell;
  // t/GJ are g/kJ, and a thousandth of them kg/kJ; GJ in 1,000 m3 are kJ in the dm3.
  const kgPerKj = times(readExact(row.cells.value), exact(1n, 1_000n));
  const warmth = inverse(plus(icePointK, readExact(gasMeter.temperatureC)));
  const pressure = plus(atmosphereKpa, readExact(gasMeter.gaugePressureKpa));
  const normal = times(times(icePointK, warmth), times(pressure, inverse(atmosphereKpa)));
  return {
    perKj: times(kgPerKj, inverse(readExact(boilerEfficiency.value))),
    perDm3: times(times(normal, readExact(heatingValue.gjPer1000Nm3)), kgPerKj),
    source: `${symbol} ${fiscalYear}`,
  };
}

function inverse({ parts, of }: Exact): Exact {
  return exact(of, parts);
}

/** Settings where fuel is burnt and nowhere else, of one known fuel, and of something that can be. */
export function checkFuelCell({ project, fiscalYear }: Claim, findings: Findings): boolean {
  const place = { file: 'claim.json' };
  const { fuelCell, fuel } = project;
  const burns = project.methodology === fuelCellMethodology;
  const before = findings.count;
  if (burns !== (fuelCell !== undefined))
    findings.equal(
      place,
      '燃料電池 project.fuelCell',
      burns ? 'its settings' : 'none',
      burns ? 'none' : 'settings',
    );
  if (burns && symbols[fuel ?? ''] === undefined)
    findings.equal(place, '燃料 project.fuel', Object.keys(symbols).join(' or '), fuel ?? 'none');
  if (fuelCell === undefined) return findings.count === before;
  const { validFrom = '', boilerEfficiency, heatingValue, gasMeter } = fuelCell;
  const april = `${fiscalYear}-04-01`;
  if (validFrom > april || !['', '-04-01'].includes(validFrom.slice(4)))
    findings.equal(place, '設定 validFrom', `a 1 April, ${april} or before`, validFrom);
  const limits = [
    ['boilerEfficiency', boilerEfficiency.value, 0, 1],
    ['heatingValue', heatingValue.gjPer1000Nm3, 0, 500],
    ['gasMeter.temperatureC', gasMeter.temperatureC, -273.15, 100],
    ['gasMeter.gaugePressureKpa', gasMeter.gaugePressureKpa, -101.325, 1_000],
  ] as const;
  for (const [name, text, above, most] of limits)
    if (!(Number(text) > above && Number(text) <= most))
      findings.equal(place, `設定 ${name}`, `above ${above}, at most ${most}`, text);
  return findings.count === before;
}
