import type { reductionJa } from './reduction-ja.ts';

const doubts: ReadonlyMap<string, string> = new Map([
  ['methodology-unconfirmed', 'the methodology is not confirmed'],
  ['factor-of-another-year', 'the factor of another year stands in'],
  ['no-evidence', 'no evidence is known of the meter'],
  ['estimated-class', 'an estimate (class C)'],
  ['auxiliary-not-metered', 'auxiliary energy is not metered'],
  ['auxiliary-incidental', 'auxiliary energy is left out as incidental'],
]);

const obstacles: ReadonlyMap<string, string> = new Map([
  ['shared-export', 'What it sells is metered together with another source: nothing is credited.'],
  ['sold-unknown', 'No meter counts what it sells: nothing is credited.'],
  ['no-heat', 'Its heat is not metered: a fuel cell is not credited without.'],
  ['no-gas', 'Its fuel is not metered: a fuel cell is not credited without.'],
  ['no-fuel-terms', 'Boiler efficiency or heating value is not configured: nothing is credited.'],
  ['factor-missing', 'An emission factor is missing from the table: nothing is credited.'],
  ['grid-charging-battery', 'A battery charges from the grid: nothing is credited.'],
  ['formula-unconfirmed', 'Nobody has confirmed a formula.'],
  ['mark-expired', "The meter's verification mark has expired: nothing is credited."],
  ['before-operation', 'It has not begun to operate.'],
]);

export const reductionEn: typeof reductionJa = {
  today: 'CO₂ avoided today',
  fiscalYear: (year) => `CO₂ avoided in fiscal year ${year}`,
  provisional: 'provisional',
  missing: 'Nothing can be counted yet.',
  withheld: (reason) => obstacles.get(reason) ?? `Nothing is credited (${reason}).`,
  doubt: (reason, detail) =>
    [doubts.get(reason) ?? reason, detail].filter((part) => part !== '').join(' '),
  separator: ', ',
  because: (reasons) => `CO₂ avoided is provisional: ${reasons}`,
};
