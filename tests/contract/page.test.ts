import fc from 'fast-check';
import { expect, test } from 'vitest';
import { whySchema } from '#device/contract';
import {
  acknowledgeRequestSchema,
  alarmSchema,
  batchRequestSchema,
  calibrationRequestSchema,
  correctionRequestSchema,
  deliveryRequestSchema,
  deliveryReturnRequestSchema,
  drawRequestSchema,
  gaugeReadingRequestSchema,
  livePlantSchema,
  type LivePlant,
  meterReadingRequestSchema,
  meterReadingsTakenSchema,
  meterSchema,
  noticeSchema,
  packSchema,
  registerEventSchema,
  registerResolutionRequestSchema,
  resolutionRequestSchema,
  shelveRequestSchema,
} from '#gateway/contract';
import { decode, decodePlant } from '../../dashboard/link/decode.ts';
import { meterList } from '../../dashboard/link/meter-shape.ts';
import { en } from '../../dashboard/texts/en.ts';
import { ja } from '../../dashboard/texts/ja.ts';
import { sampleEvent, sampleMeter } from '../../dashboard/plant/meter.sample.ts';
import { sampleAlarm, samplePack, samplePlant } from '../../dashboard/plant/plant.sample.ts';
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
import { readMeterReadings } from '../../dashboard/work/meter-answers.ts';
import {
  correctionBody,
  correctionFields,
  meterReadingFields,
  type NamedMeter,
  registerResolutionFields,
} from '../../dashboard/work/meter-fields.ts';
import { randomId } from '../../dashboard/work/request-id.ts';
import { en as englishWords } from '../../dashboard/work/words/en.ts';
import { ja as words } from '../../dashboard/work/words/ja.ts';
import { parseConfig } from '../../gateway/config/load.ts';
import { energyQuantities } from '../../gateway/config/meters.ts';
import { configuredPack, noStatements } from '../../gateway/derive/pack.ts';
import { registerEventSchema as accountedEventSchema } from '../../gateway/energy/event.ts';
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
  const { reduction = null } = samplePlant.generators[0] ?? {};
  return {
    at: now,
    sites: [{ id: 'keihin', name: '京浜島' }],
    packs: (site?.packs ?? []).map((pack) =>
      showPack(configuredPack('keihin', pack), latest, now, untold),
    ),
    generators: (site?.generators ?? []).map((config) =>
      showGenerator({ site: 'keihin', config }, latest, { today: null, reduction }, now),
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
    instant: '2026-04-01T12:00:00.250',
    energy: '12345.6 kWh',
    photo: 'a'.repeat(64),
  } as const;
  const values = fields.map(({ name, kind, first, options }) => {
    const chosen = kind === 'choice' ? (options?.at(-1)?.[0] ?? '') : typed[kind];
    return [name, first === undefined || first === '' ? chosen : first] as const;
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

const meters: readonly NamedMeter[] = [
  ['keihin/pv-1/generated', '屋上太陽光 発電'],
  ['keihin/grid-1/imported', '受電点 受電'],
];

test.each([['one', meters.slice(0, 1)] as const, ['several', meters] as const])(
  'a display reading of %s is one the contract takes',
  (_, known) => {
    const request = filledIn([...meterReadingFields(words, known, now), by]);
    expect(meterReadingRequestSchema.parse(request)).toEqual({
      meter: known.at(-1)?.[0],
      wh: 12_345_600,
      at: now,
      photoSha256: 'a'.repeat(64),
      by: '佐藤',
    });
  },
);

const saidKinds = registerResolutionRequestSchema.options.map(({ shape }) => shape.kind.value);

test.each(saidKinds)('what a person says of a register event is taken: %s', (kind) => {
  const rise = { ...sampleEvent, after: sampleEvent.before + 1 };
  const fields = registerResolutionFields(words, rise, kind);
  const [choice] = fields;
  expect(choice?.options?.map(([value]) => value)).toEqual(saidKinds);
  const request = { ...filledIn([...fields, by]), kind };
  expect(registerResolutionRequestSchema.safeParse(request).error?.issues).toBeUndefined();
  // Every field of the kind is asked for, and none is left out where it was typed.
  const option = registerResolutionRequestSchema.options.find(
    (each) => each.shape.kind.value === kind,
  );
  expect(Object.keys(request).toSorted()).toEqual(Object.keys(option?.shape ?? {}).toSorted());
});

test('a register that fell is not offered as risen', () => {
  const [choice] = registerResolutionFields(words, sampleEvent, '');
  expect(choice?.options?.map(([value]) => value)).not.toContain('real');
});

test.each(['value', 'none'])('a correction is one the contract takes: %s', (outcome) => {
  const wrong = { meter: sampleMeter.meter, at: now + 250, wh: 1_234_567 };
  const typed = filledIn([...correctionFields(words, wrong, outcome), by]);
  const request = correctionBody(wrong.meter, { ...typed, outcome });
  expect(correctionRequestSchema.parse(request)).toMatchObject({
    meter: wrong.meter,
    at: wrong.at,
    before: wrong.wh,
    after: outcome === 'none' ? null : 12_345_600,
  });
});

test('meters, events and readings that the contract allows are read by the page unchanged', () => {
  const meter = { ...sampleMeter, openEvents: [sampleEvent], openEventCount: 1 };
  expect(meterSchema.parse(meter)).toEqual(meter);
  expect(registerEventSchema.parse(sampleEvent)).toEqual(sampleEvent);
  expect(decode(JSON.stringify({ items: [meter] }), meterList)?.items).toEqual([meter]);
  const item = { id: 'r', by: '佐藤', recordedAt: now, meter: meter.meter, at: now, wh: 5 };
  const metered = { at: now, wh: 6, differenceWh: -1, agrees: true };
  const items = [{ ...item, photoSha256: null, metered }];
  expect(meterReadingsTakenSchema.parse({ items })).toEqual({ items });
  expect(readMeterReadings(JSON.stringify({ items }))).toEqual(items);
});

const registerEventKinds = accountedEventSchema.shape.kind.options;
const settlements = ['wrap', 'jitter', 'rejoined', 'rollback', 'declared-replacement'];

test('every kind of register event and every settlement has words in both languages', () => {
  for (const each of [words, englishWords])
    for (const kind of registerEventKinds) expect(each.meter.events.kind(kind)).not.toBe(kind);
  // In English some kinds are their own words.
  for (const kind of [...saidKinds, ...settlements])
    expect(words.meter.events.settled(kind, 'rule')).not.toContain(kind);
  for (const kind of [...saidKinds, ...settlements].filter((each) => each.includes('-')))
    expect(englishWords.meter.events.settled(kind, 'rule')).not.toContain(kind);
  for (const texts of [ja, en])
    for (const quantity of energyQuantities)
      expect(texts.meter.quantity(quantity)).not.toBe(quantity);
});
