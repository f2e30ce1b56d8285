import { expect, test } from 'vitest';
import { type Meter, meterSchema, siteEnergySchema } from '#gateway/contract';
import { siteEnergy } from './energy-balance.ts';

const start = Date.parse('2026-04-01T00:00:00+09:00');
const readAt = start + 10 * 3_600_000;

function meter(name: string, wh: number, changes: Partial<Meter> = {}): Meter {
  const total = { start, wh, coveredSeconds: 36_000 };
  const identity = { maker: null, model: null, serial: null, saidSerial: null };
  return meterSchema.parse({
    meter: name,
    name,
    reportingPeriod: { seconds: 300, assumed: true },
    device: 'pi-1',
    identity: { ...identity, wrapAt: null, ratedW: null, class: null },
    evidence: null,
    registerWh: 1_000_000,
    readAt,
    today: { wh, since: start, until: readAt },
    halfHour: { start: readAt - 900_000, wh: Math.floor(wh / 100), coveredSeconds: 900 },
    month: total,
    fiscalYear: total,
    openEvents: [],
    openEventCount: 0,
    ...changes,
  });
}

const plant = [
  meter('keihin/pv-1/generated', 9_000),
  meter('keihin/pv-1/imported', 40),
  meter('keihin/fc-1/generated', 2_000, { openEventCount: 2 }),
  meter('keihin/grid-1/exported', 3_000),
  meter('keihin/grid-1/imported', 700),
  meter('urayasu/pv-1/generated', 500),
  meter('nowhere/hall-1/consumed', 500),
];

test('each site for itself, with the registers that were added up', () => {
  const sites = siteEnergy(['keihin', 'urayasu', 'nowhere'], plant, readAt + 900_000);
  for (const site of sites) expect(siteEnergySchema.parse(site)).toEqual(site);
  expect(sites).toMatchObject([
    {
      site: 'keihin',
      generatedBy: ['keihin/pv-1/generated', 'keihin/fc-1/generated'],
      exportedBy: ['keihin/grid-1/exported'],
      openEvents: 2,
      halfHour: { generatedWh: 110, exportedWh: 30, selfConsumedWh: 80 },
      today: { generatedWh: 11_000, exportedWh: 3_000, selfConsumedWh: 8_000, until: readAt },
      month: { start, selfConsumedWh: 8_000, coveredPercent: 100 },
      fiscalYear: { start, selfConsumedWh: 8_000 },
    },
    { site: 'urayasu', today: { generatedWh: 500, exportedWh: null, selfConsumedWh: null } },
  ]);
});

test('a generator counts its own export only where no other meter does', () => {
  const own = meter('keihin/pv-1/exported', 1_000);
  const exportedBy = (meters: readonly Meter[]) =>
    siteEnergy(['keihin'], meters, readAt).map((site) => site.exportedBy);
  expect(exportedBy([...plant, own])).toEqual([['keihin/grid-1/exported']]);
  expect(exportedBy([meter('keihin/pv-1/generated', 9_000), own])).toEqual([[own.meter]]);
});

test('what a roof sells is a part of what leaves at the connection, and not counted twice', () => {
  const sold = meter('keihin/sold-1/exported', 1_000);
  const exportedBy = (meters: readonly Meter[]) =>
    siteEnergy(['keihin'], meters, readAt).map((site) => site.exportedBy);
  expect(exportedBy([...plant, sold])).toEqual([['keihin/grid-1/exported']]);
  expect(exportedBy([meter('keihin/pv-1/generated', 9_000), sold])).toEqual([[sold.meter]]);
});

test('a register that was never read leaves its periods unknown', () => {
  const silent = meter('keihin/pv-1/generated', 0, {
    registerWh: null,
    readAt: null,
    today: null,
    halfHour: null,
    month: null,
    fiscalYear: null,
  });
  const [site] = siteEnergy(['keihin'], [silent, meter('keihin/grid-1/exported', 3)], readAt);
  expect(site?.month).toMatchObject({ generatedWh: null, exportedWh: 3, selfConsumedWh: null });
});
