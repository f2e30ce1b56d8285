import type { Alarm, Generator, LivePlant, Pack } from '#gateway/contract';

/** What tests start from: a plant in which everything is good, at 2026-04-01T12:00:00+09:00. */
export const sampleAtMs = Date.parse('2026-04-01T12:00:00+09:00');

export const samplePack: Pack = {
  id: 'pack-1',
  name: '第1カードル',
  site: 'keihin',
  source: 'transmitter',
  measuredAt: sampleAtMs - 800,
  ageMs: 800,
  quality: 'good',
  pressureMpa: 10,
  temperatureC: 20,
  temperature: { measuredAt: sampleAtMs - 1_500, ageMs: 1_500, quality: 'good' },
  fillingPressureMpa: 19.6,
  residualPressureMpa: 1,
  cylinders: 30,
  openCylinders: 30,
  hydrogen: {
    totalKg: 11.8062,
    usableKg: 10.4488,
    usableBeforeStopKg: 10.1,
    residualKg: 1.35742,
    expandedUncertaintyKg: 0.31,
    usableExpandedUncertaintyKg: 0.28,
    usableBeforeStopExpandedUncertaintyKg: 0.27,
    residualExpandedUncertaintyKg: 0.12,
    normalCubicMetres: 131.35,
    equation: 'NIST 2008',
  },
  stopPressureMpa: 1.28,
  nameplate: { totalKg: 26.8, usableKg: 25.1, physical: false },
  fullReferenceKg: 20.41,
  consumption: {
    kgPerHour: 0.541,
    expandedUncertaintyKgPerHour: 0.048,
    state: 'steady',
    windowMinutes: 30,
  },
  timeToStopHours: { estimate: 18.7, low: 15.2, high: 22.9, kgPerHour: 0.54, basisHours: 6 },
  isolatedSince: null,
  segment: {
    at: sampleAtMs - 50 * 3_600_000,
    kind: 'return',
    beforeKg: 3.2,
    startKg: 20.1,
    resolved: true,
    drawn: { kg: 8.3, expandedUncertaintyKg: 0.36 },
  },
  delivery: {
    id: 'delivery-7',
    serial: 'YN-0142',
    origin: 'yamanashi',
    arrivedAt: sampleAtMs - 52 * 3_600_000,
    drawn: { kg: 8.3, expandedUncertaintyKg: 0.36 },
  },
  calibration: {
    id: 'calibration-3',
    validUntil: sampleAtMs + 90 * 24 * 3_600_000,
    expired: false,
  },
  legal: { packM3: 295.5, siteM3: 295.5, thresholdM3: 300, siteAtThreshold: false },
  assumed: [{ field: 'transmitter.classPercent', value: '0.5' }],
  alarms: [],
};

const sampleGenerator: Generator = {
  id: 'pv-1',
  name: '屋上太陽光',
  site: 'keihin',
  kind: 'pv',
  measuredAt: sampleAtMs - 20_000,
  ageMs: 20_000,
  quality: 'good',
  powerW: 3_421,
  generatedWh: 1_234_567,
  today: { wh: 12_345, since: sampleAtMs - 12 * 3_600_000, until: sampleAtMs - 20_000 },
  reduction: {
    methodology: 'EN-R-002',
    todayKg: '3.579764',
    fiscalYear: 2026,
    fiscalYearKg: '1234.5',
    until: sampleAtMs - 600_000,
    provisional: [{ reason: 'factor-of-another-year', detail: 'C_a 2021' }],
    withheld: null,
  },
};

export const sampleAlarm: Alarm = {
  id: 'keihin/pack-1/stop',
  site: 'keihin',
  subject: 'pack-1',
  kind: 'stop',
  priority: 'urgent',
  title: { ja: '停止圧力に達しました', en: 'Stop pressure reached' },
  phase: 'active-unacknowledged',
  occurrence: 'stop-17',
  raisedAt: sampleAtMs - 600_000,
  clearedAt: null,
  acknowledged: null,
  shelf: null,
  observable: true,
  value: 1.21,
  threshold: 1.28,
  unit: 'MPa',
  detail: 'pressure 1.21 MPa is below the stop pressure 1.28 MPa',
  cause: null,
};

export const samplePlant: LivePlant = {
  at: sampleAtMs,
  sites: [{ id: 'keihin', name: '京浜島製造所' }],
  packs: [samplePack],
  generators: [sampleGenerator],
  alarms: [sampleAlarm],
  problems: [],
};

export const packWithoutPressure: Pack = {
  ...samplePack,
  quality: 'bad',
  why: 'loop-open',
  pressureMpa: null,
  hydrogen: null,
};
