import { expect, test } from 'vitest';
import { reading } from '../store/suite/samples.ts';
import { Devices, type PresenceEvent } from './devices.ts';

const state = (name: string, boot: string, more: object = {}) =>
  new TextEncoder().encode(JSON.stringify({ state: name, boot, at: 1, software: 'x', ...more }));

/** Devices that a gateway with a broker has listened to since 1,000 s; data is too old after 10 s. */
function listening(limit = 1000) {
  let monotonicMs = 1_000_000;
  const events: PresenceEvent[] = [];
  const twins: string[] = [];
  const devices = new Devices({
    configured: new Map([['keihin/pi-1', 10_000]]),
    clock: { wallMs: () => 5e12 + monotonicMs, monotonicMs: () => monotonicMs },
    changed: (event) => events.push(event),
    twice: ({ device }) => twins.push(device),
    limit,
  });
  devices.listen(true);
  const pass = (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      monotonicMs += 1000;
      devices.judge();
    }
  };
  const measures = () =>
    devices.observeReading(reading({ site: 'keihin', device: 'pi-1', at: 7 }), true);
  return {
    devices,
    events,
    twins,
    pass,
    measures,
    says: () => events.map((e) => e.presence.state),
  };
}

test('an old will does not mark a newer boot lost; its own does', () => {
  const { devices } = listening();
  devices.observeState('keihin', 'pi-1', state('online', 'b2'));
  devices.observeState('keihin', 'pi-1', state('lost', 'b1'));
  expect(devices.shown()).toMatchObject([{ state: 'online', boot: 'b2', configured: true }]);
  devices.observeState('keihin', 'pi-1', state('lost', 'b2'));
  expect(devices.shown()).toMatchObject([{ state: 'lost' }]);
});

test('a boot that comes back after another means two devices with one id; restarts and reconnections do not', () => {
  const { devices, twins, pass } = listening();
  for (const boot of ['b1', 'b1', 'b2', 'b2', 'b3'])
    devices.observeState('keihin', 'pi-1', state('online', boot));
  devices.observeState('keihin', 'pi-1', state('lost', 'b2'));
  expect(twins).toEqual([]);
  devices.observeState('keihin', 'pi-1', state('online', 'b2'));
  expect(twins).toEqual(['pi-1']);
  expect(devices.problems()).toMatchObject([{ kind: 'device-twice', subject: 'pi-1' }]);
  pass(1);
  devices.observeState('keihin', 'pi-1', state('online', 'b3'));
  expect(twins).toEqual(['pi-1', 'pi-1']);
  devices.observeState('keihin', 'pi-1', state('offline', 'b3'));
  pass(601);
  expect(devices.problems()).toMatchObject([{ kind: 'device-offline' }]);
});

test('an old will that a broker kept and a restarted gateway finds is overruled by readings', () => {
  const { devices, measures, says } = listening();
  devices.observeState('keihin', 'pi-1', state('lost', 'b1'));
  measures();
  expect(devices.shown()).toMatchObject([{ state: 'online', reason: 'readings arrive' }]);
  expect(says()).toEqual(['lost', 'online']);
});

test('a source that goes quiet is silent within 30 s: one event with its time, one notice, until it is back', () => {
  const { devices, events, measures, pass } = listening();
  devices.observeState('keihin', 'pi-1', state('online', 'b1'));
  for (let second = 0; second < 60; second += 1) {
    measures();
    pass(1);
  }
  expect(devices.problems()).toEqual([]);
  pass(29);
  expect(events.slice(1)).toMatchObject([
    {
      device: 'pi-1',
      configured: true,
      presence: { state: 'silent', since: 5e12 + 1_070_000, reason: 'no readings for 11 s' },
    },
  ]);
  expect(devices.problems()).toMatchObject([{ kind: 'device-silent', subject: 'pi-1' }]);
  measures();
  expect(devices.problems()).toEqual([]);
});

test('a device that was never heard is silent within 30 s, and says so when its clock is the reason', () => {
  const { devices, pass, says } = listening();
  pass(20);
  expect(says()).toEqual([]);
  pass(10);
  expect(devices.shown()).toMatchObject([{ state: 'silent', reason: /not heard/ }]);
  const waiting = listening();
  waiting.devices.observeState('keihin', 'pi-1', state('online', 'b1', { clock: 'waiting' }));
  waiting.pass(30);
  expect(waiting.devices.shown()).toMatchObject([{ reason: /its clock is not set yet/ }]);
});

test('without a broker nobody is called silent, and after it devices get time to come back', () => {
  const { devices, measures, pass, says } = listening();
  measures();
  devices.listen(false);
  pass(600);
  devices.listen(true);
  pass(20);
  expect(says()).toEqual(['online']);
  pass(10);
  expect(says()).toEqual(['online', 'silent']);
});

test('a goodbye is no silence, and is a notice of its own', () => {
  const { devices, pass } = listening();
  devices.observeState('keihin', 'pi-1', state('offline', 'b1'));
  pass(60);
  expect(devices.problems()).toMatchObject([{ kind: 'device-offline' }]);
});

test('a device whose disk refuses frames is a notice until it says otherwise', () => {
  const { devices } = listening();
  const spool = { frames: 3, bytes: 900, dropped: 0 };
  const fault = 'write: the disk is full: free some space';
  devices.observeState('keihin', 'pi-1', state('online', 'b1', { spool: { ...spool, fault } }));
  expect(devices.problems()).toMatchObject([{ kind: 'device-disk', subject: 'pi-1' }]);
  devices.observeState('keihin', 'pi-1', state('online', 'b1', { spool }));
  expect(devices.problems()).toEqual([]);
});

test('a malformed state changes nothing and says what is wrong', () => {
  const { devices } = listening();
  expect(devices.observeState('keihin', 'pi-1', new TextEncoder().encode('{'))).toContain('JSON');
  expect(devices.observeState('keihin', 'pi-1', state('sleeping', 'b'))).toContain('online');
  expect(devices.shown()).toMatchObject([{ state: 'unknown' }]);
});

test('inventing devices is bounded, and a stranger that leaves is no matter for people', () => {
  const { devices } = listening(3);
  for (const name of ['a', 'b', 'c', 'd']) {
    devices.observeState('keihin', name, state('online', 'b'));
    devices.observeState('keihin', name, state('lost', 'b'));
  }
  devices.observeReading(reading({ site: 'keihin', device: 'e', at: 7 }), true);
  expect(devices.shown()).toHaveLength(3);
  // Of two of them both messages, and a reading of one more.
  expect(devices.overlooked).toBe(5);
  expect(devices.problems()).toEqual([]);
});

test('a state that could not be shown again is refused', () => {
  const { devices } = listening();
  const deep: unknown = JSON.parse('['.repeat(50) + ']'.repeat(50));
  const spool = { frames: 1, bytes: 2, dropped: 3, deep };
  expect(devices.observeState('keihin', 'pi-1', state('online', 'b1', { spool }))).toContain(
    'nested deeper',
  );
  expect(devices.shown()[0]?.spool).toBeUndefined();
});
