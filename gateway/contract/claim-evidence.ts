import { z } from 'zod';
import {
  dateCell,
  hashCell,
  instantCell,
  noteCell,
  numberCell,
  orNothing,
  registerCell,
  signedCell,
  textCell,
  wholeCell,
} from './claim-cells.ts';
import { table } from './claim-table.ts';

/**
 * Every stored reading of each half hour that holds a bracketing reading: the counting readings next to each end of a
 * stretch (where the register is known there), and those at `before_at`, `at` and `until` of each event. A reading counts
 * where its clock is `synced`, its quality not `bad` and its value not empty.
 */
export const claimReadings = table('readings.csv', ['register', 'at'], {
  register: registerCell,
  at: instantCell,
  value: orNothing(numberCell),
  raw: orNothing(numberCell),
  quality: z.enum(['good', 'uncertain', 'bad']),
  why: orNothing(z.string().regex(/^[a-z-]{1,32}$/)),
  clock: z.enum(['synced', 'estimated']),
  note: noteCell,
});

/**
 * What people said a reading should have been, of the readings above, in the order of saying it: where the value of the
 * reading (as corrected so far) is `before_wh` it becomes `after_wh`; empty: it does not count.
 */
export const claimCorrections = table('corrections.csv', ['register', 'at', 'number'], {
  register: registerCell,
  at: instantCell,
  /** 1 for the first correction of this reading. */
  number: wholeCell,
  before_wh: orNothing(wholeCell),
  after_wh: orNothing(wholeCell),
  by: textCell,
  why: textCell,
  note: noteCell,
});

/**
 * Events of a register within the fiscal year, settled ones and open ones (`resolution` and `by` empty, `adjustment_wh`
 * too). `adjustment_wh` is what the energy of the step is more than `after_wh - before_wh`:
 *
 * Of gas and heat read dm3 and kJ wherever a name here says Wh.
 *
 * | resolution | adjustment_wh |
 * |---|---|
 * | `wrap`, `wrapped` | `wrap_at` |
 * | `reset-to-zero` | `final_wh`, or `before_wh` where nobody saw it |
 * | `replaced`, `declared-replacement` | (`final_wh` or `before_wh`) - (`start_wh` or `after_wh`) |
 * | `rollback` | `before_wh - after_wh` |
 * | `real` | 0 |
 * | `jitter` | 0: readings from `at` until `until` show `before_wh` |
 * | `rejoined`, `error` | 0: readings from `at` until `until` do not count |
 *
 * `until` is the first reading that counts for itself again (that one excluded); empty where there is none, and for
 * the other resolutions.
 */
export const claimEvents = table('events.csv', ['register', 'at'], {
  register: registerCell,
  id: textCell,
  kind: z.enum([
    'wrap',
    'jitter',
    'rollback',
    'fall',
    'implausible-rise',
    'replacement',
    'reported',
  ]),
  before_at: instantCell,
  before_wh: wholeCell,
  at: instantCell,
  after_wh: wholeCell,
  until: orNothing(instantCell),
  final_wh: orNothing(wholeCell),
  start_wh: orNothing(wholeCell),
  wrap_at: orNothing(wholeCell),
  resolution: z.enum([
    '',
    'wrap',
    'jitter',
    'rejoined',
    'rollback',
    'declared-replacement',
    'reset-to-zero',
    'replaced',
    'wrapped',
    'real',
    'error',
  ]),
  by: orNothing(textCell),
  adjustment_wh: orNothing(signedCell),
  note: noteCell,
});

/**
 * Of each register, its chain from the first seal of the first day used to the head, in order of sealing (`number`: from
 * 1). The 48 digests of each row stand in `digests/`.
 */
export const claimSeals = table('seals.csv', ['register', 'number'], {
  register: registerCell,
  number: wholeCell,
  day: dateCell,
  revision: wholeCell,
  reason: textCell,
  previous: hashCell,
  leaf: hashCell,
  note: noteCell,
});

export const claimHeads = table('heads.csv', ['register'], {
  register: registerCell,
  day: dateCell,
  revision: wholeCell,
  leaf: hashCell,
  note: noteCell,
});
