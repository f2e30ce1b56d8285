import { expect, test } from 'vitest';
import type { StoredEvent } from '../store/port.ts';
import { parseConfig } from '../config/load.ts';
import { configuredMeters } from './meter.ts';
import { channelMeta, storedEventInputs } from './meter-inputs.ts';

const said = (details: unknown) => {
  const origin = { site: 'keihin', device: 'pi-1', stream: 's', seq: 1, at: 1, index: 0 };
  const event = { kind: 'meta', channels: { 'pv-1/generated': details } } as const;
  return channelMeta({ ...origin, event }, 'pv-1/generated');
};

test.each([
  ['SM-1', 'SM-1'],
  [' SM-1 ', 'SM-1'],
  [1_193_046, '1193046'],
  [null, undefined],
  ['', undefined],
  [{ toString: 1 }, undefined],
  [['SM-1'], undefined],
  ['x'.repeat(201), undefined],
])('a serial of %o is %o: whatever is none is no exchange of the meter', (serial, read) => {
  expect(said({ unit: 'Wh', serial, wrapAt: 1_000 })).toMatchObject({ wrapAt: 1_000 });
  expect(said({ unit: 'Wh', serial })?.serial).toBe(read);
});

test('what cannot be read of a channel is left out, and the rest is taken', () => {
  const odd = { wrapAt: -1, ratedW: 'much', startWh: 5, finalWh: 1.5, maker: 7 };
  expect(said(odd)).toEqual({ startWh: 5 });
  expect(said('nonsense')).toBeUndefined();
});

test('of two meters that one frame tells of the later one stands, whatever their names', async () => {
  const sites = 'sites: [{ id: keihin, generators: [{ id: pv-1, kind: pv, device: pi-1 }] }]';
  const [meter] = configuredMeters(parseConfig(sites, 'gateway.yaml', {}));
  if (meter === undefined) throw new Error('a meter was configured');
  const events = ['z-old', 'a-new'].map((serial, index): StoredEvent => {
    const origin = { site: 'keihin', device: 'pi-1', stream: 's', seq: 9, at: 5 };
    return {
      ...origin,
      index,
      event: { kind: 'meta', channels: { 'pv-1/generated': { serial } } },
    };
  });
  const store = { events: () => Promise.resolve(events) };
  const inputs = await storedEventInputs(store, meter, { from: 0, to: 10 });
  expect(inputs).toMatchObject([{ serial: 'z-old' }, { serial: 'a-new' }]);
});
