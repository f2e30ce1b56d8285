import { expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../config/load.ts';
import { configuredMeters } from './meter.ts';
import { configuredReductions } from './reduction-plan.ts';

function plans(site: string) {
  const config = parseConfig(`sites: [{ id: a, ${site} }]`, 'gateway.yaml', {});
  return configuredReductions(config, configuredMeters(config)).map((plan) => ({
    registers: plan.registers.map(({ item, meter }) => `${item} ${meter.key}`),
    reasons: plan.conditions.obstacles.map(({ reason }) => reason),
    doubts: plan.doubts.map(({ reason }) => reason),
    soldKnown: plan.soldKnown,
  }));
}

const grid = 'meters: [{ id: grid-1, device: d, quantities: [imported, exported] }]';
const pv = (more = '') => `{ id: pv-1, kind: pv, device: d ${more} }`;
const fuelCell = (more = '') => `{ id: fc-1, kind: fuel-cell, device: d ${more} }`;

test('what is sold: its own register, the only export meter of a generator that is alone, or nothing', () => {
  const [own] = plans(`generators: [${pv(', meters: { exported: {}, auxiliary: {} }')}], ${grid}`);
  expect(own?.registers).toEqual([
    'generated a/pv-1/generated',
    'sold a/pv-1/exported',
    'auxiliary a/pv-1/auxiliary',
  ]);
  expect(own).toMatchObject({ reasons: [], doubts: ['no-evidence', 'no-evidence', 'no-evidence'] });
  const [alone] = plans(`generators: [${pv()}], ${grid}`);
  expect(alone?.registers).toContain('sold a/grid-1/exported');
  const [none] = plans(`generators: [${pv(', reduction: { sold: none }')}], ${grid}`);
  expect(none).toMatchObject({ registers: ['generated a/pv-1/generated'], soldKnown: true });
  const [unknown] = plans(`generators: [${pv()}]`);
  expect(unknown).toMatchObject({ reasons: ['sold-unknown'], soldKnown: false });
});

test('two generators behind one export meter: neither is credited, until both are told apart', () => {
  expect(plans(`generators: [${pv()}, ${fuelCell()}], ${grid}`)).toMatchObject([
    { reasons: ['shared-export'] },
    { reasons: ['no-heat', 'shared-export'] },
  ]);
  const named = ', reduction: { sold: { meter: grid-1 } }';
  const [one] = plans(`generators: [${pv(named)}, ${fuelCell()}], ${grid}`);
  expect(one?.reasons).toEqual(['shared-export']);
  const [both] = plans(`generators: [${pv(named)}, ${fuelCell(named)}], ${grid}`);
  expect(both?.reasons).toEqual(['shared-export']);
  const [told] = plans(
    `generators: [${pv(named)}, ${fuelCell(', reduction: { sold: none }')}], ${grid}`,
  );
  expect(told).toMatchObject({ reasons: [], soldKnown: true });
});

test('flags and evidence: what is withheld, and what only makes it provisional', () => {
  const flags = 'reduction: { sold: none, gridChargingBattery: true, auxiliary: incidental }';
  const [flagged] = plans(`generators: [${pv(`, ${flags}, meters: { auxiliary: {} }`)}]`);
  expect(flagged).toMatchObject({
    registers: ['generated a/pv-1/generated'],
    reasons: ['grid-charging-battery'],
    doubts: ['no-evidence', 'auxiliary-incidental'],
  });
  const evidence = "{ evidence: { kind: specified, markExpires: '2031-05-31' }, class: B }";
  const sold = `reduction: { sold: none }, meters: { generated: ${evidence} }`;
  const [marked] = plans(`generators: [${pv(`, ${sold}`)}]`);
  expect(marked).toMatchObject({ reasons: ['mark-expired'], doubts: ['auxiliary-not-metered'] });
});

const settings = `fuelCell: { fuel: lpg, boilerEfficiency: { value: 0.9, document: d, page: '1' },
  heatingValue: { gjPer1000Nm3: 99.5, document: d, page: '2' },
  gasMeter: { temperatureC: 15, gaugePressureKpa: 2, document: d, page: '3' } }`;

test('a fuel cell: gas and heat are of its formula once all of it is there', () => {
  const meters = 'meters: { gas: {}, heat: {} }';
  const [whole] = plans(
    `generators: [${fuelCell(`, ${meters}, reduction: { sold: none, ${settings} }`)}]`,
  );
  expect(whole).toMatchObject({
    registers: ['generated a/fc-1/generated', 'gas a/fc-1/gas', 'heat a/fc-1/heat'],
    reasons: [],
  });
  const [bare] = plans(`generators: [${fuelCell(`, ${meters}, reduction: { sold: none }`)}]`);
  expect(bare).toMatchObject({
    registers: ['generated a/fc-1/generated'],
    reasons: ['no-fuel-terms'],
  });
});

test('mistakes of the configuration are named with their place', () => {
  const mistakes = (reduction: string): readonly string[] => {
    try {
      plans(
        `generators: [${pv(`, reduction: { ${reduction} }`)}], meters: [{ id: m, quantities: [imported] }]`,
      );
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.mistakes;
      throw error;
    }
  };
  const place = 'sites.0.generators.0.reduction';
  for (const [text, path, said] of [
    ['sold: { meter: nowhere }', `${place}.sold.meter`, 'no meter of this site'],
    ['sold: { meter: m }', `${place}.sold.meter`, 'no register "exported"'],
    ['factorRule: transitional', `${place}.operationStartedOn`, 'operation started'],
    ['operationStartedOn: soon', `${place}.operationStartedOn`, 'is a date'],
    ['batery: true', `${place}.batery`, 'unknown key'],
    [settings, `${place}.fuelCell`, 'of fuel cells alone'],
  ] as const) {
    const found = mistakes(text);
    expect(found, text).toHaveLength(1);
    expect(found[0]).toContain(path);
    expect(found[0]).toContain(said);
  }
  const wrong = settings.replace('0.9', '1.1').replace("page: '3'", "leaf: '3'");
  const found = mistakes(wrong).join('\n');
  for (const path of ['boilerEfficiency.value', 'gasMeter.page', 'gasMeter.leaf'])
    expect(found).toContain(`${place}.fuelCell.${path}`);
});
