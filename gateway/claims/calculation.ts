import {
  compare,
  dividedBy,
  type Exact,
  formatExact,
  plus,
  whole,
  zero,
} from '../emissions/exact.ts';
import { fuelTermsOf } from '../derive/fuel-terms.ts';
import { emissionsOf } from '../emissions/emission.ts';
import {
  type AppliedFactor,
  type Band,
  bands,
  electricityFactorOf,
  type MissingFactor,
} from '../emissions/factor-rule.ts';
import { type FuelFactors, fuelFactorOf, fuelFactors } from '../emissions/fuel.ts';
import { type FactorRow, valueOf } from '../emissions/factor.ts';
import { energyByBand } from '../emissions/reduction.ts';
import type { Band as ClaimBand } from '#gateway/contract';
import type { ClaimStretch } from './member-energy.ts';
import type { ClaimObstacle } from './obstacle.ts';
import type { ClaimPlan } from './plan.ts';

export const bandNames: Readonly<Record<Band, ClaimBand>> = {
  all: 'all',
  first: 't<1',
  middle: '1<=t<2.5',
  last: 't>=2.5',
};

/** One multiplication: a member's energy of a band times its factor. */
export interface CalculatedBand {
  readonly member: string;
  readonly band: Band;
  readonly elWh: number;
  readonly gasDm3: number;
  readonly heatKj: number;
  readonly factor: Exact;
  readonly source: string;
  readonly baselineKg: Exact;
  readonly projectKg: Exact;
  readonly reductionKg: Exact;
}

interface BandFactor {
  /** t-CO2/kWh. */
  readonly value: Exact;
  readonly source: string;
  readonly rows: readonly FactorRow[];
  /** Null for what burns nothing. */
  readonly fuel: FuelFactors | null;
}

type Plan = Pick<
  ClaimPlan,
  'factors' | 'fiscalYear' | 'fixture' | 'project' | 'methodology' | 'burns'
>;

/** The factors of a claim's year, by band, as they are asked for; a missing one, and one of another year, is an obstacle. */
export class BandFactors {
  readonly #plan: Plan;
  readonly #found = new Map<Band, BandFactor | undefined>();
  readonly obstacles: ClaimObstacle[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Undefined where there is none, not even one that stands in. */
  of(band: Band): BandFactor | undefined {
    if (!this.#found.has(band)) this.#found.set(band, this.#look(band));
    return this.#found.get(band);
  }

  /** What was asked for and found, in the order of the bands. */
  used(): (readonly [Band, BandFactor])[] {
    return bands.flatMap((band) => {
      const factor = this.#found.get(band);
      return factor === undefined ? [] : [[band, factor] as const];
    });
  }

  /** Of the fuel, where one is burnt and anything was calculated. */
  fuelRow(): FactorRow | undefined {
    return this.used()
      .flatMap(([, { rows }]) => rows)
      .find(({ unit }) => unit === 't-CO2/GJ');
  }

  #look(band: Band): BandFactor | undefined {
    const { factors: table, fiscalYear, methodology, burns } = this.#plan;
    const asked = { fiscalYear, class: this.#class } as const;
    const electricity = this.#usable(band, electricityFactorOf(table, { ...asked, band }));
    if (burns === undefined) {
      // Of fuel cells without settings there is no sum, not even one of electricity alone.
      if (electricity === undefined || methodology.formula?.kind === 'fuel-cell') return undefined;
      const { value, rows } = electricity;
      return { value, source: sourceOf(band, rows), rows, fuel: null };
    }
    const cef = this.#usable(band, fuelFactorOf(table, { ...asked, fuel: burns.fuel }));
    if (electricity === undefined || cef === undefined) return undefined;
    const names = cef.rows.map(({ symbol }) => `${symbol} ${fiscalYear}`);
    return {
      value: electricity.value,
      source: [sourceOf(band, electricity.rows), ...names].join('; '),
      rows: [...electricity.rows, ...cef.rows],
      fuel: fuelFactors(fuelTermsOf(burns), cef.value),
    };
  }

  get #class(): 'fixture' | 'published' {
    return this.#plan.fixture ? 'fixture' : 'published';
  }

  /** Undefined where there is none; one that only stands in is an obstacle, too. */
  #usable(band: Band, found: AppliedFactor | MissingFactor): AppliedFactor | undefined {
    const { fiscalYear, project } = this.#plan;
    const where = `project ${project.id}, fiscal year ${fiscalYear}, band ${bandNames[band]}`;
    const wayOut = 'enter and verify the row: kadoru-gateway factors add, then factors verify';
    if ('missing' in found) {
      const detail = `no verified ${this.#class} factor ${found.missing} of any year`;
      this.obstacles.push({ what: 'factor-missing', where, detail, wayOut });
      return undefined;
    }
    for (const { symbol, fiscalYear: other } of found.provisional)
      this.obstacles.push({
        what: 'factor-provisional',
        where,
        detail: `no verified ${this.#class} factor ${symbol} of ${fiscalYear}; that of ${other} only stands in`,
        wayOut,
      });
    return found;
  }
}

/** In the words of `calculation.csv`. */
function sourceOf(band: Band, rows: readonly FactorRow[]): string {
  const [allSource, marginal] = rows;
  const name = (row: FactorRow | undefined): string =>
    row === undefined ? '' : `${row.symbol} ${row.fiscalYear ?? ''}`.trim();
  if (allSource === undefined || marginal === undefined) return name(allSource);
  if (compare(valueOf(marginal), valueOf(allSource)) < 0)
    return `${name(allSource)} (${name(marginal)} is lower)`;
  return band === 'first' ? name(marginal) : `(${name(marginal)} + ${name(allSource)}) / 2`;
}

/** What a member's counted stretches come to, band by band; bands without a factor are left out. */
export function calculated(
  member: string,
  stretches: readonly ClaimStretch[],
  factors: BandFactors,
): CalculatedBand[] {
  const counted = stretches.flatMap((stretch) => {
    const { band } = stretch;
    return stretch.counted && band !== null ? { ...stretch, band, reason: null } : [];
  });
  return energyByBand(counted).flatMap((amounts) => {
    const { band, elWh, gasDm3, heatKj } = amounts;
    const factor = factors.of(band);
    if (factor === undefined) return [];
    const { value, source, fuel } = factor;
    const emissions = emissionsOf(amounts, { electricity: value, fuel });
    return { member, band, elWh, gasDm3, heatKj, factor: value, source, ...emissions };
  });
}

export function calculationRow(
  { member, band, elWh, gasDm3, heatKj, factor, source, ...kg }: CalculatedBand,
  fiscalYear: number,
  note: string,
) {
  return {
    member,
    fiscal_year: String(fiscalYear),
    band: bandNames[band],
    el_wh: String(elWh),
    gas_dm3: String(gasDm3),
    heat_kj: String(heatKj),
    cef_t_per_kwh: formatExact(factor),
    source,
    em_bl_kg: formatExact(kg.baselineKg),
    em_pj_kg: formatExact(kg.projectKg),
    er_kg: formatExact(kg.reductionKg),
    note,
  };
}

/** Sums that grow by one member after the other. */
export class Totals {
  readonly activity = {
    generatedWh: 0,
    soldWh: 0,
    auxiliaryWh: 0,
    gasDm3: 0,
    heatKj: 0,
    elWh: 0,
    coveredSeconds: 0,
    missingSeconds: 0,
  };
  baselineKg: Exact = zero;
  projectKg: Exact = zero;
  reductionKg: Exact = zero;
  countedStretches = 0;
  uncountedStretches = 0;

  add(bands: readonly CalculatedBand[]): void {
    for (const { baselineKg, projectKg, reductionKg } of bands) {
      this.baselineKg = plus(this.baselineKg, baselineKg);
      this.projectKg = plus(this.projectKg, projectKg);
      this.reductionKg = plus(this.reductionKg, reductionKg);
    }
  }

  get reductionT(): Exact {
    return dividedBy(this.reductionKg, whole(1_000));
  }
}
