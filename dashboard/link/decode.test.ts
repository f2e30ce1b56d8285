import fc from 'fast-check';
import { expect, test } from 'vitest';
import { samplePlant } from '../plant/plant.sample.ts';
import { decodeHistory, decodePlant, mostHistoryPoints } from './decode.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every path to a value inside, such as `packs.0.hydrogen.totalKg`. */
function pathsIn(value: Json, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, child]) => pathsIn(child, [...path, key]));
  return path.length === 0 ? inside : [path, ...inside];
}

function replaced(value: Json, path: readonly string[], by: Json | undefined): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, child]): [string, Json][] => {
    const next = name === key ? replaced(child, rest, by) : child;
    return next === undefined ? [] : [[name, next]];
  });
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

const plant: Json = JSON.parse(JSON.stringify(samplePlant));
const paths = pathsIn(plant);
const anyPath = fc.constantFrom(...paths);
const isListItem = (path: readonly string[]): boolean => /^\d+$/.test(path.at(-1) ?? '');

test('a plant as the contract describes it is read as it is', () => {
  expect(decodePlant(JSON.stringify(samplePlant))).toEqual(samplePlant);
});

test('keys of a newer gateway do no harm', () => {
  const newer = { ...samplePlant, weather: { sun: true } };
  expect(decodePlant(JSON.stringify(newer))?.at).toBe(samplePlant.at);
});

test('a plant that lacks any one key is refused', () => {
  const keyed = paths.filter((path) => !isListItem(path));
  expect(keyed.length).toBeGreaterThan(50);
  for (const path of keyed) {
    expect(decodePlant(JSON.stringify(replaced(plant, path, undefined))), path.join('.')).toBe(
      undefined,
    );
  }
});

test('a plant with a value of another kind anywhere is refused', () => {
  for (const path of paths) {
    const wrong = JSON.stringify(replaced(plant, path, { unexpected: [] }));
    expect(decodePlant(wrong), path.join('.')).toBe(undefined);
  }
});

test('numbers that are none are refused', () => {
  const absurd = JSON.stringify(samplePlant).replace('"pressureMpa":10', '"pressureMpa":1e999');
  expect(absurd).toContain('1e999');
  expect(decodePlant(absurd)).toBe(undefined);
});

test('nothing that arrives makes decoding throw', () => {
  fc.assert(fc.property(fc.anything(), (data) => void [decodePlant(data), decodeHistory(data)]));
  fc.assert(fc.property(fc.string(), (data) => void [decodePlant(data), decodeHistory(data)]));
  fc.assert(
    fc.property(anyPath, fc.jsonValue(), (path, value) => {
      decodePlant(JSON.stringify(replaced(plant, path, JSON.parse(JSON.stringify(value)))));
    }),
  );
});

const point = {
  at: 1,
  measuredAt: 1,
  pressureMpa: 10,
  temperatureC: 20,
  totalKg: 11.8,
  usableKg: 10.4,
  expandedUncertaintyKg: 0.3,
  usableExpandedUncertaintyKg: 0.3,
  quality: 'good',
};
const historyOf = (items: unknown): string => JSON.stringify({ items });

test('a history is a bounded list of points', () => {
  expect(decodeHistory(historyOf([point]))).toEqual([point]);
  expect(decodeHistory(historyOf([{ ...point, quality: 'fine' }]))).toBe(undefined);
  const long = Array.from({ length: mostHistoryPoints + 1 }, () => point);
  expect(decodeHistory(historyOf(long.slice(1)))?.length).toBe(mostHistoryPoints);
  expect(decodeHistory(historyOf(long))).toBe(undefined);
});
