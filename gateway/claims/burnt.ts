import type { FuelCellConfig, FuelCellSettings } from '../config/reduction.ts';
import { settingsIn } from '../derive/fuel-terms.ts';
import type { Project } from '../programme/programme.ts';
import type { ClaimObstacle } from './obstacle.ts';
import type { PlannedMember } from './plan.ts';

/**
 * What a claim's fuel cells are configured with in its year: one set of settings for the whole list, of the project's fuel. Every
 * fuel cell that has another one, or none, is in the way.
 */
export function settingsOf(
  members: readonly PlannedMember[],
  project: Project,
  configured: ReadonlyMap<string, FuelCellConfig>,
  fiscalYear: number,
): { readonly burns: FuelCellSettings | undefined; readonly obstacles: readonly ClaimObstacle[] } {
  const gas = members.flatMap(({ member, registers }) =>
    registers
      .filter(({ item }) => item === 'gas')
      .map(({ register }) => ({ member: member.id, cell: generatorOf(register) })),
  );
  const inYear = (cell: string): FuelCellSettings | undefined => {
    const own = configured.get(cell);
    return own === undefined ? undefined : settingsIn(own, fiscalYear);
  };
  const burns = gas.flatMap(({ cell }) => inYear(cell) ?? [])[0];
  const obstacles = gas.flatMap(({ member, cell }): ClaimObstacle[] => {
    const own = inYear(cell);
    const detail = mistakeOf(own, burns, project.fuel);
    if (detail === undefined) return [];
    const where = `member ${member}, fuel cell ${cell}`;
    const wayOut = `state reduction.fuelCell of ${cell} in the gateway’s configuration`;
    return [{ what: 'fuel-cell-settings', where, detail, wayOut }];
  });
  return { burns, obstacles };
}

/** `{site}/{asset}` of `{site}/{asset}/{quantity}`. */
function generatorOf(register: string): string {
  return register.slice(0, register.lastIndexOf('/'));
}

function mistakeOf(
  own: FuelCellSettings | undefined,
  first: FuelCellSettings | undefined,
  fuel: string | undefined,
): string | undefined {
  if (own === undefined)
    return 'boiler efficiency, heating value and the conditions of its gas meter are not configured of this year';
  if (own.fuel !== fuel)
    return `it burns ${own.fuel}, the project is of ${fuel ?? 'no fuel'}: fuels are never mixed in a list`;
  // Since when they are valid may differ: they are the same in this year.
  if (first === undefined || numbersOf(own) !== numbersOf(first))
    return 'its settings are not those of the first fuel cell of the list: one list has one set';
  return undefined;
}

function numbersOf({ fuel, boilerEfficiency, heatingValue, gasMeter }: FuelCellSettings): string {
  return JSON.stringify([fuel, boilerEfficiency, heatingValue, gasMeter]);
}

/** As a claim cites them. */
export function citedSettings({
  validFrom,
  boilerEfficiency,
  heatingValue,
  gasMeter,
}: FuelCellSettings) {
  const { value, ...efficiencyIn } = boilerEfficiency;
  const { gjPer1000Nm3, ...heatingIn } = heatingValue;
  const { temperatureC, gaugePressureKpa, ...gasIn } = gasMeter;
  return {
    ...(validFrom === undefined ? {} : { validFrom }),
    boilerEfficiency: { value: String(value), ...efficiencyIn },
    heatingValue: { gjPer1000Nm3: String(gjPer1000Nm3), ...heatingIn },
    gasMeter: {
      temperatureC: String(temperatureC),
      gaugePressureKpa: String(gaugePressureKpa),
      ...gasIn,
    },
  };
}
