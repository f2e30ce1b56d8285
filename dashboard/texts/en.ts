import type { Texts } from './texts.ts';
import { causesEn } from './causes-en.ts';
import { outlookEn } from './outlook-en.ts';
import { meterEn } from './meter-en.ts';
import { reductionEn } from './reduction-en.ts';
import { problemsEn } from './problems-en.ts';

export const en: Texts = {
  language: { code: 'en', switchTo: '日本語' },
  page: {
    title: 'Kadoru | hydrogen left',
    product: 'Kadoru',
    packs: 'Hydrogen packs',
    generators: 'Generation',
    overview: 'All packs',
    devices: (count) => `Each device and meter (${count})`,
    devicesWaiting: (count) => `${count} to explain`,
    japanTime: 'Japan time',
    daySheet: 'Day sheet (to print)',
    notice:
      'A monitor only: it controls nothing, is no safety device and replaces no inspection required by law.',
  },
  link: {
    connecting: 'Connecting to the gateway',
    live: 'Live',
    stopped: 'Data stopped',
    reconnecting: 'Connection lost, reconnecting',
    'no-data': 'No data arriving, reconnecting',
    'signed-out': 'Sign-in needed',
    lastKnown: (moment) => `Connection lost. Showing what was last known at ${moment}.`,
    neverKnown:
      'The gateway cannot be reached. Check that it runs and that the network is up. Retrying by itself.',
    tab: {
      stopped: '⚠ Data stopped',
      alarms: (count) => `⚠ ${count} ${count === 1 ? 'alarm' : 'alarms'}`,
    },
    unreadable: (count) =>
      `${count} unreadable ${count === 1 ? 'message was' : 'messages were'} ignored. If this goes on, reload the page.`,
  },
  sound: {
    off: 'Sound is off (touch to enable)',
    on: 'Sound is on',
    none: 'This device has no sound',
    test: 'Test the sound',
  },
  standing: {
    good: 'Good',
    uncertain: 'Uncertain',
    bad: 'No value',
    stale: 'Stopped',
    old: 'Old value',
  },
  why: {
    'loop-open': 'The signal loop is open. Check the wiring and the supply of the transmitter.',
    'loop-short': 'The signal loop is shorted. Check the wiring and the transmitter.',
    'out-of-range': 'Outside the measuring range. Check the transmitter and its configured range.',
    stuck: 'The value does not move. Check the sensor and the root valve of the gauge.',
    stale: 'Data stopped arriving. Check the power and the connection of the measuring device.',
    'bus-error': 'The sensor does not answer. Check its connection and address.',
    'no-data': 'No value yet: the device has just started, or is not running.',
    isolated: 'The stop valve of the pack is closed. No amount is computed.',
    missing: 'There is no value. Check the state of the gateway.',
  },
  whyManual: {
    'no-data':
      'No value yet. Read the gauge and a thermometer, and record them with "Gauge reading".',
    stale: 'What was read is too old. Read it again, and record it with "Gauge reading".',
  },
  age: (age) => {
    switch (age.kind) {
      case 'never':
        return 'never measured';
      case 'ahead':
        return `${age.seconds} s in the future (check the clocks)`;
      case 'seconds':
        return `${age.seconds} s ago`;
      case 'minutes':
        return `${age.minutes} min ago`;
      case 'hours':
        return `${age.hours} h ${age.minutes} min ago`;
      case 'days':
        return `${age.days} days ago`;
    }
  },
  pack: {
    usable: 'Usable hydrogen',
    usableBasis: (residual) => `above the residual ${residual} MPa`,
    total: 'Total',
    normalCubicMetres: 'Normal volume (total)',
    normalCubicMetresUnit: 'Nm³',
    temperature: 'Temperature',
    pressure: 'Pressure',
    unknown: 'Unknown',
    gauge: 'gauge',
    hydrogen: 'H₂',
    residualZone: 'Residual',
    stopMark: 'Stop',
    fillingMark: 'Filling limit',
    lastGood: (pressure, age) => `Last good value ${pressure} MPa (${age})`,
    noLastGood: 'No good value yet',
    assumed: 'Assumed (not in the configuration)',
    assumedValue: {
      'transmitter.classPercent': (value) => `transmitter accuracy ±${value} % of span`,
      'transmitter.spanMpa': (value) => `transmitter span ${value} MPa`,
      'transmitter.coefficientPercentPer10K': (value) =>
        `transmitter drift ${value} % of span per 10 K`,
      shuntPercent: (value) => `shunt ±${value} %`,
      'thermometer.class': (value) => `thermometer ${value.toUpperCase()}`,
      'thermometer.placement': (value) =>
        value === 'wall' ? 'thermometer on a cylinder wall' : 'thermometer in the air',
      volumePercent: (value) => `volume ±${value} %`,
      'gauge.classPercent': (value) => `gauge accuracy ±${value} % of span`,
      'gauge.spanMpa': (value) => `gauge span ${value} MPa`,
      'gauge.readingMpa': (value) => `reading by eye ±${value} MPa`,
    },
    basis: 'Basis of calculation',
    basisSummary: (assumed) =>
      assumed === 0
        ? 'Basis of calculation'
        : `Basis of calculation (${assumed} ${assumed === 1 ? 'value' : 'values'} assumed)`,
    identity: (site, id) => `in the configuration ${site} / ${id}`,
    cylinders: (open, closed) =>
      closed === 0 ? `all ${open} cylinders open` : `cylinders: ${open} open, ${closed} closed`,
    openCylinders: (count) => `${count} open ${count === 1 ? 'cylinder' : 'cylinders'}`,
    equation: (name) => `Equation of state ${name}`,
    uncertainty: '± holds the true value with some 95 % (expanded uncertainty, k = 2)',
    nameplate: 'Nameplate (not a physical quantity)',
    nameplateFigures: (total, usable) => `total ${total} kg, usable ${usable} kg`,
    source: { transmitter: 'transmitter', manual: 'read by eye' },
    dialText: (pressure, standing) => `Pressure gauge ${pressure} MPa (gauge), ${standing}`,
    dialUnknown: (why) => `Pressure gauge unknown. ${why}`,
    dialOld: (pressure) => `Pressure gauge, old value ${pressure} MPa (gauge)`,
    manualBadge: 'Read by eye',
    manualNote:
      'Not from a transmitter: computed from a gauge and a thermometer that a person read. The uncertainty is larger.',
    usableBeforeStop: 'Usable before stop',
    usableBeforeStopBasis: (stop) => `down to ${stop} MPa`,
    fullReference: (kg, pressure) => `full reference ${kg} kg (${pressure} MPa at 35 °C)`,
    calibration: (until) => `calibration valid until ${until}`,
    notCalibrated: 'no calibration on record',
    legal: 'Legal quantity Q = (10P + 1)V',
    legalFigures: (pack, site, threshold) =>
      `this pack ${pack} m³, whole site ${site} m³ (from ${threshold} m³: confirm with the authority)`,
  },
  outlook: outlookEn,
  packNote: {
    isolated: (moment) =>
      `The stop valve of the pack is closed, or the pack was taken away. Since ${moment} the gauge does not show the pack.`,
    changed: 'The content changed: please say what happened',
    changedFrom: (before, after, moment) =>
      `At ${moment} it went from ${before} kg to ${after} kg.`,
    changedTo: (after, moment) => `${after} kg since ${moment}.`,
    resolve: 'Record what happened',
    calibrationExpired: (until) =>
      `The calibration has expired (valid until ${until}). Its correction still applies, its uncertainty does not.`,
    legal: (site, threshold) =>
      `The legal quantity of the site is ${site} m³, ${threshold} m³ or more. Confirm with the authority.`,
  },
  alarms: {
    title: (count) => `${count} ${count === 1 ? 'alarm' : 'alarms'}`,
    named: ({ en }) => en,
    badge: (count) => `${count} ${count === 1 ? 'alarm' : 'alarms'}`,
    old: 'Alarms as last heard.',
    priority: { urgent: 'Urgent', caution: 'Caution', note: 'Note' },
    phase: {
      'active-unacknowledged': 'active, unacknowledged',
      'active-acknowledged': 'active, acknowledged',
      'returned-unacknowledged': 'returned, unacknowledged',
      normal: 'over',
    },
    since: (moment) => `since ${moment}`,
    until: (moment) => `returned ${moment}`,
    value: (figure) => `value ${figure}`,
    threshold: (figure) => `threshold ${figure}`,
    cause: (cause) => `cause: ${causesEn.get(cause) ?? cause}`,
    unobservable: 'cannot be judged now',
    acknowledgedBy: (by, moment) => `acknowledged by ${by} at ${moment}`,
    more: (count) => `${count} more in the list.`,
    list: 'All alarms',
    acknowledge: 'Acknowledge',
    shelve: 'Shelve',
    unshelve: 'Unshelve',
    shelved: (count) => `${count} shelved`,
    shelvedBy: (by, until, why) => `shelved by ${by} until ${until} (${why})`,
  },
  work: {
    title: 'Record',
    history: 'History',
    name: {
      'gauge-reading': 'Gauge reading',
      delivery: 'Delivery',
      return: 'Return',
      draw: 'Planned draw',
      batch: 'Production batch',
      calibration: 'Calibration',
      changes: 'Changes',
    },
    loading: 'Loading',
    failed: 'This form cannot be loaded. Reload the page.',
    close: 'Close',
  },
  trend: {
    title: 'Last 24 hours',
    pressure: 'Pressure MPa',
    total: 'Total kg',
    gap: 'No value',
    loading: 'Reading the history',
    failed: 'The history cannot be refreshed. Trying again every minute.',
    old: 'The connection is lost: this trend is not being refreshed.',
    empty: 'No values in these 24 hours',
    summary: (pressure, total, gaps) =>
      `Last 24 hours. Pressure ${pressure} MPa, total ${total} kg, ${gaps} ${gaps === 1 ? 'span' : 'spans'} without values.`,
    range: (least, most) => `${least} to ${most}`,
    unknown: 'unknown',
  },
  meter: meterEn,
  reduction: reductionEn,
  energy: {
    title: 'Generation and self-consumption',
    period: 'Period',
    generated: 'Generated',
    selfConsumed: 'Self-consumed',
    exported: 'Exported',
    standing: 'State',
    halfHour: 'This half hour',
    today: 'Today',
    month: 'This month',
    fiscalYear: 'Fiscal year',
    covered: (percent) => `${percent} % of the time metered`,
    basis: 'Self-consumed is generated less exported (what was stored is in it).',
    noExport: 'No meter counts what is exported, so self-consumption is not computed.',
    members: 'Credits by member',
    openEvents: (count) =>
      `What happened across ${count} unexplained ${count === 1 ? 'change' : 'changes'} of a register is not in it.`,
  },
  generator: {
    waiting: 'Waiting',
    waitingExplain:
      'The meter is read; a pulse of generation is awaited (at night, or while it stands, this is 0 W).',
    kind: { pv: 'Photovoltaic', 'fuel-cell': 'Fuel cell' },
    power: 'Power now',
    today: 'Energy today',
    since: (moment) => `since ${moment}`,
    todayMissing: 'Nothing was measured today, or the register fell and nobody has said why.',
    register: 'Register',
    unknown: 'Unknown',
  },
  problems: problemsEn,
  signIn: {
    title: 'Sign in',
    explain: 'This gateway asks for the operator token.',
    token: 'Operator token',
    submit: 'Sign in',
    busy: 'Checking',
    'wrong-token': 'Wrong token. Enter the one your administrator gave you.',
    'too-many': 'Too many attempts. Wait a while, then try again.',
    unreachable: 'The gateway cannot be reached. Check that it runs, then try again.',
  },
};
