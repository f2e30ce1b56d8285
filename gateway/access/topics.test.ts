import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { mayPublish, maySubscribe, type MqttIdentity } from './topics.ts';

vi.setConfig({ testTimeout: 60_000 });

const device: MqttIdentity = { kind: 'device', site: 'keihin', device: 'pi-1' };
const anyone: MqttIdentity = { kind: 'anyone' };
const gateway: MqttIdentity = { kind: 'gateway' };
const own = 'kadoru/v1/keihin/pi-1';

test('a device publishes its own four kinds of message and nothing else', () => {
  for (const kind of ['state', 'meta', 'live', 'history'])
    expect(mayPublish(device, `${own}/${kind}`)).toBe(true);
  for (const topic of [
    `${own}/ack`,
    `${own}/live/more`,
    `${own}/other`,
    'kadoru/v1/keihin/pi-2/live',
    'kadoru/v1/ota/pi-1/live',
    'kadoru/v2/keihin/pi-1/live',
    'kadoru/v1/keihin/_gateway/g1',
    'kadoru/v1/keihin/_alarms/stop',
    '$SYS/broker',
    '',
  ])
    expect(mayPublish(device, topic), topic).toBe(false);
});

test('a device reads its acknowledgements and the births of its site, and no wildcard beyond', () => {
  for (const filter of [
    `${own}/ack`,
    'kadoru/v1/keihin/_gateway/+',
    'kadoru/v1/keihin/_gateway/g1',
  ])
    expect(maySubscribe(device, filter), filter).toBe(true);
  for (const filter of [
    '#',
    '+/+/+/+/+',
    'kadoru/#',
    `${own}/#`,
    `${own}/+`,
    `${own}/live`,
    'kadoru/v1/keihin/+/ack',
    'kadoru/v1/keihin/pi-2/ack',
    'kadoru/v1/ota/_gateway/+',
    'kadoru/v1/keihin/_gateway/#',
    'kadoru/v1/keihin/_gateway/+/x',
    'kadoru/v1/+/_gateway/+',
    `$share/x/${own}/ack`,
  ])
    expect(maySubscribe(device, filter), filter).toBe(false);
});

test('while the broker is open only the gateway says what is stored, that it is there, and what is wrong', () => {
  for (const topic of [
    `${own}/ack`,
    'kadoru/v1/keihin/_gateway/g1',
    'kadoru/v1/keihin/_alarms/stop',
    'kadoru/v1/a/b/ack/c',
    '$SYS/x',
  ]) {
    expect(mayPublish(anyone, topic), topic).toBe(false);
    expect(mayPublish(gateway, topic), topic).toBe(true);
  }
  expect(mayPublish(anyone, `${own}/live`)).toBe(true);
  expect(mayPublish(anyone, 'home/light')).toBe(true);
  expect(maySubscribe(anyone, '#')).toBe(true);
});

test('whatever the topic, a device gets no further than its own', () => {
  const level = fc.oneof(
    fc.constantFrom(
      'kadoru',
      'v1',
      'keihin',
      'pi-1',
      'pi-2',
      'ack',
      'live',
      '_gateway',
      '+',
      '#',
      '',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(level, { maxLength: 7 }), (levels) => {
      const topic = levels.join('/');
      if (mayPublish(device, topic))
        expect(topic).toMatch(/^kadoru\/v1\/keihin\/pi-1\/(state|meta|live|history)$/);
      if (maySubscribe(device, topic))
        expect(topic).toMatch(/^kadoru\/v1\/keihin\/(pi-1\/ack|_gateway\/(\+|[a-z0-9-]+))$/);
    }),
    { numRuns: 2000 },
  );
});
