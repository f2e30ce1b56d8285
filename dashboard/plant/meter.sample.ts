import type { Meter, ShownRegisterEvent } from '#gateway/contract';
import { sampleAtMs } from './plant.sample.ts';

export const sampleEvent: ShownRegisterEvent = {
  id: `keihin.pv-1.generated.${sampleAtMs - 60_000}`,
  meter: 'keihin/pv-1/generated',
  at: sampleAtMs - 60_000,
  kind: 'fall',
  before: 1_234_000,
  beforeAt: sampleAtMs - 120_000,
  after: 567,
  resolution: null,
};

export const sampleMeter: Meter = {
  meter: 'keihin/pv-1/generated',
  name: '屋上太陽光',
  device: 'pi-1',
  identity: {
    maker: 'オムロン',
    model: 'KM-N1',
    serial: '0042',
    saidSerial: '0042',
    wrapAt: 1_000_000_000,
    ratedW: 5_000,
    class: 'A',
  },
  evidence: { kind: 'specified', markExpires: '2026-05-31', mark: 'soon' },
  reportingPeriod: { seconds: 300, assumed: false },
  registerWh: 1_234_567,
  readAt: sampleAtMs - 20_000,
  today: { wh: 12_345, since: sampleAtMs - 12 * 3_600_000, until: sampleAtMs - 20_000 },
  halfHour: { start: sampleAtMs - 600_000, wh: 123, coveredSeconds: 580 },
  month: { start: sampleAtMs - 12 * 3_600_000, wh: 12_345, coveredSeconds: 43_180 },
  fiscalYear: { start: sampleAtMs - 12 * 3_600_000, wh: 12_345, coveredSeconds: 43_180 },
  openEvents: [],
  openEventCount: 0,
};
