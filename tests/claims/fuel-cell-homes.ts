import type { Entry } from '../../gateway/programme/entry.ts';

/** Two homes with a fuel cell each, read at midnight: so much of everything a day, all year. */
const dayMs = 24 * 60 * 60_000;
const april = Date.parse('2026-04-01T00:00:00+09:00');
/** In a file, from what to what. */
export type Change = readonly [string, string | RegExp, string];

type Item = 'generated' | 'sold' | 'gas' | 'heat';
const items: readonly Item[] = ['generated', 'sold', 'gas', 'heat'];
const quantities = { generated: 'generated', sold: 'exported', gas: 'gas', heat: 'heat' } as const;

export const cells = [
  { id: 'x', aDay: { generated: 14_400, sold: 2_400, gas: 2_400, heat: 45_000 } },
  { id: 'y', aDay: { generated: 7_000, sold: 1_000, gas: 1_700, heat: 9_000 } },
] as const;

const day = 'reportingPeriodSeconds: 86400';
// What was valid before the year enters nothing.
const settings = `fuelCell: { fuel: town-gas, validFrom: '2026-04-01', boilerEfficiency: { value: 0.9, document: 計画書, page: '1' },
  heatingValue: { gjPer1000Nm3: 45, document: 計画書, page: '2' },
  gasMeter: { temperatureC: 15, gaugePressureKpa: 2, document: 計画書, page: '3' },
  earlier: [{ boilerEfficiency: { value: 0.8, document: 旧計画書, page: '1' },
    heatingValue: { gjPer1000Nm3: 46, document: 旧計画書, page: '2' },
    gasMeter: { temperatureC: 20, gaugePressureKpa: 3, document: 旧計画書, page: '3' } }] }`;
export const sites = `sites: [{ id: minato, generators: [${cells
  .map(
    ({
      id,
    }) => `{ id: ${id}-fc, kind: fuel-cell, device: ${id}, reduction: { ${settings} }, meters: {
  generated: { ${day} }, exported: { ${day} }, heat: { ${day} }, gas: { ${day}, wrapAt: 1000000 } } }`,
  )
  .join(', ')}] }]`;

/** What each register showed: gas at 800,000 on 1 April, so that it wraps in summer; y's heat is silent for ten days. */
export function readingsOf() {
  return cells.flatMap(({ id, aDay }) =>
    items.map((item) => {
      const start = item === 'gas' ? 800_000 : 5_000_000;
      const days = Array.from({ length: 380 }, (_, index) => index - 10);
      const silent = (index: number) => id === 'y' && item === 'heat' && index > 120 && index < 131;
      return {
        register: { site: 'minato', device: id, asset: `${id}-fc`, quantity: quantities[item] },
        readings: days
          .filter((index) => !silent(index))
          .map((index) => {
            const shown = start + index * aDay[item];
            return { at: april + index * dayMs, value: item === 'gas' ? shown % 1_000_000 : shown };
          }),
      };
    }),
  );
}

const cited = { document: 'plan', page: '1' };
const project = {
  methodology: 'EN-S-007',
  fuel: 'town-gas',
  factorRule: 'all-source',
  factorYear: { years: 'of-reduction', ...cited },
  auxiliary: { treatment: 'subtracted', ...cited },
  appliedOn: '2025-12-01',
  from: '2025-12-01',
  to: '2033-03-31',
  payment: { kind: 'participation-fee' },
};

function factors(of: 'fixture' | 'published', more: object): Entry[] {
  const row = { fiscalYear: 2026, class: of, document: 'tests', version: '1', page: '1', ...more };
  const electricity = { symbol: 'C_a', value: '0.0005', unit: 't-CO2/kWh', end: 'receiving' };
  const gas = { symbol: 'CEF_town_gas', value: '0.05', unit: 't-CO2/GJ', end: 'combustion' };
  return [electricity, gas].map((each) => ({
    kind: 'factor',
    subject: `${of}/2026/${each.symbol}`,
    body: { ...row, ...each },
  }));
}

export function programmeOf(): Entry[] {
  return [
    { kind: 'project', subject: 'cells', body: project },
    ...cells.flatMap(({ id }) => homeOf(id)),
    ...factors('fixture', {}),
  ];
}

function homeOf(id: string): Entry[] {
  const member = {
    project: 'cells',
    kind: 'household',
    appliedOn: '2025-11-20',
    admittedOn: '2025-12-15',
    environmentalValueOwner: 'member',
  };
  const device = {
    member: id,
    kind: 'fuel-cell',
    fuel: 'town-gas',
    maker: 'maker',
    model: 'model',
    serial: `FC-${id}`,
    operationStartedOn: '2025-06-01',
    ratedW: 700,
    gridChargingBattery: false,
    sharedExport: false,
  };
  return [
    { kind: 'member', subject: id, body: member },
    { kind: 'device', subject: `${id}-fc`, body: device },
    ...items.map((item) => meterEntry(id, item)),
  ];
}

export function meterEntry(id: string, item: Item, more = {}): Entry {
  const body = {
    member: id,
    device: `${id}-fc`,
    item,
    register: `minato/${id}-fc/${quantities[item]}`,
    serial: `${id}-${item}`,
    class: 'B',
    evidence: { kind: 'specified', markExpires: '2031-05-31' },
    pulses: false,
    from: '2025-12-01',
    ...more,
  };
  return { kind: 'meter', subject: `${id}-${item}`, body };
}

/** What a person says who has read the text of the methodology, and the year's factors. */
export function published(): Entry[] {
  const read = { methodology: 'EN-S-007', document: '方法論 EN-S-007', version: '1', page: '4' };
  return [
    { kind: 'methodology-confirmation', subject: 'EN-S-007', body: read },
    ...factors('published', { verifiedBy: 'tests', verifiedOn: '2026-05-01' }),
  ];
}
