import type { KeyObject } from 'node:crypto';
import {
  type ClaimQuestion,
  type ClaimResult,
  type ClaimSources,
  calculateClaim,
} from './calculate.ts';
import { ClaimWriter } from './claim-writer.ts';
import { ClaimFolder } from './folder.ts';
import { keyIdOf } from './keys.ts';
import type { FrozenClaim } from './life.ts';
import { ClaimRefused } from './obstacle.ts';
import type { ClaimPlan } from './plan.ts';

export interface FreezeOptions extends ClaimQuestion {
  /** The folder that will hold the claim: new, or empty. */
  readonly out: string;
  readonly key: KeyObject;
  readonly by: string;
}

export interface Frozen {
  /** To be recorded: until then the claim is only a folder. */
  readonly entry: FrozenClaim;
  readonly result: ClaimResult;
}

/**
 * Writes a claim's folder. Rejects with ClaimRefused, everything in the way at once, and with ClaimQuestionError; then
 * nothing is written.
 */
export async function freezeClaim(sources: ClaimSources, options: FreezeOptions): Promise<Frozen> {
  const folder = await ClaimFolder.begin(options.out);
  const writer = await ClaimWriter.begin(folder, options.fixture);
  try {
    const result = await calculateClaim(sources, options, (member, plan) =>
      writer.member(member, plan),
    );
    if (result.obstacles.length > 0) throw new ClaimRefused(result.obstacles);
    const { plan } = result;
    const id = idOf(plan, sources);
    const total = await writer.finish(result, { ...options, id });
    await writer.close();
    const manifestSha256 = await folder.seal(options.key);
    return { entry: entryOf(id, plan, total, manifestSha256, options), result };
  } catch (error) {
    await writer.close();
    await folder.discard();
    throw error;
  }
}

function idOf({ project, fiscalYear }: ClaimPlan, { claims }: ClaimSources): string {
  const before = claims.filter(
    ({ frozen }) => frozen.project === project.id && frozen.fiscalYear === fiscalYear,
  );
  const name = project.id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `${name}-fy${fiscalYear}-${before.length + 1}`;
}

function entryOf(
  claim: string,
  plan: ClaimPlan,
  { erKg, tonnes }: { readonly erKg: string; readonly tonnes: number },
  manifestSha256: string,
  { key, corrects }: FreezeOptions,
): FrozenClaim {
  const { project, fiscalYear, fixture, year, members } = plan;
  const before = corrects?.frozen;
  return {
    state: 'frozen',
    claim,
    project: project.id,
    fiscalYear,
    fixture,
    erKg,
    tonnes,
    members: members.length,
    payment: project.payment,
    manifestSha256,
    keyId: keyIdOf(key),
    corrects:
      before === undefined
        ? null
        : { claim: before.claim, tonnes: before.tonnes, effectTonnes: tonnes - before.tonnes },
    spans: members.flatMap(({ member, registers }) =>
      registers.map(({ register }) => ({
        register,
        from: Math.max(member.window.from, year.from),
        to: Math.min(member.window.to, year.to),
      })),
    ),
  };
}
