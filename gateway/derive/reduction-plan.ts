import type { GatewayConfig } from '../config/schema.ts';
import type { Conditions } from '../emissions/conditions.ts';
import { evidenceObstacles } from '../emissions/evidence.ts';
import { fiscalYearSpan } from '../emissions/fiscal-year.ts';
import type { FormulaItem } from '../emissions/joint.ts';
import { type Methodology, methodologyFor } from '../emissions/methodology.ts';
import { always, type Obstacle } from '../emissions/reason.ts';
import { type DatedTerms, datedTerms } from './fuel-terms.ts';
import type { ConfiguredMeter } from './meter.ts';

/** Why a figure is provisional though it is not withheld. */
export interface Doubt {
  readonly reason:
    | 'methodology-unconfirmed'
    | 'factor-of-another-year'
    | 'no-evidence'
    | 'estimated-class'
    | 'auxiliary-not-metered'
    | 'auxiliary-incidental';
  readonly detail: string;
}

/** How one generator's registers become reductions. */
export interface ReductionPlan {
  /** `{site}/{generator}`. */
  readonly key: string;
  readonly site: string;
  readonly generator: string;
  readonly methodology: Methodology;
  readonly registers: readonly { readonly item: FormulaItem; readonly meter: ConfiguredMeter }[];
  /** Of a fuel cell that everything is configured of, the oldest first; undefined for what burns nothing, and where an obstacle says so. */
  readonly burns: readonly DatedTerms[] | undefined;
  /** Whether what it sells is counted, or nothing is; otherwise EL is not known either. */
  readonly soldKnown: boolean;
  readonly conditions: Conditions;
  /** What the configuration leaves open, whatever the fiscal year. */
  readonly doubts: readonly Doubt[];
}

type SiteConfig = GatewayConfig['sites'][number];
type GeneratorConfig = SiteConfig['generators'][number];

export function configuredReductions(
  { sites }: Pick<GatewayConfig, 'sites'>,
  meters: readonly ConfiguredMeter[],
): ReductionPlan[] {
  return sites.flatMap((site) =>
    site.generators.map((generator) => planOf(site, generator, meters)),
  );
}

/** Without a programme there is no window, and who states no date of operation has begun before. */
const longAgo = '1990-01-01';

function planOf(
  site: SiteConfig,
  generator: GeneratorConfig,
  meters: readonly ConfiguredMeter[],
): ReductionPlan {
  const { reduction } = generator;
  const methodology = methodologyFor(generator.kind);
  const find = (asset: string, quantity: string) =>
    meters.find(({ key }) => key === `${site.id}/${asset}/${quantity}`);
  const generated = find(generator.id, 'generated');
  const sold = soldOf(site, generator);
  const auxiliary =
    reduction.auxiliary === 'incidental' ? undefined : find(generator.id, 'auxiliary');
  const burnt = burntOf(generator, methodology, find);
  const registers = [
    { item: 'generated', meter: generated },
    { item: 'sold', meter: 'asset' in sold ? find(sold.asset, 'exported') : undefined },
    { item: 'auxiliary', meter: auxiliary },
    ...burnt.registers,
  ] as const;
  const known = registers.flatMap(({ item, meter }) => (meter ? { item, meter } : []));
  const evidence = known.flatMap(({ meter }) => evidenceOf(meter));
  const withheld = evidence.filter(
    ({ reason, detail }) =>
      reason === 'mark-expired' ||
      (reason === 'estimated-class' && burnt.registers.some(({ meter }) => meter.key === detail)),
  );
  return {
    key: `${site.id}/${generator.id}`,
    site: site.id,
    generator: generator.id,
    methodology,
    registers: known,
    burns: burnt.terms,
    soldKnown: !('reason' in sold),
    conditions: {
      factorRule: reduction.factorRule,
      operationStartedOn: reduction.operationStartedOn ?? longAgo,
      window: { from: -Infinity, to: Infinity },
      obstacles: [
        ...flags(generator, methodology),
        ...burnt.obstacles,
        ...('reason' in sold ? [always(sold.reason, sold.detail)] : []),
        ...withheld,
      ],
    },
    doubts: [...evidence.flatMap(doubtful), ...auxiliaryDoubts(reduction, auxiliary)],
  };
}

/** What the generator sells is counted by this asset's `exported`, or why nobody can tell. */
function soldOf(
  site: SiteConfig,
  { id, meters, reduction: { sold, sharedExport } }: GeneratorConfig,
):
  | { asset: string }
  | { none: true }
  | { reason: 'shared-export' | 'sold-unknown'; detail: string } {
  if (sharedExport) return { reason: 'shared-export', detail: `${site.id}/${id}` };
  if (sold === 'none') return { none: true };
  if (sold === undefined && meters.exported !== undefined) return { asset: id };
  const exporting = site.meters.filter(({ quantities }) => quantities.includes('exported'));
  const [only] = exporting;
  const asset = sold?.meter ?? (exporting.length === 1 ? only?.id : undefined);
  if (asset === undefined) return { reason: 'sold-unknown', detail: `${site.id}/${id}` };
  const others = site.generators.filter((other) => other.id !== id);
  const own =
    sold === undefined ? others.length === 0 : others.every((other) => elsewhere(other, asset));
  return own ? { asset } : { reason: 'shared-export', detail: `${site.id}/${asset}/exported` };
}

/**
 * Exports of two generators cannot be told apart by subtraction: a meter that is named counts one alone only where the
 * others are said to be counted elsewhere.
 */
function elsewhere({ meters, reduction: { sold, sharedExport } }: GeneratorConfig, asset: string) {
  if (sold === undefined) return sharedExport || meters.exported !== undefined;
  return sold === 'none' || sold.meter !== asset;
}

interface Burnt {
  readonly registers: readonly { readonly item: 'gas' | 'heat'; readonly meter: ConfiguredMeter }[];
  readonly terms?: readonly DatedTerms[];
  readonly obstacles: readonly Obstacle[];
}

/**
 * What a fuel cell burns and heats. All of it is needed, and metered: fuel or heat derived from a rated efficiency is
 * class C. What lacks first is named, and then its electricity is told alone.
 */
function burntOf(
  { id, reduction: { fuelCell } }: GeneratorConfig,
  { formula, id: methodology }: Methodology,
  find: (asset: string, quantity: string) => ConfiguredMeter | undefined,
): Burnt {
  if (formula?.kind !== 'fuel-cell') return { registers: [], obstacles: [] };
  const heat = find(id, 'heat');
  const gas = find(id, 'gas');
  const lacks = (reason: Obstacle['reason']) => ({
    registers: [],
    obstacles: [always(reason, methodology)],
  });
  if (heat === undefined) return lacks('no-heat');
  if (gas === undefined) return lacks('no-gas');
  if (fuelCell === undefined) return lacks('no-fuel-terms');
  const registers = [
    { item: 'gas', meter: gas },
    { item: 'heat', meter: heat },
  ] as const;
  const terms = datedTerms(fuelCell);
  const since = terms[0]?.fiscalYear ?? 0;
  const before: Obstacle[] =
    since === 0
      ? []
      : [{ ...always('no-fuel-terms', methodology), to: fiscalYearSpan(since).from }];
  return { registers, terms, obstacles: before };
}

function flags({ reduction }: GeneratorConfig, { id, formula }: Methodology): Obstacle[] {
  return [
    ...(formula === null ? [always('formula-unconfirmed', id)] : []),
    ...(reduction.gridChargingBattery ? [always('grid-charging-battery', id)] : []),
  ];
}

function evidenceOf({ key, settings }: ConfiguredMeter): Obstacle[] {
  return evidenceObstacles({ meter: key, evidence: settings.evidence, class: settings.class });
}

function doubtful({ reason, detail }: Obstacle): Doubt[] {
  return reason === 'no-evidence' || reason === 'estimated-class' ? [{ reason, detail }] : [];
}

function auxiliaryDoubts(
  { auxiliary }: GeneratorConfig['reduction'],
  meter: ConfiguredMeter | undefined,
): Doubt[] {
  if (auxiliary === 'incidental') return [{ reason: 'auxiliary-incidental', detail: '' }];
  return meter === undefined ? [{ reason: 'auxiliary-not-metered', detail: '' }] : [];
}
