import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig } from '../config/load.ts';
import { checkSides, parseSpec, placeOf } from './spec.ts';

const config = parseConfig('{ id: g-1, data: /var/kadoru, sites: [{ id: keihin }] }', 'x.yaml', {});
const influx = 'influxdb:https://db.example:8086/influx?bucket=kadoru';

test('a folder, a database, or what the configuration names', () => {
  expect(parseSpec('--from', 'embedded:data', undefined)).toEqual({
    id: 'gateway',
    data: resolve('data'),
    store: { kind: 'embedded' },
  });
  expect(parseSpec('--to', 'config', config)).toBe(config);
  const side = parseSpec('--to', `${influx}&org=plant&tokenFile=token&create=true`, config);
  expect(side).toMatchObject({
    // Marks and documents stand under the gateway's id: the copy writes them as the gateway that will use them.
    id: 'g-1',
    store: {
      kind: 'influxdb',
      url: 'https://db.example:8086/influx',
      bucket: 'kadoru',
      org: 'plant',
      tokenFile: resolve('token'),
      create: true,
    },
  });
  expect(placeOf(side)).toBe('InfluxDB https://db.example:8086/influx, "kadoru"');
});

test.each([
  ['nothing', '', 'is none of embedded:FOLDER'],
  ['a bare path', './data', 'is none of embedded:FOLDER'],
  ['a folder without a name', 'embedded:', 'is none of embedded:FOLDER'],
  ['the configuration without one', 'config', 'needs --config FILE'],
  ['no URL', 'influxdb:db', 'is no URL'],
  ['no bucket', 'influxdb:http://db:8086', 'bucket'],
  ['a token for all to see', `${influx}&token=secret`, '"token" is none of bucket'],
  ['a path of the API', 'influxdb:http://db:8086/api/v2?bucket=b', 'url: is the address alone'],
])('refused: %s', (_, spec, part) => {
  expect(() => parseSpec('--from', spec, undefined)).toThrow(part);
});

test('refused: a store onto itself, and an embedded source that is not there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kadoru-'));
  const embedded = parseSpec('--from', `embedded:${folder}`, undefined);
  const database = parseSpec('--to', influx, undefined);
  expect(() => checkSides(embedded, database)).toThrow('kadoru.db');
  writeFileSync(join(folder, 'kadoru.db'), '');
  expect(() => checkSides(embedded, database)).not.toThrow();
  expect(() => checkSides(embedded, embedded)).toThrow('the same store');
  expect(() => checkSides(database, parseSpec('--to', `${influx}&org=x`, undefined))).toThrow(
    'the same store',
  );
});
