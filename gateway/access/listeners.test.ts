import { expect, test, vi } from 'vitest';
import { embeddedMqttSchema, httpSchema } from './config.ts';
import { checkListeners, httpAccessMode, mqttAccessMode } from './listeners.ts';
import { hashPassword } from './password.ts';

vi.setConfig({ testTimeout: 60_000 });

const hash = await hashPassword('correct horse battery staple');
const tls = { certFile: 'cert.pem', keyFile: 'key.pem' };
const credential = { site: 'keihin', device: 'pi-1', passwordHash: hash };

function check(http: object, mqtt: object | undefined = {}, tokenInEnvironment = false) {
  const mistakes = checkListeners({
    http: httpSchema.parse(http),
    mqtt: mqtt === undefined ? undefined : embeddedMqttSchema.parse(mqtt),
    tokenInEnvironment,
  });
  return mistakes.map(({ path }) => path);
}

test.each(['127.0.0.1', 'localhost', '::1', '127.0.0.2'])('%s needs no settings', (host) => {
  expect(check({ host }, { host })).toEqual([]);
  expect(httpAccessMode(httpSchema.parse({ host }), false)).toBe('open-loopback');
  expect(mqttAccessMode(embeddedMqttSchema.parse({ host }))).toBe('open-loopback');
});

test.each(['0.0.0.0', '::', '192.0.2.1', 'gateway.local', '127.0.0.1.nip.io'])(
  '%s needs credentials and TLS',
  (host) => {
    expect(check({ host }, { host })).toEqual([
      'http.host',
      'http.tls',
      'mqtt.embedded.host',
      'mqtt.embedded.tls',
    ]);
    expect(check({ host, operatorTokenHash: hash }, { host, devices: [credential] })).toEqual([
      'http.tls',
      'mqtt.embedded.tls',
    ]);
    expect(check({ host, tls }, { host, tls })).toEqual(['http.host', 'mqtt.embedded.host']);
    expect(
      check({ host, tls, operatorTokenFile: 'token' }, { host, tls, devices: [credential] }),
    ).toEqual([]);
    expect(check({ host, tls }, undefined, true)).toEqual([]);
  },
);

test('a person may choose otherwise; what credentials there are still count', () => {
  const host = '0.0.0.0';
  expect(check({ host, insecure: true }, { host, insecure: true })).toEqual([]);
  expect(httpAccessMode(httpSchema.parse({ host, insecure: true }), false)).toBe('open-by-choice');
  expect(httpAccessMode(httpSchema.parse({ host, insecure: true }), true)).toBe('credentials');
  expect(mqttAccessMode(embeddedMqttSchema.parse({ host, insecure: true }))).toBe('open-by-choice');
  expect(mqttAccessMode(embeddedMqttSchema.parse({ devices: [credential] }))).toBe('credentials');
});

test('a token given twice and a device named twice are mistakes', () => {
  expect(check({ operatorTokenHash: hash }, {}, true)).toEqual(['http.operatorTokenFile']);
  expect(check({ operatorTokenHash: hash, operatorTokenFile: 'token' })).toEqual([
    'http.operatorTokenFile',
  ]);
  expect(
    check({}, { devices: [credential, { ...credential, device: 'pi-2' }, credential] }),
  ).toEqual(['mqtt.embedded.devices.2']);
});

test('every message says a way out', () => {
  const mistakes = checkListeners({
    http: httpSchema.parse({ host: '0.0.0.0' }),
    mqtt: embeddedMqttSchema.parse({ host: '0.0.0.0' }),
    tokenInEnvironment: false,
  });
  for (const { path, detail } of mistakes)
    expect(detail).toContain(`${path.split('.').slice(0, -1).join('.')}.insecure: true`);
});

test('unknown keys, bad hashes and bad names are refused with their path', () => {
  const paths = (http: object) =>
    httpSchema.safeParse(http).error?.issues.map(({ path }) => path.join('.'));
  expect(paths({ prot: 8080 })).toEqual(['']);
  expect(
    paths({ operatorTokenHash: 'secret', port: 70_000, publicHosts: ['https://a'] })?.toSorted(),
  ).toEqual(['operatorTokenHash', 'port', 'publicHosts.0']);
  expect(
    embeddedMqttSchema.safeParse({ devices: [{ ...credential, device: 'manual' }] }).success,
  ).toBe(false);
});
