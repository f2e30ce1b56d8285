import { z } from 'zod';
import { corrected } from '../energy/correction.ts';
import { byInstant, type RegisterInput, type RegisterReading } from '../energy/input.ts';
import type { Span, Store, StoredEvent, StoredReading } from '../store/port.ts';
import { type ConfiguredMeter, isWhMeter, meterSeries, type MeterStatements } from './meter.ts';

const whole = z.int().nonnegative().optional().catch(undefined);
/** Some write it as a number. Null is no serial number, and must not pass for another meter's. */
const serialSchema = z
  .union([z.string().trim(), z.number()])
  .transform(String)
  .pipe(z.string().min(1).max(200));
/** What a device says of a channel beside its unit: whatever of it can be read (design.md, `meta`). */
const metaSchema = z.object({
  serial: serialSchema.optional().catch(undefined),
  wrapAt: z.int().positive().optional().catch(undefined),
  ratedW: z.number().positive().optional().catch(undefined),
  startWh: whole,
  finalWh: whole,
  maker: z.string().optional().catch(undefined),
  model: z.string().optional().catch(undefined),
});
export type ChannelMeta = z.infer<typeof metaSchema>;
const channelsSchema = z.record(z.string(), z.unknown()).catch({});
const rollbackSchema = z.object({ channel: z.string(), wh: whole });

/** What a device's event says of one of its channels; undefined where it says nothing of it. */
export function channelMeta({ event }: StoredEvent, channel: string): ChannelMeta | undefined {
  if (event.kind !== 'meta') return undefined;
  const channels = channelsSchema.parse(event['channels']);
  if (!Object.hasOwn(channels, channel)) return undefined;
  return metaSchema.safeParse(channels[channel]).data;
}

/** What the configuration says stands in for what the device does not. */
function inputOf(stored: StoredEvent, meter: ConfiguredMeter): RegisterInput | undefined {
  const { at, event } = stored;
  const channel = `${meter.asset}/${meter.quantity}`;
  if (event.kind === 'restart') return { kind: 'restart', at };
  if (event.kind === 'register-rollback') {
    const back = rollbackSchema.safeParse(event);
    if (back.data?.channel !== channel) return undefined;
    return { kind: 'rollback', at, wh: back.data.wh };
  }
  const meta = channelMeta(stored, channel);
  if (meta === undefined) return undefined;
  const { serial, startWh, finalWh } = meta;
  const { wrapAt = meter.settings.wrapAt } = meta;
  // Rated in W is what makes electricity; gas and heat are judged in units of their own.
  const ratedW = isWhMeter(meter) ? (meta.ratedW ?? meter.settings.ratedW) : undefined;
  return { kind: 'meta', at, serial, wrapAt, ratedW, startWh, finalWh };
}

/** A stored reading as accounting takes it: as people have corrected it. */
export function readingOf(
  { at, value, quality, clock }: StoredReading,
  { corrections }: MeterStatements,
): RegisterReading {
  const reading: RegisterReading = { kind: 'reading', at, wh: value, quality, clock };
  const said = corrections.get(at);
  return said === undefined ? reading : corrected(reading, said);
}

/** Everything stored of a register in a span, in order of time, as accounting takes it. */
export async function* storedInputs(
  store: Pick<Store, 'readings' | 'events'>,
  meter: ConfiguredMeter,
  statements: MeterStatements,
  span: Span,
): AsyncGenerator<RegisterInput, void, undefined> {
  const said = await storedEventInputs(store, meter, span);
  let next = 0;
  for await (const stored of store.readings(meterSeries(meter), span)) {
    for (let event = said[next]; event !== undefined && event.at <= stored.at; event = said[next]) {
      yield event;
      next += 1;
    }
    yield readingOf(stored, statements);
  }
  yield* said.slice(next);
}

/** What a register's device said of it in a span, in order of time. */
export async function storedEventInputs(
  store: Pick<Store, 'events'>,
  meter: ConfiguredMeter,
  span: Span,
): Promise<RegisterInput[]> {
  if (meter.device === undefined) return [];
  const events = await store.events(meter.site, meter.device, span);
  // One frame may hold what frames that were dropped had to say, before its own: the store answers in that order.
  return events.flatMap((event) => inputOf(event, meter) ?? []).toSorted(byInstant);
}
