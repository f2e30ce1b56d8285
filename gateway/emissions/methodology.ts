/** Which kinds of installation the ward subsidises (facts/jcredit.md). */
export type DeviceKind = 'pv' | 'fuel-cell' | 'led' | 'air-conditioner';

export const methodologyIds = ['EN-R-002', 'EN-S-007', 'EN-S-006', 'EN-S-004'] as const;
export type MethodologyId = (typeof methodologyIds)[number];

/** What is monitored. Electricity in Wh, `gas` in dm3, `heat` in kJ. */
export type Item = 'generated' | 'sold' | 'auxiliary' | 'gas' | 'heat';

/**
 * How a methodology makes emissions of what is monitored; null where nobody has confirmed a formula: it credits nothing.
 * `required` items are registers without which there is no credit.
 */
export type Formula =
  | { readonly kind: 'replaced-electricity'; readonly required: readonly Item[] }
  | { readonly kind: 'fuel-cell'; readonly required: readonly Item[] };

export interface Methodology {
  readonly id: MethodologyId;
  /** What it is for; not its official title. */
  readonly name: { readonly ja: string; readonly en: string };
  readonly kinds: readonly DeviceKind[];
  readonly formula: Formula | null;
  /** How sure the formula is: read in a published text, or inferred from such (facts/jcredit.md). */
  readonly formulaFrom: 'published' | 'inferred' | 'nobody';
  /** The fuels whose units must not be in one list. */
  readonly fuels: readonly Fuel[];
}

export const fuels = ['town-gas', 'lpg'] as const;
export type Fuel = (typeof fuels)[number];

/** The whole table. No version is among it: the current texts were not readable, a person enters what they read. */
export const methodologies: Readonly<Record<MethodologyId, Methodology>> = {
  'EN-R-002': {
    id: 'EN-R-002',
    name: { ja: '太陽光発電', en: 'Photovoltaics' },
    kinds: ['pv'],
    formula: { kind: 'replaced-electricity', required: ['generated', 'sold'] },
    formulaFrom: 'published',
    fuels: [],
  },
  'EN-S-007': {
    id: 'EN-S-007',
    name: { ja: '家庭用燃料電池', en: 'Household fuel cell' },
    kinds: ['fuel-cell'],
    formula: { kind: 'fuel-cell', required: ['generated', 'sold', 'gas', 'heat'] },
    formulaFrom: 'inferred',
    fuels,
  },
  'EN-S-006': {
    id: 'EN-S-006',
    name: { ja: 'LED照明', en: 'LED lighting' },
    kinds: ['led'],
    formula: null,
    formulaFrom: 'nobody',
    fuels: [],
  },
  'EN-S-004': {
    id: 'EN-S-004',
    name: { ja: '空調設備', en: 'Air conditioning' },
    kinds: ['air-conditioner'],
    formula: null,
    formulaFrom: 'nobody',
    fuels: [],
  },
};

export function methodologyFor(kind: DeviceKind): Methodology {
  const found = Object.values(methodologies).find(({ kinds }) => kinds.includes(kind));
  if (found === undefined) throw new Error(`no methodology is for ${kind}`);
  return found;
}

/** What a person read: which version of a methodology's text, and where its formula stands. */
export interface Confirmation {
  readonly methodology: MethodologyId;
  readonly document: string;
  readonly version: string;
  readonly page: string;
}

/** The last word on a methodology; undefined while it is unconfirmed: nothing of it is frozen. */
export function confirmationOf(
  id: MethodologyId,
  confirmations: readonly Confirmation[],
): Confirmation | undefined {
  return confirmations.findLast(({ methodology }) => methodology === id);
}
