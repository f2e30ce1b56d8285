import fc from 'fast-check';
import { expect, test } from 'vitest';
import { whySchema } from '#device/contract';
import { livePlantSchema, type LivePlant, noticeSchema } from '#gateway/contract';
import { decodePlant } from '../../dashboard/link/decode.ts';
import { en } from '../../dashboard/texts/en.ts';
import { ja } from '../../dashboard/texts/ja.ts';
import { parseConfig } from '../../gateway/config/load.ts';
import { configuredPack, noStatements } from '../../gateway/derive/pack.ts';
import { emptyLedger } from '../../gateway/hydrogen/ledger/state.ts';
import type { StoredReading } from '../../gateway/store/port.ts';
import { showGenerator } from '../../gateway/view/generators.ts';
import { Latest } from '../../gateway/view/latest.ts';
import { showPack } from '../../gateway/view/packs.ts';

/** The page checks what it hears by hand (it may not carry zod): whatever the gateway shows, it must understand. */
const [site] = parseConfig(
  `sites: [{ id: keihin, packs: [{ id: pack-1, device: pi-1, cylinders: 30, cylinderLitres: 50 }],
             generators: [{ id: pv-1, kind: pv, device: pi-1 }] }]`,
  'gateway.yaml',
  {},
).sites;
const now = Date.UTC(2026, 3, 1);
/** Nobody stated anything, and nothing was followed over time. */
const untold = {
  ledger: emptyLedger,
  statements: noStatements,
  segmentResolved: true,
  delivery: null,
  calibrationId: undefined,
  siteM3: 0,
  alarms: [],
};

const reading = fc.record({
  quantity: fc.constantFrom('pressure', 'temperature', 'power', 'generated'),
  at: fc.integer({ min: now - 300_000, max: now + 60_000 }),
  value: fc.option(fc.integer({ min: -20, max: 90 })),
  quality: fc.constantFrom('good', 'uncertain', 'bad'),
  why: fc.constantFrom(...whySchema.options, null),
} as const);

function shown(
  readings: readonly Pick<StoredReading, 'quantity' | 'at' | 'value' | 'quality' | 'why'>[],
): LivePlant {
  const latest = new Latest();
  for (const each of readings) {
    const asset =
      each.quantity === 'pressure' || each.quantity === 'temperature' ? 'pack-1' : 'pv-1';
    const origin = {
      site: 'keihin',
      device: 'pi-1',
      asset,
      stream: 's',
      seq: 1,
      receivedAt: now,
    } as const;
    latest.observe({ ...origin, ...each, raw: null, clock: 'synced' });
  }
  return {
    at: now,
    packs: (site?.packs ?? []).map((pack) =>
      showPack(configuredPack('keihin', pack), latest, now, untold),
    ),
    generators: (site?.generators ?? []).map((config) =>
      showGenerator({ site: 'keihin', config }, latest, undefined, now),
    ),
    alarms: [],
    problems: noticeSchema.shape.kind.options.map((kind) => ({ kind, subject: 'x', detail: 'y' })),
  };
}

test('whatever the gateway shows fits its own schema, and the page reads it unchanged', () => {
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 8 }), (readings) => {
      const plant = shown(readings);
      expect(livePlantSchema.parse(plant)).toEqual(plant);
      expect(decodePlant(JSON.stringify(plant))).toEqual(plant);
    }),
  );
});

test('the page has words for every notice and every assumed value, in both languages', () => {
  const { packs, problems } = shown([]);
  for (const texts of [ja, en]) {
    for (const { kind } of problems) expect(texts.problems.say[kind]('7')).toBeTruthy();
    for (const { field, value } of packs.flatMap(({ assumed }) => assumed))
      expect(texts.pack.assumedValue[field](value)).toBeTruthy();
  }
});
