import { describe, expect, test } from 'vitest';
import { parseConfig } from '../config/load.ts';
import { configuredPack, noStatements } from '../derive/pack.ts';
import { emptyLedger } from '../hydrogen/ledger/state.ts';
import type { StoredReading } from '../store/port.ts';
import { Latest } from './latest.ts';
import { type PackContext, showPack } from './packs.ts';

const text =
  'sites: [{ id: keihin, packs: [{ id: pack-1, device: pi-1, cylinders: 30, cylinderLitres: 50 }] }]';
const [config] = parseConfig(text, 'gateway.yaml', {}).sites.flatMap(({ packs }) => packs);
if (config === undefined) throw new Error('no pack');
const pack = configuredPack('keihin', config);
const now = Date.UTC(2026, 3, 1);
const context: PackContext = {
  ledger: emptyLedger,
  statements: noStatements,
  segmentResolved: true,
  delivery: null,
  calibrationId: undefined,
  siteM3: 295.5,
  alarms: [],
};

function reading(
  quantity: 'pressure' | 'temperature',
  value: number | null,
  changes: Partial<StoredReading> = {},
): StoredReading {
  return {
    site: 'keihin',
    device: 'pi-1',
    asset: 'pack-1',
    quantity,
    at: now - 500,
    value,
    raw: null,
    quality: value === null ? 'bad' : 'good',
    why: value === null ? 'loop-open' : null,
    clock: 'synced',
    stream: 's',
    seq: 1,
    receivedAt: now,
    ...changes,
  };
}

function show(...readings: StoredReading[]) {
  const latest = new Latest();
  for (const item of readings) latest.observe(item);
  return showPack(pack, latest, now, context);
}

test('a good reading becomes kilograms', () => {
  const shown = show(reading('pressure', 10), reading('temperature', 20));
  expect(shown).toMatchObject({ quality: 'good', pressureMpa: 10, temperatureC: 20, ageMs: 500 });
  expect(shown.hydrogen?.totalKg).toBeCloseTo(11.8062, 4);
  expect(shown).not.toHaveProperty('why');
});

describe('unknown is shown as unknown', () => {
  test('a cut loop is a null with its reason, never 0 and never the last good value', () => {
    const shown = show(
      reading('pressure', 10, { at: now - 2000 }),
      reading('pressure', null),
      reading('temperature', 20),
    );
    expect(shown).toMatchObject({
      quality: 'bad',
      why: 'loop-open',
      pressureMpa: null,
      hydrogen: null,
    });
  });

  test('without a temperature the pressure is shown and the mass is not', () => {
    const broken = reading('temperature', null, { why: 'bus-error' });
    expect(show(reading('pressure', 10), broken)).toMatchObject({
      pressureMpa: 10,
      hydrogen: null,
      quality: 'bad',
      why: 'bus-error',
      temperature: { quality: 'bad', why: 'bus-error' },
    });
  });

  test('too old is stale', () => {
    const old = { at: now - 11_000 };
    expect(show(reading('pressure', 10, old), reading('temperature', 20, old))).toMatchObject({
      quality: 'bad',
      why: 'stale',
      pressureMpa: null,
      measuredAt: now - 11_000,
      ageMs: 11_000,
    });
  });

  test('nothing ever measured', () => {
    expect(show()).toMatchObject({
      quality: 'bad',
      why: 'no-data',
      measuredAt: null,
      ageMs: null,
      hydrogen: null,
    });
  });

  test('a pressure the equation does not reach', () => {
    expect(show(reading('pressure', 75), reading('temperature', 20))).toMatchObject({
      quality: 'bad',
      why: 'out-of-range',
      hydrogen: null,
    });
  });
});

test('while a person’s reading stands in for a silent transmitter, its last flow is not shown as going on', () => {
  const kg = (at: number) => 12 - (now - at) / 3_600_000;
  const points = Array.from({ length: 180 }, (_, index) => {
    const at = now - (360 - index) * 60_000;
    return { at, pressureMpa: 10, temperatureC: 20, kg: kg(at) };
  });
  const [start, last] = [points[0], points.at(-1)];
  if (start === undefined || last === undefined) throw new Error('no points');
  const flow = { state: 'steady', kgPerHour: 1, uncertaintyKgPerHour: 0.02, windowMs: 3_600_000 };
  const segment = { kind: 'first', at: start.at, start, last, before: null } as const;
  const ledger = {
    ...emptyLedger,
    at: last.at,
    points,
    segment: { ...segment, openCylinders: 30, calibratedAt: null, meteredG: null },
    flow: { ...flow, state: 'steady' as const },
  };
  const latest = new Latest();
  const at = last.at;
  for (const item of [reading('pressure', 10, { at }), reading('temperature', 20, { at })]) {
    latest.observe(item);
    latest.observe({ ...item, device: 'manual', at: now - 60_000 });
  }
  const shown = showPack(pack, latest, now, { ...context, ledger });
  expect(shown).toMatchObject({
    source: 'manual',
    pressureMpa: 10,
    consumption: { state: 'unknown', kgPerHour: null },
    timeToStopHours: null,
  });
});

test('a closed cylinder is out of the mass, and counts towards the legal quantity', () => {
  const latest = new Latest();
  latest.observe(reading('pressure', 10));
  latest.observe(reading('temperature', 20));
  const cylinders = [{ fromMs: 0, open: 15 }];
  const statements = { ...noStatements, cylinders };
  const shown = showPack(pack, latest, now, { ...context, statements });
  expect(shown.hydrogen?.totalKg).toBeCloseTo(11.8062 / 2, 4);
  expect(shown.legal.packM3).toBeCloseTo(295.5, 9);
});

test('backlog never moves the picture backwards', () => {
  const shown = show(
    reading('pressure', 10),
    reading('temperature', 20),
    reading('pressure', 19, { at: now - 5000 }),
  );
  expect(shown.pressureMpa).toBe(10);
});
