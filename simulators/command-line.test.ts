import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import { Complaint, fileTrouble } from './complaint.ts';

test('npm start without options has the documented defaults', () => {
  expect(parseCommandLine(['demo'])).toEqual({
    kind: 'demo',
    options: { check: false, 'http-port': 8080, 'mqtt-port': 1883, data: '.data/demo', speed: 1 },
  });
});

test('options reach their command', () => {
  const demo = parseCommandLine([
    'demo',
    '--http-port',
    '0',
    '--mqtt-port=1999',
    '--data',
    'd',
    '--speed',
    '60',
  ]);
  expect(demo).toMatchObject({
    options: { 'http-port': 0, 'mqtt-port': 1999, data: 'd', speed: 60 },
  });
  const plant = parseCommandLine(['plant', '--listen', 'pty:/tmp/uno', '--seed', '7', '--check']);
  expect(plant).toMatchObject({
    kind: 'plant',
    options: { listen: 'pty:/tmp/uno', seed: 7, check: true },
  });
  const fill = parseCommandLine([
    'fill',
    '--http',
    'http://127.0.0.1:1',
    '--mqtt',
    'mqtt://127.0.0.1:2',
  ]);
  expect(fill).toMatchObject({
    kind: 'fill',
    options: { site: 'keihin', device: 'pi-1', meter: 'pv-1' },
  });
});

test('every wrong option is told at once', () => {
  const wrong = ['demo', '--http-port', '70000', '--speed', 'fast'];
  expect(() => parseCommandLine(wrong)).toThrow(/--http-port: .*70000[^]*--speed: .*fast/);
  expect(() => parseCommandLine(['fill'])).toThrow(/--http is needed[^]*--mqtt is needed/);
  expect(() => parseCommandLine(['fill', '--http', 'ftp://x', '--mqtt', 'mqtt://y'])).toThrow(
    'is no URL of the kind http://host:port',
  );
  expect(() => parseCommandLine(['demo', '--port', '1'])).toThrow("Unknown option '--port'");
  expect(() => parseCommandLine(['dance'])).toThrow('unknown command "dance"');
});

test('a folder that may not be written is told without a stack', () => {
  const refused = Object.assign(new Error('EACCES: mkdir'), { code: 'EACCES', path: '/srv/demo' });
  expect(fileTrouble(refused)).toMatch(/^\/srv\/demo: this user may not write/);
  expect(fileTrouble(new Error('a defect'))).toBeUndefined();
  expect(fileTrouble(Object.assign(new Error('?'), { code: 'EWHAT', path: 'x' }))).toBeUndefined();
});

test('whatever is typed gives a command or a complaint', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('plant', 'fill', 'demo', '--speed', '--data', '--', '-h', '1'),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (args) => {
      try {
        expect(parseCommandLine(args).kind).toBeTypeOf('string');
      } catch (error) {
        expect(error).toBeInstanceOf(Complaint);
      }
    }),
  );
});
