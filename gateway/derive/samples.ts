import type { Quality, QuantityName } from '#device/contract';
import type { Pack } from '#gateway/contract';
import type { PackSample } from '../hydrogen/ledger/state.ts';
import type { SeriesKey, Span, Store, StoredReading } from '../store/port.ts';
import { calibrated, type ConfiguredPack, manualDevice, type PackStatements } from './pack.ts';

/** A sample as a ledger takes it, with what the pressure reading itself said. */
export interface TracedSample extends PackSample {
  /** Undefined where nobody read the pressure at this time. */
  readonly pressure:
    | { readonly quality: Quality; readonly why: Pack['why'] | undefined }
    | undefined;
  readonly temperature: { readonly quality: Quality; readonly why: Pack['why'] | undefined };
}

/** In this order at one time: the temperature must be known when the pressure is converted. */
export const packQuantities = ['temperature', 'drawn', 'flow', 'pressure'] as const;
type PackQuantity = (typeof packQuantities)[number];

export function isPackQuantity(quantity: QuantityName): quantity is PackQuantity {
  return packQuantities.some((name) => name === quantity);
}

/** Who reads a pack: its device, or people. */
export function packDevice({ config }: ConfiguredPack): string {
  return config.device ?? manualDevice;
}

function heldForMs({ config }: ConfiguredPack): number {
  return config.device === undefined
    ? config.manualStaleAfterHours * 3_600_000
    : config.staleAfterSeconds * 1000;
}

/**
 * Joins a pack's readings, given in order of time, into samples: a pressure goes with the temperature read at the same
 * time or last before it, as long as that is not stale.
 */
export class SampleJoin {
  readonly #pack: ConfiguredPack;
  readonly #statements: PackStatements;
  #temperature: StoredReading | undefined;

  constructor(pack: ConfiguredPack, statements: PackStatements) {
    this.#pack = pack;
    this.#statements = statements;
  }

  /** Readings of one instant, each quantity at most once. */
  take(readings: readonly StoredReading[]): TracedSample | undefined {
    let [pressure, drawn, flow]: (StoredReading | undefined)[] = [];
    for (const reading of readings) {
      if (reading.quantity === 'temperature') this.#temperature = reading;
      else if (reading.quantity === 'pressure') pressure = reading;
      else if (reading.quantity === 'drawn') drawn = reading;
      else if (reading.quantity === 'flow') flow = reading;
    }
    const at = readings[0]?.at;
    if (at === undefined) return undefined;
    const mpa = valueOf(pressure);
    return {
      at,
      pressureMpa: mpa === null ? null : this.#calibrated(at, mpa),
      temperatureC: valueOf(this.#temperatureAt(at)),
      flowNlPerMin: valueOf(flow),
      drawnG: valueOf(drawn),
      pressure:
        pressure === undefined
          ? undefined
          : { quality: pressure.quality, why: pressure.why ?? undefined },
      temperature: this.#temperatureQuality(at),
    };
  }

  #calibrated(at: number, mpa: number): number {
    // A needle has no calibration here: what was calibrated is the transmitter's chain.
    return this.#pack.config.device === undefined ? mpa : calibrated(this.#statements, at, mpa);
  }

  #temperatureAt(at: number): StoredReading | undefined {
    const held = this.#temperature;
    return held !== undefined && at - held.at <= heldForMs(this.#pack) ? held : undefined;
  }

  #temperatureQuality(at: number): TracedSample['temperature'] {
    const held = this.#temperatureAt(at);
    // Whether there was one before that is too old depends on where the walk began, and rows must not.
    if (held === undefined) return { quality: 'bad', why: 'no-data' };
    return { quality: held.quality, why: held.why ?? undefined };
  }
}

function valueOf(reading: StoredReading | undefined): number | null {
  return reading === undefined || reading.quality === 'bad' ? null : reading.value;
}

/** The stored samples of a span, oldest first; the temperature held at its start is looked up before it. */
export async function* storedSamples(
  store: Pick<Store, 'readings'>,
  pack: ConfiguredPack,
  statements: PackStatements,
  span: Span,
): AsyncGenerator<TracedSample, void, undefined> {
  const join = new SampleJoin(pack, statements);
  const early = { from: span.from - heldForMs(pack), to: span.from };
  for await (const reading of store.readings(seriesOf(pack, 'temperature'), early))
    join.take([reading]);
  for await (const readings of instants(store, pack, span)) {
    const sample = join.take(readings);
    if (sample !== undefined) yield sample;
  }
}

/** When the pack's first reading was measured. */
export async function firstSampleAt(
  store: Pick<Store, 'readings'>,
  pack: ConfiguredPack,
): Promise<number | undefined> {
  let first: number | undefined;
  const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
  for (const quantity of packQuantities)
    for await (const { at } of store.readings(seriesOf(pack, quantity), always)) {
      first = Math.min(first ?? at, at);
      break;
    }
  return first;
}

function seriesOf(pack: ConfiguredPack, quantity: PackQuantity): SeriesKey {
  return { site: pack.site, device: packDevice(pack), asset: pack.config.id, quantity };
}

/** The pack's readings gathered by their time. */
async function* instants(
  store: Pick<Store, 'readings'>,
  pack: ConfiguredPack,
  span: Span,
): AsyncGenerator<readonly StoredReading[], void, undefined> {
  const streams = packQuantities.map((quantity) =>
    store.readings(seriesOf(pack, quantity), span)[Symbol.asyncIterator](),
  );
  const heads = await Promise.all(streams.map((stream) => stream.next()));
  for (;;) {
    let at = Infinity;
    for (const head of heads) if (head.done !== true && head.value.at < at) at = head.value.at;
    if (at === Infinity) return;
    const together: StoredReading[] = [];
    for (const [index, head] of heads.entries()) {
      if (head.done === true || head.value.at !== at) continue;
      together.push(head.value);
      const next = await streams[index]?.next();
      if (next !== undefined) heads[index] = next;
    }
    yield together;
  }
}
