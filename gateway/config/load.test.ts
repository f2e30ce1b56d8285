import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configuredMeters } from '../derive/meter.ts';
import { ConfigError, loadConfig, parseConfig } from './load.ts';
import { sensorChain } from './plant.ts';

const example = new URL('../gateway.example.yaml', import.meta.url);
const sites =
  'sites: [{ id: keihin, packs: [{ id: pack-1, device: pi-1, cylinders: 30, cylinderLitres: 50 }] }]';

const shared = '{ group: plant, primary: true }';
const group = `mqtt: { url: "mqtt://broker:1883", shared: ${shared} }`;
const influx = 'store: { kind: influxdb, url: "http://127.0.0.1:8086", bucket: kadoru }';

function mistakes(text: string): readonly string[] {
  try {
    parseConfig(text, 'gateway.yaml', {});
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

test('the example is valid, and its paths are relative to the file', () => {
  const config = loadConfig(example.pathname, {});
  expect(config.sites[0]?.packs[0]?.name).toBe('京浜島カードル1号');
  expect(config.data).toBe(new URL('../data', import.meta.url).pathname);
  expect(readFileSync(example, 'utf8')).toContain('京浜島');
});

test('the least a configuration needs is a site', () => {
  const config = parseConfig('sites: [{ id: keihin }]', 'gateway.yaml', {});
  expect(config).toMatchObject({
    http: { port: 8080 },
    mqtt: { embedded: { port: 1883 } },
    store: { kind: 'embedded' },
  });
});

test('a store in InfluxDB: mistakes name the setting, and repeat no secret', () => {
  const store = (text: string) => `store: { kind: influxdb, ${text} }\n${sites}`;
  const url = 'url: "http://127.0.0.1:8086"';
  expect(parseConfig(store(`${url}, bucket: kadoru`), 'gateway.yaml', {}).store).toEqual({
    kind: 'influxdb',
    url: 'http://127.0.0.1:8086',
    bucket: 'kadoru',
    create: false,
  });
  const wrong = [
    [
      store(`${url}/api/v2, bucket: kadoru`.replace('"/api/v2', '/api/v2"')),
      'store.url',
      '/api/v2',
    ],
    [store('url: "influx:8086", bucket: kadoru'), 'store.url', 'http://host:port'],
    [store('url: "http://me:secret@host:8086", bucket: kadoru'), 'store.url', 'tokenFile'],
    [store(url), 'store.bucket', 'nothing'],
    [store(`${url}, bucket: kadoru, token: a, tokenFile: b`), 'store.token', 'not both'],
    [store(`${url}, bucket: kadoru, tokn: a`), 'store.tokn', 'unknown key'],
    [`store: { kind: mysql }\n${sites}`, 'store', '"influxdb"'],
  ] as const;
  for (const [text, path, said] of wrong) {
    const found = mistakes(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(path);
    expect(found[0]).toContain(said);
    expect(found[0]).not.toContain('secret@');
  }
});

test('a group of gateways needs one broker, one InfluxDB, and an id for each', () => {
  const text = `${sites}\n${group}\n${influx}\nid: g-1`;
  expect(parseConfig(text, 'gateway.yaml', {}).mqtt).toMatchObject({
    shared: { group: 'plant', primary: true },
  });
});

test('an allotment is the notice’s for each origin, or what the site says, once for each', () => {
  const allotments = (text: string) =>
    parseConfig(`sites: [{ id: keihin${text} }]`, 'gateway.yaml', {}).sites[0]?.allotments;
  expect(allotments('')).toEqual([
    { origin: 'tokyo', kg: 25.1 },
    { origin: 'yamanashi', kg: 25.1 },
  ]);
  expect(allotments(', allotments: [{ origin: tokyo, kg: 50.2 }]')).toEqual([
    { origin: 'tokyo', kg: 50.2 },
  ]);
  const twice = '[{ origin: tokyo, kg: 1 }, { origin: tokyo, kg: 2 }]';
  const [mistake] = mistakes(`sites: [{ id: keihin, allotments: ${twice} }]`);
  expect(mistake).toContain('sites.0.allotments.1.origin');
});

test('meters: a generator has a register of what it generates; others and the site’s are named', () => {
  const [site] = parseConfig(
    `sites: [{ id: a, generators: [{ id: pv-1, kind: pv, device: pi-1,
      meters: { exported: { wrapAt: 1000000, evidence: { kind: calibrated, document: C-12 } } } }],
      meters: [{ id: grid-1, device: pi-1, quantities: [imported, exported], class: A }] }]`,
    'gateway.yaml',
    {},
  ).sites;
  expect(configuredMeters({ sites: site === undefined ? [] : [site] })).toMatchObject([
    { key: 'a/pv-1/generated', rules: { periodMs: 300_000 } },
    { key: 'a/pv-1/exported', settings: { wrapAt: 1_000_000 } },
    { key: 'a/grid-1/imported', settings: { class: 'A' } },
    { key: 'a/grid-1/exported' },
  ]);
});

test('meters: every mistake at once, two meters on one channel among them', () => {
  const found = mistakes(`
sites:
  - id: a
    generators:
      - { id: pv-1, kind: pv, device: pi-1, meters: { generated: { wrapAt: 0, serail: x }, heat: {} } }
    meters:
      - { id: pv-1, device: pi-1, quantities: [generated] }
      - { id: grid-1, quantities: [imported, imported], evidence: { kind: specified, markExpires: soon } }
      - { id: grid-2, quantities: [] }
`);
  for (const path of [
    'sites.0.generators.0.meters.generated.wrapAt',
    'sites.0.generators.0.meters.generated.serail',
    'sites.0.generators.0.meters.heat',
    'sites.0.meters.1.quantities.1',
    'sites.0.meters.1.evidence.markExpires',
    'sites.0.meters.2.quantities',
  ])
    expect(found.filter((mistake) => mistake.startsWith(`${path}:`))).toHaveLength(1);
  const twice = mistakes(
    'sites: [{ id: a, generators: [{ id: pv-1, kind: pv }], meters: [{ id: pv-1, quantities: [generated] }] }]',
  );
  expect(twice).toEqual(['sites.0.meters.0.id: "pv-1" is used twice in this site (given: "pv-1")']);
});

test('every mistake is reported at once, with path, value and way out', () => {
  const found = mistakes(`
dta: ./data
http: { port: "x" }
mqtt: { url: "http://127.0.0.1" }
sites:
  - id: Kei
    packs: [{ id: a, device: manual, cylinders: 30, cylinderLitres: 50, openCylinders: 31 }]
  - id: b
    packs: [{ id: x, cylinders: 1, cylinderLitres: 50 }]
    generators: [{ id: x, kind: wind }]
`);
  for (const part of [
    'dta: unknown key',
    'http.port',
    'mqtt',
    '"Kei"',
    'sites.0.packs.0.device',
    'sites.1.generators.0.kind',
  ])
    expect(
      found.some((mistake) => mistake.includes(part)),
      part,
    ).toBe(true);
});

test.each([
  ['two sites of one name', 'sites: [{ id: a }, { id: a }]', 'used twice'],
  [
    'two assets of one name',
    sites.replace('}] }]', '}], generators: [{ id: pack-1, kind: pv }] }]'),
    'used twice',
  ],
  [
    'more open cylinders than there are',
    sites.replace('cylinders: 30', 'cylinders: 30, openCylinders: 31'),
    'openCylinders',
  ],
  ['beyond loopback without credentials', `${sites}\nhttp: { host: 0.0.0.0 }`, 'http.host'],
  [
    'a broker beyond loopback without passwords',
    `${sites}\nmqtt: { embedded: { host: 0.0.0.0 } }`,
    'mqtt.embedded.host',
  ],
  [
    'a group with the embedded store',
    `${sites}\n${group}`,
    'mqtt.shared: needs store.kind influxdb',
  ],
  [
    'a group without an id of its own',
    `${sites}\n${group}\n${influx}`,
    'id: every gateway of a group',
  ],
  [
    'a group with the embedded broker',
    `${sites}\nmqtt: { embedded: {}, shared: ${shared} }\nid: g-1\n${influx}`,
    'mqtt.shared: needs a broker that all gateways reach',
  ],
  [
    'a group that is no topic level',
    `${sites}\n${group.replace('plant', 'a/b')}`,
    'mqtt.shared.group',
  ],
  [
    'a group in which nobody says who derives',
    `${sites}\n${group.replace(', primary: true', '')}\n${influx}\nid: g-1`,
    'mqtt.shared.primary: is true for the one gateway',
  ],
  [
    'alarms from a gateway that only stores',
    `${sites}\n${group.replace('true', 'false')}\n${influx}\nid: g-1\nalarms: { webhooks: [{ url: "http://x" }] }`,
    'alarms: is for the primary',
  ],
  ['text that is no YAML', 'sites: [', 'gateway'],
  ['an empty file', '', 'sites'],
])('refused: %s', (_, text, part) => {
  expect(`gateway ${mistakes(text).join('\n')}`).toContain(part);
  expect(mistakes(text)).not.toEqual([]);
});

test('what the configuration does not state is the worst supported, and is listed', () => {
  const [pack] = parseConfig(sites, 'gateway.yaml', {}).sites.flatMap(({ packs }) => packs);
  if (pack === undefined) throw new Error('no pack');
  const { chain, assumed } = sensorChain({ ...pack, thermometer: { class: 'pt100-a' } });
  expect(chain).toMatchObject({ thermometer: 'pt100-a', placement: 'ambient', volumePercent: 1 });
  expect(assumed.map(({ field }) => field)).toContain('thermometer.placement');
  expect(assumed.map(({ field }) => field)).not.toContain('thermometer.class');
});
