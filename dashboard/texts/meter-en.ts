import type { meterJa } from './meter-ja.ts';

const quantities: ReadonlyMap<string, string> = new Map([
  ['generated', 'Generated'],
  ['exported', 'Exported'],
  ['imported', 'Imported'],
  ['consumed', 'Consumed'],
  ['auxiliary', 'Auxiliary'],
  ['charged', 'Charged'],
  ['discharged', 'Discharged'],
]);

export const meterEn: typeof meterJa = {
  quantity: (quantity) => quantities.get(quantity) ?? quantity,
  today: 'Today',
  month: 'This month',
  fiscalYear: 'Fiscal year',
  register: 'Register',
  since: (moment) => `since ${moment}`,
  missing: 'Nothing has been summed up yet.',
  covered: (moment, percent) => `since ${moment}, ${percent}\u00a0% of the time metered`,
  assumedPeriod: (minutes) => `a reading every ${minutes}\u00a0min (assumed)`,
  neverRead: 'Nobody has entered a display reading yet.',
  todayMissing: 'Nothing was measured today, or a change of the register is unexplained.',
  site: 'Site meters',
  byPeople: 'Read by people',
  open: (count) =>
    `${count} ${count === 1 ? 'change' : 'changes'} of a register: please say what happened`,
  openExplain: 'Until it is recorded, the step across it is not counted as energy.',
  resolve: 'Say what happened',
  soon: (date) => `The verification mark expires soon: ${date}`,
  expired: (date) =>
    `The verification mark expired: ${date}. Until it is replaced, this meter is no evidence as a specified meter.`,
  otherSerial: (said, configured) =>
    `The meter says serial number ${said}; ${configured} is configured.`,
  failed: 'The totals of the meters cannot be refreshed. Those last read are shown.',
  work: {
    'meter-reading': 'Display reading',
    'reading-table': 'Table of readings',
    'register-events': 'Register changes',
    correction: 'Correct a reading',
  },
};
