import { parseConfig } from '../config/load.ts';
import { Derivation } from '../derive/derivation.ts';
import { configuredMeters, nothingSaid } from '../derive/meter.ts';
import { configuredPack, noStatements } from '../derive/pack.ts';
import { configuredReductions } from '../derive/reduction-plan.ts';
import { staleKeysOf } from '../derive/stale.ts';
import { shippedFactorRows } from '../emissions/factor-rows.ts';
import type { Batch, Store, StoredEvent, StoredReading } from '../store/port.ts';

const config = `
sites:
  - id: keihin
    packs:
      - { id: pack-1, device: pi-1, cylinders: 30, cylinderLitres: 50, flowMeter: { classPercent: 1 } }
    generators:
      - { id: pv-1, kind: pv, device: pi-1, reduction: { sold: none } }
`;
const periodMs = 30_000;
const frames = 30 * 120;
/** Numbers that never came: the hole in the runs. */
const missing = { from: 600, to: 620 };

/**
 * Fills a store as a gateway does: 30 hours of a pack that is drawn from and a meter, a frame every 30 s up to now, with
 * an outage, an open loop, a meter that begins anew, an estimated clock, a refused message and a delivery. Everything
 * derived comes from the gateway's own derivation.
 */
export async function fillPlant(store: Store, nowMs: number): Promise<void> {
  const { sites } = parseConfig(config, 'gateway.yaml', {});
  const packs = sites.flatMap(({ id, packs: own }) => own.map((pack) => configuredPack(id, pack)));
  const meters = configuredMeters({ sites });
  const staleKeys = staleKeysOf(packs, meters);
  for (let first = 0; first < frames; first += 300) {
    const batch = batchOf(first, first + 300, nowMs);
    await store.commit({ ...batch, stale: staleKeys(batch) });
  }
  const derivation = new Derivation(store, {
    packs,
    packStatements: () => noStatements,
    meters,
    meterStatements: () => nothingSaid,
    reductions: {
      plans: configuredReductions({ sites }, meters),
      factors: () => shippedFactorRows,
    },
  });
  while (await derivation.turn(nowMs));
}

const source = { site: 'keihin', device: 'pi-1', stream: 'k3f9' } as const;

function batchOf(first: number, last: number, nowMs: number): Batch {
  const numbers = Array.from({ length: last - first }, (_, index) => first + index).filter(
    (seq) => seq < missing.from || seq >= missing.to,
  );
  const at = (seq: number) => nowMs - (frames - seq) * periodMs;
  return {
    frames: numbers.map((seq) => ({ ...source, seq, at: at(seq) })),
    readings: numbers.flatMap((seq) => readingsOf(seq, at(seq))),
    events: first === 0 ? [] : [eventOf(first, at(first))],
    quarantine: first === 0 ? [refusedMessage(nowMs)] : [],
    records: first === 0 ? [delivery(nowMs)] : [],
    stale: [],
  };
}

function readingsOf(seq: number, at: number): readonly StoredReading[] {
  const clock = seq > 900 && seq < 905 ? 'estimated' : 'synced';
  const content = {
    at,
    receivedAt: at + 40,
    clock,
    seq,
    why: null,
    quality: 'good',
    ...source,
  } as const;
  const pack = { ...content, asset: 'pack-1' } as const;
  const generator = { ...content, asset: 'pv-1', raw: null } as const;
  const openLoop = { value: null, quality: 'bad', why: 'loop-open' } as const;
  const unsure = { quality: 'uncertain', why: 'out-of-range' } as const;
  const pressure = {
    ...pack,
    quantity: 'pressure',
    value: 15 - seq / 2000,
    raw: 17_000 - seq,
  } as const;
  return [
    { ...pack, quantity: 'temperature', value: 20, raw: 20_000 },
    { ...pack, quantity: 'flow', value: 100, raw: null },
    seq % 500 < 4 ? { ...pressure, ...openLoop } : pressure,
    { ...generator, quantity: 'power', value: 3_000, ...(seq % 400 === 3 ? unsure : {}) },
    // The register begins anew once: a fall, which stays open.
    {
      ...generator,
      quantity: 'generated',
      value: seq < 2000 ? 500_000 + seq * 25 : (seq - 2000) * 25,
    },
  ];
}

function eventOf(seq: number, at: number): StoredEvent {
  const event = {
    kind: 'dropped',
    from: seq - 9,
    to: seq - 1,
    count: 9,
    why: 'spool-full',
  } as const;
  return { ...source, seq, at, index: 0, event };
}

function refusedMessage(nowMs: number): Batch['quarantine'][number] {
  return {
    id: 'q-1',
    site: 'keihin',
    device: 'pi-1',
    topic: 'kadoru/v1/keihin/pi-1/live',
    receivedAt: nowMs,
    reasons: [{ code: 'not-json', path: '', detail: 'Unexpected end of JSON input' }],
    bytes: new TextEncoder().encode('{"stream":'),
  };
}

function delivery(nowMs: number): Batch['records'][number] {
  const about = { site: 'keihin', kind: 'delivery', id: 'd-1', subject: 'pack-1' } as const;
  return { ...about, at: nowMs, recordedAt: nowMs, by: '田中', body: { pressureMpa: 15 } };
}
