import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadScenario, parseScenario, firstWorld, worldSetup } from './scenario.ts';
import { gaugeMpaOf } from '../world/world.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const samples = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));

test('there are samples', () => {
  expect(samples.length).toBeGreaterThan(1);
});

test.each(samples)('the sample %s is valid and describes a world that can begin', async (name) => {
  const scenario = await loadScenario(`${folder}${name}`);
  const startMs = Date.parse('2026-06-21T00:00:00+09:00');
  const pressureMpa = gaugeMpaOf(worldSetup(scenario), firstWorld(scenario, startMs));
  expect(pressureMpa).toBeCloseTo(scenario.pack.startsAtMpa ?? pressureMpa, 6);
  expect(pressureMpa).toBeGreaterThan(scenario.pack.exchangeAtMpa);
});

test('keihin.yaml spells out the defaults', async () => {
  const text = await readFile(`${folder}keihin.yaml`, 'utf8');
  expect(parseScenario(text, 'keihin.yaml')).toEqual(parseScenario('', 'nothing'));
});

test('relative folders are taken from the file’s own', async () => {
  const scenario = await loadScenario(`${folder}inexact-instruments.yaml`);
  expect(scenario.data).toBe(`${folder}world`);
  expect(scenario.thermometer?.directory).toBe(`${folder}w1`);
});

test('every mistake is told at once, with its path and value', () => {
  const text = [
    'speed: fast',
    'colour: red',
    'pack: { openCylinders: 0, draw: { batchMinutes: 70 } }',
    'meter: { pulsesPerKwh: 7777 }',
    'loops: { pressure: { rangeMpa: [40, 0] } }',
    'listen: "/dev/ttyUSB0"',
  ].join('\n');
  const message = ((): string => {
    try {
      parseScenario(text, 'bad.yaml');
    } catch (error) {
      return String(error);
    }
    return 'no mistake was found';
  })();
  for (const part of [
    'bad.yaml cannot be used',
    'speed: ',
    '(given: "fast")',
    'colour: unknown key',
    'pack.openCylinders: ',
    'pack.draw.batchMinutes: must not be longer than cycleMinutes',
    'meter.pulsesPerKwh: must divide',
    'loops.pressure.rangeMpa: a range is [low, high]',
    'listen: write tcp://127.0.0.1:3030',
  ])
    expect(message).toContain(part);
});

test('classes describe the whole chain: its volume too, and no second accuracy beside them', () => {
  const classes = parseScenario('classes: { thermometer: pt100-a, placement: wall }', 'test');
  expect(classes.classes).toMatchObject({ classPercent: 0.5, thermometer: 'pt100-a' });
  const litres = worldSetup(classes).pack.cylinderLitres;
  expect(Math.abs(litres / 50 - 1)).toBeLessThan(0.01);
  expect(litres).not.toBe(50);
  expect(worldSetup(parseScenario('', 'test')).pack.cylinderLitres).toBe(50);
  expect(() =>
    parseScenario('classes: {}\nloops: { pressure: { accuracyPercent: 0.5 } }', 'bad.yaml'),
  ).toThrow('loops.pressure.accuracyPercent: the chain is described by classes');
});

test('what is no YAML and what is no file is told as such', async () => {
  expect(() => parseScenario('speed: [1', 'torn.yaml')).toThrow('torn.yaml is not YAML');
  await expect(loadScenario('/nowhere/x.yaml')).rejects.toThrow(
    '--config /nowhere/x.yaml: cannot be read',
  );
});
