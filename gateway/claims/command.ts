import { resolve } from 'node:path';
import { systemClock } from '../clock.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { askGatewayOrStore } from '../control/offline.ts';
import { exact } from '../emissions/exact.ts';
import { yearTotal } from '../emissions/reduction.ts';
import { type ClaimValues, optional, questionOf, text } from './arguments.ts';
import { calculateClaim } from './calculate.ts';
import { Totals } from './calculation.ts';
import { freezeClaim } from './freeze.ts';
import { readKey } from './keys.ts';
import {
  allocation,
  type ClaimEntry,
  type ClaimStep,
  nextStep,
  stateOf,
  stepSchema,
  type StandingClaim,
} from './life.ts';
import { activityRow } from './member-rows.ts';
import { readable } from './readable.ts';
import { ClaimQuestionError, ClaimRefused, obstacleLine } from './obstacle.ts';
import { withSources } from './sources.ts';

type Say = (line: string) => void;

/** `claims ACTION`. Answers the exit code: 1 where a claim is not frozen for what is in its way. */
export async function claimsCommand(
  config: GatewayConfig,
  action: string,
  values: ClaimValues,
  say: Say,
): Promise<number> {
  switch (action) {
    case 'draft':
      return draft(config, values, say);
    case 'freeze':
      return freeze(config, values, say);
    case 'correct':
      return freeze(config, values, say, text(values, 'claim'));
    case 'advance':
      return advance(config, values, say);
    case 'list':
      return list(config, say);
    default:
      throw new ClaimQuestionError(
        `claims ${action}: there is draft, freeze, advance, correct and list`,
      );
  }
}

async function draft(config: GatewayConfig, values: ClaimValues, say: Say): Promise<number> {
  return withSources(config, async (sources) => {
    const totals = new Totals();
    const question = questionOf(values, undefined);
    const { plan, obstacles, readings } = await calculateClaim(
      sources,
      question,
      async ({ planned, stretches, bands }, { fiscalYear, year }) => {
        const { member } = planned;
        const row = activityRow(member, { fiscalYear, year }, stretches, totals, '');
        totals.add(bands);
        say(`${member.id}: EL ${row['el_wh']} Wh, ${row['missing_seconds']} s missing`);
      },
    );
    const { kg, tonnes } = yearTotal([totals.reductionKg]);
    say(
      `${plan.project.id}, fiscal year ${plan.fiscalYear}: ${plan.members.length} members, ${readings} readings, ${readable(kg)} kg, ${tonnes} t`,
    );
    if (obstacles.length > 0) say(`${obstacles.length} in the way of freezing:`);
    for (const obstacle of obstacles) say(obstacleLine(obstacle));
    return obstacles.length === 0 ? 0 : 1;
  });
}

async function freeze(
  config: GatewayConfig,
  values: ClaimValues,
  say: Say,
  corrected?: string,
): Promise<number> {
  const key = await readKey(text(values, 'key'));
  const out = resolve(text(values, 'out'));
  const by = optional(values, 'by') ?? 'kadoru-gateway';
  try {
    const { options, frozen } = await withSources(config, async (sources) => {
      const corrects = corrected === undefined ? undefined : standing(sources.claims, corrected);
      if (corrects?.correctedBy !== undefined)
        throw new ClaimQuestionError(
          `--claim ${corrected}: was corrected by ${corrects.correctedBy}: correct that one`,
        );
      const question = questionOf(values, corrects);
      const asked = { ...question, key, out, by };
      return { options: asked, frozen: await freezeClaim(sources, asked) };
    });
    const { entry } = frozen;
    await record(config, entry, 1, by, options.atMs);
    say(
      `frozen ${entry.claim}: ${readable(exact(entry.erKg))} kg, ${entry.tonnes} t, ${entry.members} members`,
    );
    if (entry.corrects !== null)
      say(`corrects ${entry.corrects.claim}: ${signed(entry.corrects.effectTonnes)} t`);
    say(`${out}, manifest ${entry.manifestSha256}`);
    return 0;
  } catch (error) {
    if (!(error instanceof ClaimRefused)) throw error;
    say(error.message);
    return 1;
  }
}

function signed(tonnes: number): string {
  return tonnes > 0 ? `+${tonnes}` : String(tonnes);
}

async function advance(config: GatewayConfig, values: ClaimValues, say: Say): Promise<number> {
  const id = text(values, 'claim');
  const by = optional(values, 'by') ?? 'kadoru-gateway';
  const { step, number } = await withSources(config, async ({ claims }) => {
    const claim = standing(claims, id);
    const said = stepOf(values, claim);
    return { step: nextStep(claim, said), number: claim.steps.length + 2 };
  });
  await record(config, step, number, by, systemClock.wallMs());
  say(stepLine(step));
  return 0;
}

/** What is missing is named; of an allocation nothing is asked, it is computed. */
function stepOf(values: ClaimValues, claim: StandingClaim): ClaimStep {
  const state = text(values, 'to');
  const on = text(values, 'on');
  if (state === 'allocated') return allocation(claim, on);
  const document = optional(values, 'document');
  const [first, last] = (optional(values, 'serials') ?? '').split('..');
  const said = {
    state,
    claim: claim.frozen.claim,
    on,
    ...(document === undefined || (state !== 'applied' && state !== 'verified')
      ? {}
      : { document }),
    ...(state === 'verified' ? { verifier: optional(values, 'verifier') } : {}),
    ...(state === 'issued'
      ? { tonnes: Number(optional(values, 'tonnes') ?? Number.NaN), serials: { first, last } }
      : {}),
    ...(state === 'held' ? { account: optional(values, 'account') } : {}),
  };
  const parsed = stepSchema.safeParse(said);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(
    ({ path, message }) => `--${path.join('.')}: ${message}`,
  );
  throw new ClaimQuestionError(`claims advance --to ${state}: ${mistakes.join('; ')}`);
}

function stepLine(step: ClaimStep): string {
  switch (step.state) {
    case 'issued':
      return `${step.claim} issued on ${step.on}: ${step.tonnes} t, ${step.serials.first} to ${step.serials.last}`;
    case 'allocated':
      return `${step.claim} allocated on ${step.on}: partner ${step.partnerTonnes} t, ward ${step.wardTonnes} t`;
    case 'held':
      return `${step.claim} held since ${step.on}: ${step.account}`;
    case 'applied':
    case 'verified':
      return `${step.claim} ${step.state} on ${step.on}`;
  }
}

async function list(config: GatewayConfig, say: Say): Promise<number> {
  await withSources(config, async ({ claims }) => {
    for (const claim of claims) {
      const { frozen, correctedBy } = claim;
      const by = correctedBy === undefined ? '' : `, corrected by ${correctedBy}`;
      const trial = frozen.fixture ? ' 試験用' : '';
      say(
        `${frozen.claim} ${stateOf(claim)}${trial}: ${frozen.tonnes} t, ${frozen.members} members${by}`,
      );
      for (const step of claim.steps) say(`  ${stepLine(step)}`);
    }
  });
  return 0;
}

async function record(
  config: GatewayConfig,
  entry: ClaimEntry,
  number: number,
  by: string,
  nowMs: number,
): Promise<void> {
  const command = { command: 'claim-record', entry, number, by, nowMs } as const;
  await askGatewayOrStore(config, command, () => undefined);
}

function standing(claims: readonly StandingClaim[], id: string): StandingClaim {
  const claim = claims.find(({ frozen }) => frozen.claim === id);
  if (claim !== undefined) return claim;
  const known = claims.map(({ frozen }) => frozen.claim).join(', ');
  throw new ClaimQuestionError(`--claim ${id}: no such claim; there are: ${known || 'none'}`);
}
