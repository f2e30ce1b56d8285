import {
  closeCylinders,
  exchanged,
  openCylinders,
  type Cylinders,
  type PackState,
} from './pack.ts';
import { closeRoot, openRoot, turnLine, type TapState } from './tap.ts';

/** A pack and the tap that the transmitter sits on: what is true, and what the transmitter is shown of it. */
export interface Rig {
  readonly pack: PackState;
  readonly tap: TapState;
}

/** What somebody does to a pack, or what befalls it. */
export type RigAction =
  /** The stop valve before the tap closes and the line is vented to the air. */
  | { readonly kind: 'isolate' }
  | { readonly kind: 'reopen' }
  /** For a pack with so much gas, or with so many times what the old one holds. */
  | { readonly kind: 'exchange'; readonly hydrogenKg: number }
  | { readonly kind: 'exchange'; readonly timesOld: number }
  /** So much gas is gone at once, unseen; never more than there is. */
  | { readonly kind: 'lose'; readonly hydrogenKg: number }
  | { readonly kind: 'close-cylinders'; readonly count: number }
  | { readonly kind: 'open-cylinders' }
  /** From now on so much leaves past every meter; 0 mends it. */
  | { readonly kind: 'leak'; readonly nlPerMin: number }
  | { readonly kind: 'root-valve'; readonly open: boolean };

/** The rig after an action at a time of its clock. Throws a RangeError for an action that cannot be done. */
export function act(
  setup: Cylinders,
  { pack, tap }: Rig,
  action: RigAction,
  at: { readonly atMs: number; readonly ambientC: number },
): Rig {
  switch (action.kind) {
    case 'isolate':
      return { pack, tap: turnLine(setup, pack, tap, 'vented', at.atMs) };
    case 'reopen':
      return { pack, tap: turnLine(setup, pack, tap, 'open', at.atMs) };
    case 'exchange':
      return { pack: exchanged(pack, newMassKg(pack, action), at.ambientC), tap };
    case 'lose':
      return { pack: without(pack, action.hydrogenKg), tap };
    case 'close-cylinders':
      return { pack: closeCylinders(setup, pack, action.count), tap };
    case 'open-cylinders':
      return { pack: openCylinders(pack), tap };
    case 'leak':
      return { pack: { ...pack, lossNlPerMin: action.nlPerMin }, tap };
    case 'root-valve':
      return { pack, tap: action.open ? openRoot(tap) : closeRoot(setup, pack, tap, at.atMs) };
  }
}

function newMassKg(
  pack: PackState,
  action: { readonly hydrogenKg: number } | { readonly timesOld: number },
): number {
  if ('hydrogenKg' in action) return action.hydrogenKg;
  return action.timesOld * (pack.hydrogenKg + pack.closedKg);
}

function without(pack: PackState, kg: number): PackState {
  if (!(kg >= 0 && kg < pack.hydrogenKg))
    throw new RangeError(`${kg} kg cannot be lost from ${pack.hydrogenKg} kg`);
  return { ...pack, hydrogenKg: pack.hydrogenKg - kg, lostKg: pack.lostKg + kg };
}
