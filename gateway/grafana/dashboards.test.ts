import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithPeers } from '../../tests/peers.ts';
import { Influxd } from '../../tests/system/influxd.ts';
import type { Series } from '../store/influxdb/answer.ts';
import { InfluxClient } from '../store/influxdb/client.ts';
import { openInfluxStore } from '../store/influxdb/store.ts';
import { asSent, namesIn, readDashboards } from './testing-dashboards.ts';
import { fillPlant } from './testing-plant.ts';

const dashboards = readDashboards();
const targets = dashboards.flatMap(({ uid, panels }) =>
  panels.flatMap((panel) =>
    panel.targets.map((target) => ({
      name: `${uid}: ${panel.title} ${target.refId}`,
      target,
      panel,
    })),
  ),
);
const bandEdges = new Set(['下限', '上限']);

describe('dashboards', () => {
  test('pack, generation, reductions and devices, each with a uid of its own and panels that do not overlap', () => {
    expect(dashboards.map(({ uid }) => uid).toSorted()).toEqual([
      'kadoru-devices',
      'kadoru-generation',
      'kadoru-pack',
      'kadoru-reductions',
    ]);
    for (const { panels } of dashboards) {
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
    }
  });

  test('titles are Japanese, descriptions English, and every curve has its unit', () => {
    const japanese = /[\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}]/u;
    for (const { title, description, panels } of dashboards)
      for (const text of [{ title, description }, ...panels]) {
        expect(text.title).toMatch(japanese);
        expect(text.description).toMatch(/^[A-Z][^\p{Script=Han}]{20,}\.$/u);
      }
    for (const { panel } of targets)
      if (panel.type === 'timeseries') expect(panel.fieldConfig.defaults.unit).toBeTruthy();
  });

  test('a unit is the one in the name of the field', () => {
    const units: Readonly<Record<string, string>> = {
      pressureMpa: 'suffix: MPa',
      temperatureC: 'celsius',
      totalKg: 'suffix: kg',
      usableKg: 'suffix: kg',
      kgPerHour: 'suffix: kg/h',
      flow_nl_per_min: 'suffix: NL/min',
      power_w: 'watt',
      wh: 'watth',
      elWh: 'watth',
      kg: 'suffix: kg',
      '${quantity}_wh': 'watth',
    };
    const found = targets
      .filter(({ panel }) => panel.type === 'timeseries')
      .flatMap(({ target, panel }) => {
        const [first = ''] = namesIn(target.query).names;
        const unit = target.query.includes('/ 864 ') ? undefined : units[first];
        return unit === undefined ? [] : [[panel.title, unit, panel.fieldConfig.defaults.unit]];
      });
    expect(found.length).toBeGreaterThan(15);
    for (const [title, unit, shown] of found) expect([title, shown]).toEqual([title, unit]);
  });
});

describeWithPeers('their queries on a real server', ['influxd'], () => {
  const now = Date.now();
  const known = {
    site: 'keihin',
    pack: 'pack-1',
    quantity: 'generated',
    timeFilter: `time >= ${now - 40 * 3_600_000}ms AND time <= ${now + 3_600_000}ms`,
    __interval: '10m',
  };
  let server: Influxd;
  let client: InfluxClient;
  const ask = async (query: string): Promise<readonly Series[]> =>
    (await client.query([asSent(query, known)]))[0] ?? [];

  beforeAll(async () => {
    server = await Influxd.start();
    const options = { url: server.url, bucket: 'kadoru' };
    const store = await openInfluxStore({
      ...options,
      create: true,
      writer: 'gateway',
      wallMs: Date.now,
    });
    await fillPlant(store, now);
    await store.close();
    client = new InfluxClient({ ...options, writeTimeoutMs: 60_000, queryTimeoutMs: 60_000 }, 'v1');
  }, 120_000);
  afterAll(async () => {
    client.close();
    await server.end();
  });

  /** Names a query uses that its measurement does not have. */
  async function unknownNames(query: string): Promise<readonly string[]> {
    const { measurement, names } = namesIn(asSent(query, known));
    const from = `FROM "${measurement}"`;
    const answers = await client.query([`SHOW FIELD KEYS ${from}`, `SHOW TAG KEYS ${from}`]);
    const there = answers.flat().flatMap(({ values = [] }) => values.map(([name]) => name));
    return names.filter((name) => !there.includes(name));
  }

  test.each(targets)('$name', async ({ target, panel }) => {
    expect(await unknownNames(target.query)).toEqual([]);
    const answer = await ask(target.query);
    const rows = answer.flatMap(({ values = [] }) => values);
    expect(rows.length).toBeGreaterThan(0);
    for (const { columns, values = [] } of answer)
      for (const [position, column] of columns.entries()) {
        const cells = values.map((row) => row[position]).filter((cell) => cell !== null);
        // What is not known beside something else may be empty in the newest rows.
        if (target.resultFormat === 'time_series') {
          expect(cells.length, column).toBeGreaterThan(0);
          expect(cells.filter((cell) => typeof cell !== 'number')).toEqual([]);
        }
      }
    const columns = answer.flatMap((series) => series.columns);
    if (target.resultFormat === 'time_series') expect(new Set(columns).size).toBe(2);
    const shown = [...columns, ...answer.flatMap(({ tags = {} }) => Object.keys(tags))];
    for (const { matcher } of panel.fieldConfig.overrides)
      if (!bandEdges.has(matcher.options)) expect(['Time', ...shown]).toContain(matcher.options);
  });

  test('a name that does not exist is noticed, in every place', async () => {
    const wrong = [
      ['SELECT mean("pressureBar") FROM "hydrogen" WHERE "key" = \'a\'', 'pressureBar'],
      ['SELECT mean("totalKg") FROM "hydrogen" WHERE "pack" = \'a\'', 'pack'],
      ['SELECT mean("power_w") FROM "reading" GROUP BY "stream_id"', 'stream_id'],
      ['SELECT mean("power_w") FROM "readings"', 'power_w'],
    ] as const;
    for (const [query, name] of wrong) expect(await unknownNames(query)).toEqual([name]);
  });

  test('the choices of the variables are what the queries are filled with', async () => {
    const variables = dashboards.flatMap(({ templating }) => templating.list);
    for (const { name, query, type, regex = '' } of variables) {
      if (type === 'custom') continue;
      const values = (await ask(query))
        .flatMap((series) => series.values ?? [])
        .map((row) => row[1]);
      const cut = regex === '' ? /(.*)/ : new RegExp(regex.slice(1, -1));
      const choices = values.map((value) => cut.exec(String(value))?.[1]);
      expect([name, choices]).toEqual([name, [name === 'site' ? known.site : known.pack]]);
    }
  });

  test('a day is a day in Japan, and its energy the sum of its half hours', async () => {
    const of = async (title: string) => {
      const found = targets.find(({ panel }) => panel.title === title);
      const [series] = await ask(found?.target.query ?? '');
      return (series?.values ?? []).map(([at, wh]) => ({ at: Number(at), wh: Number(wh) }));
    };
    const halfHours = await of('30分電力量');
    const days = await of('日電力量（日本時間）');
    expect(days.map(({ at }) => (at / 3_600_000) % 24)).toEqual(days.map(() => 15));
    const sum = (rows: readonly { readonly wh: number }[]) =>
      rows.reduce((all, { wh }) => all + wh, 0);
    expect(sum(days)).toBe(sum(halfHours));
    expect(sum(days)).toBeGreaterThan(50_000);
  });

  test('reductions: the days are the sums of their spans, and what nobody explained is in none', async () => {
    const of = async (title: string) => {
      const found = targets.find(({ panel }) => panel.title === title);
      const [series] = await ask(found?.target.query ?? '');
      return (series?.values ?? []).reduce((all, [, value]) => all + Number(value), 0);
    };
    const kg = await of('30分の削減量（暫定）');
    expect(kg).toBeGreaterThan(20);
    expect(await of('日の削減量（日本時間、暫定）')).toBeCloseTo(kg, 6);
    // The last verified factor: 0.434 kg/kWh.
    expect((await of('日の自家消費電力量（日本時間）')) * 0.000434).toBeCloseTo(kg, 3);
    const withheld = targets.find(({ panel }) => panel.title === '算定していない区間');
    const [answer] = await ask(withheld?.target.query ?? '');
    const column = answer?.columns.indexOf('withheld') ?? -1;
    expect(answer?.values?.map((row) => row[column])).toEqual(['open-event']);
  });

  test('mass is drawn between its limits', async () => {
    const mass = targets.filter(({ panel }) => panel.title === '水素量（±は k=2）');
    const [kg, lower, upper] = await Promise.all(
      mass.map(async ({ target }) =>
        Number((await ask(target.query))[0]?.values?.find((row) => row[1] !== null)?.[1]),
      ),
    );
    expect(lower).toBeLessThan(kg ?? NaN);
    expect(upper).toBeGreaterThan(kg ?? NaN);
  });
});
