import { z } from 'zod';
import { reasons } from '../emissions/reason.ts';
import {
  dateCell,
  decimalCell,
  exactCell,
  instantCell,
  noteCell,
  orNothing,
  registerCell,
  signedCell,
  textCell,
  wholeCell,
  yearCell,
  yesNoCell,
} from './claim-cells.ts';
import {
  claimCorrections,
  claimEvents,
  claimHeads,
  claimReadings,
  claimSeals,
} from './claim-evidence.ts';
import { table } from './claim-table.ts';

/** Which rule a stretch was held to: the all-source factor throughout, or by years since operation started. */
export const bandSchema = z.enum(['all', 't<1', '1<=t<2.5', 't>=2.5']);
export type Band = z.infer<typeof bandSchema>;

/** Why a stretch earns nothing: the one list. */
export const uncountedReasonSchema = z.enum(reasons);
export type UncountedReason = z.infer<typeof uncountedReasonSchema>;

/**
 * `window_from`: the latest of the project's application date, `admitted_on` and `monitored_from`; `window_to`
 * (exclusive): 8 years after it, or `left_on` where that is earlier. A day that a month has not is the first of the next
 * month, of `t` too. Lists are separated by `; `.
 */
export const claimMembers = table('members.csv', ['member'], {
  member: textCell,
  kind: z.enum(['household', 'business']),
  applied_on: dateCell,
  admitted_on: dateCell,
  monitored_from: orNothing(dateCell),
  left_on: orNothing(dateCell),
  window_from: dateCell,
  window_to: dateCell,
  environmental_value_owner: textCell,
  subsidies: orNothing(textCell),
  other_schemes: orNothing(textCell),
  investment_yen: orNothing(wholeCell),
  subsidy_yen: orNothing(wholeCell),
  saving_yen_per_year: orNothing(wholeCell),
  note: noteCell,
});

export const claimDevices = table('devices.csv', ['device'], {
  device: textCell,
  member: textCell,
  kind: z.enum(['pv', 'fuel-cell', 'led', 'air-conditioner']),
  maker: textCell,
  model: textCell,
  serial: textCell,
  operation_started_on: dateCell,
  rated_w: orNothing(wholeCell),
  grid_charging_battery: yesNoCell,
  shared_export: yesNoCell,
  note: noteCell,
});

/**
 * A meter as it was from 00:00 of `from` to 00:00 of `to` (empty: still). A register goes through several meters when one
 * is replaced; their times do not overlap. `period_ms`: readings further apart are a gap; `jitter_wh`: a fall of at
 * most this is noise. `reconciled_on`: of a register of pulses, when a display agreed with it in this fiscal year.
 */
export const claimMeters = table('meters.csv', ['meter'], {
  meter: textCell,
  member: textCell,
  device: textCell,
  item: z.enum(['generated', 'sold', 'auxiliary', 'gas', 'heat']),
  register: registerCell,
  serial: textCell,
  class: z.enum(['A', 'B', 'C']),
  evidence: z.enum(['', 'specified', 'calibrated']),
  mark_expires: orNothing(dateCell),
  document: orNothing(textCell),
  pulses: yesNoCell,
  reconciled_on: orNothing(dateCell),
  period_ms: wholeCell,
  jitter_wh: wholeCell,
  from: dateCell,
  to: orNothing(dateCell),
  note: noteCell,
});

/**
 * Stretches of each member, counted or not: one follows the other without a hole from 1 April to the next (time without
 * data is one of its own), and each is as long as fiscal year, band and standing stay what they are. Energy of a register over one is V(to) - V(from) + the
 * adjustments of its events with from < `at` <= to. V(b) is what a counting reading at b shows; else, between the
 * counting readings next to b, v0 + floor(E x (b - t0) / (t1 - t0)) with E = v1 - v0 + the adjustment of an event at t1.
 * Cells are empty where the energy is unknown; `el_wh` = generated - sold - auxiliary (a formula that treats
 * auxiliary energy as incidental, or has no such register, leaves the cell empty and takes 0). `gas_dm3` as the meter
 * counted it; both it and `heat_kj` are empty where the formula takes none. `detail`: what the reason speaks of (ids of events, separated by
 * `; `; the cut it straddles; the register without data).
 */
export const claimStretches = table('stretches.csv', ['member', 'from', 'to'], {
  member: textCell,
  fiscal_year: yearCell,
  /** Empty where it is in none, or in two. */
  band: z.union([z.literal(''), bandSchema]),
  from: instantCell,
  to: instantCell,
  generated_wh: orNothing(signedCell),
  sold_wh: orNothing(signedCell),
  auxiliary_wh: orNothing(signedCell),
  gas_dm3: orNothing(signedCell),
  heat_kj: orNothing(signedCell),
  el_wh: orNothing(signedCell),
  counted: yesNoCell,
  reason: z.union([z.literal(''), uncountedReasonSchema]),
  detail: orNothing(textCell),
  note: noteCell,
});

/** Sums over the counted stretches of a member. Missing: seconds of its window in this fiscal year that no counted stretch covers. */
export const claimActivity = table('activity.csv', ['member', 'fiscal_year'], {
  member: textCell,
  fiscal_year: yearCell,
  generated_wh: signedCell,
  sold_wh: signedCell,
  auxiliary_wh: signedCell,
  gas_dm3: signedCell,
  heat_kj: signedCell,
  el_wh: signedCell,
  covered_seconds: wholeCell,
  missing_seconds: wholeCell,
  note: noteCell,
});

/**
 * One multiplication per member, fiscal year and band that has a counted stretch. `cef_t_per_kwh` is exact, and t/kWh is kg/Wh:
 * `em_bl_kg` = el_wh x cef, `em_pj_kg` = 0. Of EN-S-007, with CEF_fuel in t/GJ and the settings of `claim.json`:
 * `em_bl_kg` = el_wh x cef + heat_kj / boilerEfficiency x CEF_fuel / 1000,
 * `em_pj_kg` = gas_dm3 x N x gjPer1000Nm3 x CEF_fuel / 1000, N = 273.15 / (273.15 + T) x (101.325 + p) / 101.325. `source` names the factors: `C_a 2021`; `C_mo 2010`; `(C_mo 2010 + C_a 2010) / 2`;
 * `C_a 2010 (C_mo 2010 is lower)`; of EN-S-007 followed by
 * `; CEF_lpg 2010` or `; CEF_town_gas 2010`. `er_kg` = em_bl_kg - em_pj_kg.
 */
export const claimCalculation = table('calculation.csv', ['member', 'fiscal_year', 'band'], {
  member: textCell,
  fiscal_year: yearCell,
  band: bandSchema,
  el_wh: signedCell,
  gas_dm3: signedCell,
  heat_kj: signedCell,
  cef_t_per_kwh: exactCell,
  source: textCell,
  em_bl_kg: exactCell,
  em_pj_kg: exactCell,
  er_kg: exactCell,
  note: noteCell,
});

/** The rows that `source` names, and those that a formula needs. `C_a`: all-source, `C_mo`: marginal, `CEF_lpg`, `CEF_town_gas`: of a fuel, t-CO2/GJ. */
export const claimFactors = table('factors.csv', ['fiscal_year', 'symbol'], {
  fiscal_year: yearCell,
  symbol: textCell,
  value: decimalCell,
  unit: textCell,
  end: textCell,
  class: z.enum(['published', 'fixture']),
  document: textCell,
  version: textCell,
  page: textCell,
  verified_by: orNothing(textCell),
  verified_on: orNothing(dateCell),
  note: noteCell,
});

export const claimTables = {
  members: claimMembers,
  devices: claimDevices,
  meters: claimMeters,
  readings: claimReadings,
  corrections: claimCorrections,
  events: claimEvents,
  stretches: claimStretches,
  activity: claimActivity,
  calculation: claimCalculation,
  factors: claimFactors,
  seals: claimSeals,
  heads: claimHeads,
} as const;
