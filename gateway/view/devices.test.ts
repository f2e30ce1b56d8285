import { expect, test } from 'vitest';
import { Devices } from './devices.ts';

const state = (name: string, boot: string) =>
  new TextEncoder().encode(JSON.stringify({ state: name, boot, at: 1, software: 'x' }));

test('an old will does not mark a newer boot lost; its own does', () => {
  const devices = new Devices(['keihin/pi-1']);
  devices.observeState('keihin', 'pi-1', state('online', 'b2'));
  devices.observeState('keihin', 'pi-1', state('lost', 'b1'));
  expect(devices.shown()).toMatchObject([{ state: 'online', boot: 'b2', configured: true }]);
  devices.observeState('keihin', 'pi-1', state('lost', 'b2'));
  expect(devices.shown()).toMatchObject([{ state: 'lost' }]);
});

test('a malformed state changes nothing and says what is wrong', () => {
  const devices = new Devices(['keihin/pi-1']);
  expect(devices.observeState('keihin', 'pi-1', new TextEncoder().encode('{'))).toContain('JSON');
  expect(devices.observeState('keihin', 'pi-1', state('sleeping', 'b'))).toContain('online');
  expect(devices.shown()).toMatchObject([{ state: 'unknown' }]);
});

test('inventing devices is bounded', () => {
  const devices = new Devices(['keihin/pi-1'], 3);
  for (const name of ['a', 'b', 'c', 'd'])
    devices.observeState('keihin', name, state('online', 'b'));
  expect(devices.shown()).toHaveLength(3);
});
