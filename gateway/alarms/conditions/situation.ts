import type { Pack } from '#gateway/contract';
import type { ConfiguredPack } from '../../derive/pack.ts';
import type { PackGeometry } from '../../hydrogen/budget.ts';
import type { LedgerState } from '../../hydrogen/ledger/state.ts';
import type { Condition, Priority, Standing } from '../model.ts';

/** A draw that somebody declared. */
export interface DeclaredDraw {
  readonly from: number;
  readonly to: number;
  readonly expectedKg: number;
  readonly expandedUncertaintyKg: number;
}

/** A gauge read by a person, and what the transmitter said at that time (null: nothing that can be compared). */
export interface NeedleCheck {
  readonly at: number;
  readonly needleMpa: number;
  readonly transmitterMpa: number | null;
}

/** All that is known of a pack at a moment. */
export interface PackSituation {
  readonly nowMs: number;
  readonly pack: ConfiguredPack;
  /** As readings are converted now. */
  readonly geometry: PackGeometry;
  readonly shown: Pack;
  readonly ledger: LedgerState;
  readonly draws: readonly DeclaredDraw[];
  readonly needle: NeedleCheck | undefined;
  /** Mass at filling, kg: of the delivery, or of a lawfully full pack. */
  readonly filledKg: number;
}

/** What a judgement says; the rest of a condition is the same for all. */
export interface Judgement {
  readonly standing: Standing;
  readonly value?: number | null;
  readonly threshold?: number | null;
  readonly unit?: string;
  readonly detail: string;
  readonly cause?: string;
  readonly priority?: Priority;
  readonly onsetMs?: number;
}

export function condition(
  { pack, nowMs }: PackSituation,
  kind: string,
  {
    standing,
    value = null,
    threshold = null,
    unit = '',
    detail,
    cause,
    priority,
    onsetMs,
  }: Judgement,
): Condition {
  return {
    id: `${pack.site}/${pack.config.id}/${kind}`,
    site: pack.site,
    subject: pack.config.id,
    kind,
    standing,
    at: nowMs,
    value,
    threshold,
    unit,
    detail,
    ...(cause === undefined ? {} : { cause }),
    ...(priority === undefined ? {} : { priority }),
    ...(onsetMs === undefined ? {} : { onsetMs }),
  };
}

/** On at or beyond one threshold, off beyond the other, and in between what it was. */
export function between(raised: boolean, cleared: boolean): Standing {
  if (raised) return 'on';
  return cleared ? 'off' : 'hold';
}
