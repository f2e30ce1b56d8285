import type { meterJa } from './meter-ja.ts';

const eventKinds: ReadonlyMap<string, string> = new Map([
  ['wrap', 'Wrapped'],
  ['jitter', 'Small fall'],
  ['rollback', 'Went back after a power cut'],
  ['fall', 'Fall'],
  ['implausible-rise', 'Implausible rise'],
  ['replacement', 'Another meter'],
  ['reported', 'Reported by a person'],
]);

const resolutionKinds: ReadonlyMap<string, string> = new Map([
  ['reset-to-zero', 'reset to zero'],
  ['replaced', 'replaced'],
  ['wrapped', 'wrapped'],
  ['rollback', 'went back'],
  ['real', 'real'],
  ['error', 'reading error'],
  ['wrap', 'wrapped'],
  ['jitter', 'small fall'],
  ['rejoined', 'back at the old level'],
  ['declared-replacement', 'replacement that the device declared'],
]);

export const meterEn: typeof meterJa = {
  unit: 'in',
  which: 'Register',
  about: 'Meters known here',
  loading: 'Loading',
  failed: 'The list cannot be read. Check the connection.',
  reading: {
    title: 'Record a display reading',
    explain: 'Type what the display shows. It is compared with the register as it was metered.',
    wh: 'Displayed',
    whHint: 'Every digit, in the unit the display shows.',
    at: 'Read at',
    atHint: 'A time in the future is refused.',
    photo: 'Photograph of the display',
    photoHint: 'It is not sent: only its fingerprint (SHA-256) is recorded. Keep the photograph.',
    metered: (kwh, difference) => `The metered register says ${kwh} kWh: ${difference} Wh apart.`,
    agrees: 'They agree.',
    disagrees: 'They disagree. Check the reading, the number of the meter and its wiring.',
    noMetered: 'There is no metered value to compare with.',
  },
  photoByHand:
    'Over this connection the browser cannot compute it. The SHA-256 may be typed: 64 hexadecimal digits.',
  photoFailed: {
    'too-large': 'A file of more than 64 MB is not taken.',
    unreadable: 'The file cannot be read. Choose it again.',
  },
  table: {
    title: 'Upload a table of display readings',
    explain:
      'Records many readings from CSV. If one row is wrong, nothing is recorded; every mistake is shown with its row.',
    file: 'CSV file',
    fileHint:
      'First line: meter,time,wh,by,photoSha256 (the last is optional). At most 2,000 rows. Times as 2026-04-01T09:00:00+09:00, wh in whole Wh, meters by the names below.',
    missing: 'Choose a file.',
    tooLarge: 'Split tables of more than 512 kB.',
    unreadable: 'The file cannot be read. Choose it again.',
    taken: (rows) => `${rows} ${rows === 1 ? 'row' : 'rows'} recorded.`,
    disagree: (rows) => `${rows} of them disagree with the metered register.`,
  },
  events: {
    title: 'Register changes',
    none: 'There are none.',
    kind: (kind) => eventKinds.get(kind) ?? kind,
    step: (before, after) => `From ${before} kWh to ${after} kWh`,
    waiting: 'Waiting for a person: the step is not counted as energy.',
    settled: (kind, by) =>
      `${resolutionKinds.get(kind) ?? kind} (${by === 'rule' ? 'by rule' : by === 'device' ? 'by the device' : by})`,
    resolve: 'Say what happened',
    again: 'Say it anew',
    correct: 'Correct this reading',
    more: 'Older changes are not shown.',
  },
  resolution: {
    title: 'What did the register do?',
    explain: 'Only what is said becomes energy. Nothing is interpolated or estimated.',
    kind: 'What happened',
    kinds: {
      'reset-to-zero':
        'It was reset to zero: what it shows since 0 is counted, and what came before the reset if its last value was seen.',
      replaced:
        'The meter was replaced: the old one counts up to its final value, the new one from its start value; what nobody saw is not counted.',
      wrapped: 'It wrapped to zero: counted up to the value where it wraps, and on from 0.',
      rollback: 'It went back to an older value: the step is 0 Wh, and counting goes on from here.',
      real: 'The rise is real: it is counted as it is.',
      error:
        'Readings were wrong: those from here until the time below are left out; the next is judged against the value before.',
    },
    finalReset: 'Last value before the reset',
    finalReplaced: 'Final value of the old meter',
    finalHint: (before) =>
      `At least ${before} kWh, the value before. Leave it empty if nobody saw it.`,
    start: 'Start value of the new meter',
    startHint: (after) => `At most ${after} kWh, the value after. Leave it empty if nobody saw it.`,
    wrapAt: 'It is 0 again at',
    wrapAtHint: 'Such as 1000000 kWh for six digits of kWh.',
    until: 'Wrong until',
    untilHint: 'Empty: this reading alone is left out.',
    why: 'How this is known',
  },
  correction: {
    title: 'Correct a reading',
    explain: 'The stored reading stays. Sums are computed anew with the corrected value.',
    near: 'About when',
    nearHint: 'The 40 nearest readings within 10 minutes of it are offered.',
    find: 'Find readings',
    found: 'The reading to correct',
    nothing: 'There are no readings around this time.',
    noValue: 'no value',
    at: 'Time of the reading',
    before: 'Value now',
    beforeHint: 'Empty for a reading without a value.',
    outcome: 'What it should be',
    outcomes: {
      value: 'Another value',
      none: 'No value (the reading is left out of every sum)',
    },
    after: 'Right value',
    why: 'Reason',
  },
};
