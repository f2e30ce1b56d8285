import type { Pack } from '#gateway/contract';
import type { LastGood, PackMemory } from './state.ts';
import { combined, type Shown, shownFigure } from './standing.ts';

/** A mass with its expanded uncertainty (k = 2), both kg. */
export interface ShownMass extends Shown {
  readonly uncertaintyKg: number | null;
}

/** One pack as the page shows it: every figure with its own standing and time. */
export interface PackView {
  readonly pack: Pack;
  readonly pressure: Shown;
  readonly temperature: Shown;
  readonly usable: ShownMass;
  readonly usableBeforeStop: ShownMass;
  readonly total: ShownMass;
  readonly normalCubicMetres: Shown;
  /** The last pressure that could be believed; only where there is none now. */
  readonly lastGood: LastGood | undefined;
}

/** `heard`: the gateway is heard now; otherwise everything is old. */
export function viewPack(pack: Pack, memory: PackMemory, heard: boolean): PackView {
  const pressure = shownFigure(pack, pack.pressureMpa, heard);
  const { hydrogen } = pack;
  const basis = combined(pack, pack.temperature);
  const mass = (value: number | undefined): Shown => shownFigure(basis, value ?? null, heard);
  return {
    pack,
    pressure,
    temperature: shownFigure(pack.temperature, pack.temperatureC, heard),
    usable: withUncertainty(mass(hydrogen?.usableKg), hydrogen?.usableExpandedUncertaintyKg),
    usableBeforeStop: withUncertainty(
      mass(hydrogen?.usableBeforeStopKg),
      hydrogen?.usableBeforeStopExpandedUncertaintyKg,
    ),
    total: withUncertainty(mass(hydrogen?.totalKg), hydrogen?.expandedUncertaintyKg),
    normalCubicMetres: mass(hydrogen?.normalCubicMetres),
    lastGood: pressure.value === null ? memory.lastGood : undefined,
  };
}

/** The pressure has come down to where use must stop: only where it can be believed now. */
export function hasStopped({ pack, pressure: { value, standing } }: PackView): boolean {
  const believed = standing === 'good' || standing === 'uncertain';
  return believed && value !== null && value <= pack.stopPressureMpa;
}

function withUncertainty(shown: Shown, uncertaintyKg: number | undefined): ShownMass {
  return { ...shown, uncertaintyKg: shown.value === null ? null : (uncertaintyKg ?? null) };
}
