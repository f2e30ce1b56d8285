import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { gatewayTopic } from '#device/contract';
import { OtherGateways } from './other-gateways.ts';

const own = { id: 'g-1', boot: 'boot-1', holds: true };
const bytes = (said: object) => new TextEncoder().encode(JSON.stringify(said));
const birth = (boot: string, holds = false, state = 'online') =>
  bytes({ state, boot, at: 1, holds });
const topic = (id: string) => gatewayTopic('keihin', id);

test('another gateway with our id is told once, with the way out, until it ends', () => {
  const others = new OtherGateways(own);
  expect(others.heard(topic('g-1'), birth('boot-1'))).toEqual({});
  const { begins } = others.heard(topic('g-1'), birth('boot-2'));
  expect(begins).toMatchObject({ kind: 'gateway-twice', subject: 'g-1' });
  expect(begins?.detail).toMatch(/an id of its own/);
  expect(others.heard(topic('g-1'), birth('boot-2'))).toEqual({});
  expect(others.problems()).toEqual([begins]);
  expect(others.heard(topic('g-1'), birth('boot-2', false, 'lost'))).toEqual({ ends: begins });
  expect(others.problems()).toEqual([]);
});

test('a second holder of the site is told, but not one that only stores, nor to one that only stores', () => {
  const others = new OtherGateways(own);
  expect(others.heard(topic('g-2'), birth('boot-2', false))).toEqual({});
  const { begins } = others.heard(topic('g-3'), birth('boot-3', true));
  expect(begins).toMatchObject({ kind: 'site-held-twice', subject: 'g-3' });
  expect(begins?.detail).toMatch(/keihin.*primary: false/);
  const storing = new OtherGateways({ ...own, holds: false });
  expect(storing.heard(topic('g-3'), birth('boot-3', true))).toEqual({});
});

test('the end of a run nobody knew, as after a restart, and births without `holds` are nothing', () => {
  const others = new OtherGateways(own);
  expect(others.heard(topic('g-1'), birth('boot-0', true, 'lost'))).toEqual({});
  expect(others.heard(topic('g-2'), bytes({ state: 'online', boot: 'b', at: 1 }))).toEqual({});
  expect(others.problems()).toEqual([]);
});

test('property: whatever is sent, it answers, and remembers a bounded number', () => {
  const message = fc.oneof(
    fc.uint8Array(),
    fc.string().map((boot) => birth(boot, true)),
    fc.json().map((json) => new TextEncoder().encode(json)),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), message), { maxLength: 60 }), (sent) => {
      const others = new OtherGateways(own);
      for (const [id, payload] of sent) others.heard(topic(id), payload);
      expect(others.problems().length).toBeLessThanOrEqual(16);
    }),
  );
});
