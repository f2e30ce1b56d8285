import type { MemberCalculation, Progress } from '#gateway/contract';
import { decode } from '../link/decode.ts';
import { amount, listOf, nullable, optional, shape, text, whole } from '../link/shape.ts';

type Items = NonNullable<Progress['energy']>;
export type AmountsTold = Pick<
  NonNullable<Items['generated']>,
  'wh' | 'coveredSeconds' | 'missingSeconds'
>;
export interface ProgressTold extends Pick<
  Progress,
  'fiscalYear' | 'at' | 'members' | 'devices' | 'meters' | 'marksEndingSoon' | 'findings'
> {
  /** Null where so few members count that a sum would be theirs. */
  readonly energy: Readonly<Record<'generated' | 'sold', AmountsTold | null>> | null;
}

const amounts = shape<AmountsTold>({ wh: whole, coveredSeconds: amount, missingSeconds: amount });
const progress = shape<ProgressTold>({
  fiscalYear: whole,
  at: whole,
  members: shape<Progress['members']>({ enrolled: whole, counting: whole, left: whole }),
  devices: whole,
  meters: whole,
  marksEndingSoon: whole,
  findings: shape<Progress['findings']>({ wrong: whole, warning: whole }),
  energy: nullable(
    shape<NonNullable<ProgressTold['energy']>>({
      generated: nullable(amounts),
      sold: nullable(amounts),
    }),
  ),
});

/** Undefined where it is not what the contract promises. */
export const readProgress = (body: string | undefined): ProgressTold | undefined =>
  decode(body, progress);

type Energy = MemberCalculation['energy'];
type Uncounted = Energy['uncounted'][number];
type Doubt = MemberCalculation['provisional'][number];
type BandTold = Pick<
  MemberCalculation['bands'][number],
  'band' | 'reductionKg' | 'source' | 'provisional'
>;
export interface CalculationTold extends Pick<
  MemberCalculation,
  'member' | 'fiscalYear' | 'from' | 'provisional'
> {
  readonly energy: Pick<
    Energy,
    'elWh' | 'generatedWh' | 'soldWh' | 'coveredSeconds' | 'missingSeconds' | 'uncounted'
  >;
  /** One of a newer gateway has a name nobody knows. */
  readonly bands: readonly (Omit<BandTold, 'band'> & { readonly band: string })[];
}

/** A page of members, and where the next one begins. */
export interface CalculationPage {
  readonly items: readonly CalculationTold[];
  readonly next?: string | undefined;
}

/** A project has few obstacles, and most of them once a member. */
const mostReasons = 1_000;
const doubts = listOf(shape<Doubt>({ reason: text, detail: text }), mostReasons);
/** As many as are asked for at once, which is the gateway's most (gateway/contract/programme-routes.ts). */
export const membersAtOnce = 200;

const page = shape<CalculationPage>({
  items: listOf(
    shape<CalculationTold>({
      member: text,
      fiscalYear: whole,
      from: whole,
      energy: shape<CalculationTold['energy']>({
        elWh: whole,
        generatedWh: whole,
        soldWh: whole,
        coveredSeconds: amount,
        missingSeconds: amount,
        uncounted: listOf(
          shape<Uncounted>({ reason: text, stretches: whole, seconds: amount, elWh: whole }),
          mostReasons,
        ),
      }),
      bands: listOf(
        shape<CalculationTold['bands'][number]>({
          band: text,
          reductionKg: nullable(text),
          source: nullable(text),
          provisional: doubts,
        }),
        100,
      ),
      provisional: doubts,
    }),
    membersAtOnce,
  ),
  next: optional(text),
});

/** Undefined where it is not what the contract promises. */
export const readCalculations = (body: string): CalculationPage | undefined => decode(body, page);
