import { dayMs } from '../energy/japan-day.ts';
import { type ConfiguredMeter, meterSeries } from '../derive/meter.ts';
import type { Span, Store } from '../store/port.ts';
import { type DayDigests, Digester, emptyDay } from './digest.ts';
import { type Seal, sealKind, sealOf } from './seal.ts';

/** The digests of every day of a span of whole days, computed from what is stored now; days without readings too. */
export async function* storedDays(
  store: Pick<Store, 'readings'>,
  meter: ConfiguredMeter,
  { from, to }: Span,
): AsyncGenerator<DayDigests, void, undefined> {
  const digester = new Digester(meter.key);
  let next = from;
  function* upTo(ended: DayDigests): Generator<DayDigests, void, undefined> {
    for (; next < ended.day; next += dayMs) yield { day: next, digests: emptyDay };
    yield ended;
    next = ended.day + dayMs;
  }
  for await (const reading of store.readings(meterSeries(meter), { from, to })) {
    const ended = digester.take(reading);
    if (ended !== undefined) yield* upTo(ended);
  }
  const last = digester.end();
  if (last !== undefined) yield* upTo(last);
  for (; next < to; next += dayMs) yield { day: next, digests: emptyDay };
}

/** A register's seals, in the order of the chain. */
export async function* storedSeals(
  store: Pick<Store, 'records'>,
  { site, key }: Pick<ConfiguredMeter, 'site' | 'key'>,
): AsyncGenerator<Seal, void, undefined> {
  for await (const record of store.records({ site, kind: sealKind, subject: key }))
    yield sealOf(record);
}
