import { z } from 'zod';
import { divideIssued } from '../emissions/reduction.ts';
import { exact } from '../emissions/exact.ts';
import { programmeSite, projectBodySchema } from '../records/programme-kinds.ts';
import type { OperatorRecord, Store } from '../store/port.ts';
import { ClaimQuestionError } from './obstacle.ts';

export const claimKind = 'claim';
const text = z.string().trim().min(1).max(200);
const date = z.iso.date('is a date: 2026-04-01');
const tonnes = z.int().nonnegative();

const frozenSchema = z.strictObject({
  state: z.literal('frozen'),
  claim: z.string(),
  project: z.string(),
  fiscalYear: z.int(),
  fixture: z.boolean(),
  erKg: z.string(),
  tonnes,
  members: z.int(),
  payment: projectBodySchema.shape.payment,
  /** SHA-256 of the manifest: which folder it is. */
  manifestSha256: z.string(),
  keyId: z.string(),
  corrects: z.strictObject({ claim: z.string(), tonnes, effectTonnes: z.int() }).nullable(),
  /** What nobody may claim again. */
  spans: z.array(z.strictObject({ register: z.string(), from: z.int(), to: z.int() })),
});
export type FrozenClaim = z.infer<typeof frozenSchema>;

/** The steps of a claim after it was frozen, each said by a person. */
export const stepSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('applied'),
    claim: z.string(),
    on: date,
    document: text.optional(),
  }),
  z.strictObject({
    state: z.literal('verified'),
    claim: z.string(),
    on: date,
    verifier: text,
    document: text.optional(),
  }),
  z.strictObject({
    state: z.literal('issued'),
    claim: z.string(),
    on: date,
    tonnes,
    serials: z.strictObject({ first: text, last: text }),
  }),
  z.strictObject({
    state: z.literal('allocated'),
    claim: z.string(),
    on: date,
    partnerTonnes: tonnes,
    wardTonnes: tonnes,
  }),
  z.strictObject({ state: z.literal('held'), claim: z.string(), on: date, account: text }),
]);
export type ClaimStep = z.infer<typeof stepSchema>;
export const entrySchema = z.discriminatedUnion('state', [frozenSchema, ...stepSchema.options]);
export type ClaimEntry = z.infer<typeof entrySchema>;

const states = ['frozen', 'applied', 'verified', 'issued', 'allocated', 'held'] as const;

/** A claim with everything that was said of it, in order. */
export interface StandingClaim {
  readonly frozen: FrozenClaim;
  readonly frozenAt: number;
  readonly steps: readonly ClaimStep[];
  /** The claim that took its place. */
  readonly correctedBy: string | undefined;
}

/** A claim's entry as a record; its number is its place in the claim's life, so that nothing is said twice. */
function claimRecord(entry: ClaimEntry, number: number, nowMs: number, by: string): OperatorRecord {
  return {
    site: programmeSite,
    kind: claimKind,
    id: `${entry.claim}/${number}`,
    subject: entry.claim,
    at: nowMs,
    recordedAt: nowMs,
    by,
    body: entrySchema.parse(entry),
  };
}

/** Every claim that was frozen, in the order of freezing. */
export async function standingClaims(store: Pick<Store, 'records'>): Promise<StandingClaim[]> {
  const claims = new Map<string, { frozen: FrozenClaim; frozenAt: number; steps: ClaimStep[] }>();
  for await (const { body, at } of store.records({ site: programmeSite, kind: claimKind })) {
    const entry = entrySchema.parse(body);
    if (entry.state === 'frozen')
      claims.set(entry.claim, { frozen: entry, frozenAt: at, steps: [] });
    else claims.get(entry.claim)?.steps.push(entry);
  }
  const correctedBy = new Map(
    [...claims.values()].flatMap(({ frozen }) =>
      frozen.corrects === null ? [] : [[frozen.corrects.claim, frozen.claim] as const],
    ),
  );
  return [...claims.values()].map((claim) => ({
    ...claim,
    correctedBy: correctedBy.get(claim.frozen.claim),
  }));
}

export function stateOf({ steps }: Pick<StandingClaim, 'steps'>): (typeof states)[number] {
  return steps.at(-1)?.state ?? 'frozen';
}

/** The next entry of a claim. Throws ClaimQuestionError for a step that is not the next one, and says which is. */
export function nextStep(claim: StandingClaim, step: ClaimStep): ClaimStep {
  const { frozen, correctedBy } = claim;
  const refuse = (why: string): never => {
    throw new ClaimQuestionError(`claim ${frozen.claim}: ${why}`);
  };
  if (frozen.fixture) refuse('is of class fixture (試験用): it is for tests and goes no further');
  if (correctedBy !== undefined) refuse(`was corrected: advance ${correctedBy} instead`);
  const now = stateOf(claim);
  const next = states[states.indexOf(now) + 1];
  if (step.state !== next)
    refuse(
      `is ${now}; ${next === undefined ? 'nothing comes after that' : `next it can only be ${next}`}`,
    );
  if (step.state === 'issued' && step.tonnes > frozen.tonnes)
    refuse(`${step.tonnes} t were issued, but ${frozen.tonnes} t claimed: correct the claim first`);
  return step;
}

/** How the issued tonnes of a claim are divided: the partner's share cut off to whole tonnes, or all to the ward. */
export function allocation(
  { frozen, steps }: Pick<StandingClaim, 'frozen' | 'steps'>,
  on: string,
): ClaimStep {
  const issued = steps.find((step) => step.state === 'issued');
  if (issued === undefined)
    throw new ClaimQuestionError(`claim ${frozen.claim}: nothing was issued yet`);
  const { partner, ward } = divided(issued.tonnes, frozen.payment);
  return {
    state: 'allocated',
    claim: frozen.claim,
    on,
    partnerTonnes: partner,
    wardTonnes: ward,
  };
}

export function divided(
  issued: number,
  payment: FrozenClaim['payment'],
): { readonly partner: number; readonly ward: number } {
  if (payment.kind === 'participation-fee') return { partner: 0, ward: issued };
  const { partner, ward } = divideIssued(BigInt(issued), exact(payment.share));
  return { partner: Number(partner), ward: Number(ward) };
}

/** Adds an entry to a claim's life. Rejects with ClaimQuestionError where that place in it is taken. */
export async function recordClaim(
  store: Pick<Store, 'commit'>,
  entry: ClaimEntry,
  { number, nowMs, by }: { readonly number: number; readonly nowMs: number; readonly by: string },
): Promise<void> {
  const records = [claimRecord(entry, number, nowMs, by)];
  const batch = { frames: [], readings: [], events: [], quarantine: [], stale: [] };
  const { recordConflicts } = await store.commit({ ...batch, records });
  if (recordConflicts.length > 0)
    throw new ClaimQuestionError(
      `claim ${entry.claim}: entry ${number} stands already; look with kadoru-gateway claims list`,
    );
}
