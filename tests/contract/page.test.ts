import fc from 'fast-check';
import { expect, test } from 'vitest';
import { whySchema } from '#device/contract';
import {
  acknowledgeRequestSchema,
  alarmSchema,
  batchRequestSchema,
  calibrationRequestSchema,
  deliveryRequestSchema,
  deliveryReturnRequestSchema,
  drawRequestSchema,
  gaugeReadingRequestSchema,
  livePlantSchema,
  type LivePlant,
  noticeSchema,
  packSchema,
  resolutionRequestSchema,
  shelveRequestSchema,
} from '#gateway/contract';
import { decodePlant } from '../../dashboard/link/decode.ts';
import { en } from '../../dashboard/texts/en.ts';
import { ja } from '../../dashboard/texts/ja.ts';
import { sampleAlarm, samplePack } from '../../dashboard/plant/plant.sample.ts';
import { alarmFields } from '../../dashboard/work/alarm-fields.ts';
import { type Field, readFields } from '../../dashboard/work/fields.ts';
import {
  batchFields,
  calibrationFields,
  deliveryFields,
  drawFields,
  gaugeFields,
  resolutionFields,
  returnFields,
} from '../../dashboard/work/forms.ts';
import { randomId } from '../../dashboard/work/request-id.ts';
import { ja as words } from '../../dashboard/work/words/ja.ts';
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
      showGenerator({ site: 'keihin', config }, latest, null, now),
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

test('the page shows alarms in every phase, and words stand for every state of consumption', () => {
  const { priority, phase } = alarmSchema.shape;
  for (const texts of [ja, en]) {
    for (const each of priority.options) expect(texts.alarms.priority[each]).toBeTruthy();
    for (const each of phase.options) expect(texts.alarms.phase[each]).toBeTruthy();
  }
  expect(alarmSchema.parse(sampleAlarm)).toEqual(sampleAlarm);
  expect(packSchema.parse(samplePack)).toEqual(samplePack);
});

/** A form filled in: whatever it begins with stays, the rest gets something of its kind. */
function filledIn(fields: readonly Field[]): Record<string, unknown> {
  const typed = {
    number: '1.5',
    count: '30',
    text: 'YN-0142',
    time: '2026-04-01T12:00',
    person: '佐藤',
  } as const;
  const values = fields.map(({ name, kind, first, options }) => {
    const chosen = kind === 'choice' ? (options?.at(-1)?.[0] ?? '') : typed[kind];
    return [name, first ?? chosen] as const;
  });
  const read = readFields(fields, Object.fromEntries(values));
  if (read.kind !== 'body') throw new Error(`mistakes: ${JSON.stringify(read.mistakes)}`);
  return read.body;
}

const by: Field = { name: 'by', kind: 'person', label: 'by' };
const points = [
  { shownMpa: 0, referenceMpa: 0 },
  { shownMpa: 10.02, referenceMpa: 10 },
];
const resolutions = ['drawn', 'loss', 'closed-cylinders', 'same'];

test.each([
  ['gauge reading', gaugeReadingRequestSchema, gaugeFields(words, now), {}],
  ['delivery', deliveryRequestSchema, deliveryFields(words, samplePack, now, now), {}],
  [
    'delivery of a change',
    deliveryRequestSchema,
    deliveryFields(words, samplePack, now, now),
    { segmentAt: now },
  ],
  ['return', deliveryReturnRequestSchema, returnFields(words, now), {}],
  ['draw', drawRequestSchema, drawFields(words, now), {}],
  ['batch', batchRequestSchema, batchFields(words, now), {}],
  ['calibration', calibrationRequestSchema, calibrationFields(words, now), { points }],
  ...resolutions.map(
    (what) =>
      [
        `resolution ${what}`,
        resolutionRequestSchema,
        resolutionFields(words, what),
        { what },
      ] as const,
  ),
] as const)('a filled form is a request the contract takes: %s', (_, schema, fields, more) => {
  const request = { id: randomId(), ...filledIn([...fields, by]), ...more };
  expect(schema.safeParse(request).error?.issues).toBeUndefined();
});

test('so are those about alarms', () => {
  const request = (act: 'acknowledge' | 'shelve') => ({
    id: sampleAlarm.id,
    ...filledIn([...alarmFields(act, words, now), by]),
  });
  expect(acknowledgeRequestSchema.safeParse(request('acknowledge')).success).toBe(true);
  expect(shelveRequestSchema.safeParse(request('shelve')).success).toBe(true);
});
