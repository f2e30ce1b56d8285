import type { Pack } from '#gateway/contract';
import { consumptionOf, type Consumption } from '../hydrogen/consumption.ts';
import { step, closeMinute, minuteMs } from '../hydrogen/ledger/step.ts';
import { emptyLedger, type LedgerEvent, type LedgerState } from '../hydrogen/ledger/state.ts';
import type { DerivedRow } from '../store/port.ts';
import {
  type ConfiguredPack,
  convert,
  ledgerSetup,
  type PackStatements,
  shownQuality,
} from './pack.ts';
import type { TracedSample } from './samples.ts';

/** What a stretch of samples gave. */
export interface Derived {
  readonly rows: DerivedRow[];
  readonly events: LedgerEvent[];
}

/**
 * Walks a pack's ledger over samples in order of time and writes its minutes down: one row at the start of each minute
 * that had a reading, one more at the time of each event.
 */
export class LedgerWalk {
  readonly #pack: ConfiguredPack;
  readonly #statements: PackStatements;
  #state: LedgerState;
  #minute: OpenMinute | undefined;
  #derived: Derived = { rows: [], events: [] };

  constructor(pack: ConfiguredPack, statements: PackStatements, state: LedgerState = emptyLedger) {
    this.#pack = pack;
    this.#statements = statements;
    this.#state = state;
  }

  get state(): LedgerState {
    return this.#state;
  }

  take(sample: TracedSample): void {
    const minute = Math.floor(sample.at / minuteMs) * minuteMs;
    if (this.#minute !== undefined && this.#minute.at !== minute) this.closeAt(minute);
    const setup = ledgerSetup(this.#pack, this.#statements, sample.at);
    const { state, events } = step(setup, this.#state, sample);
    this.#state = state;
    this.#minute = withSample(
      this.#minute ?? { at: minute, best: undefined, last: undefined },
      sample,
      state,
    );
    this.#derived.events.push(...events);
    if (events.some(({ at }) => at === sample.at))
      this.#derived.rows.push(this.#row(sample.at, sample));
  }

  /** Closes the minute under way, which ends at or before `endMs`. */
  closeAt(endMs: number): void {
    const minute = this.#minute;
    if (minute === undefined || minute.at + minuteMs > endMs) return;
    this.#minute = undefined;
    const setup = ledgerSetup(this.#pack, this.#statements, minute.at + minuteMs - 1);
    const { state, events } = closeMinute(setup, this.#state, minute.at + minuteMs);
    this.#state = state;
    this.#derived.events.push(...events);
    const shown = minute.best ?? minute.last;
    if (shown !== undefined) this.#derived.rows.push(this.#row(minute.at, shown));
  }

  /** Takes out what was derived since the last call. */
  drain(): Derived {
    const derived = this.#derived;
    this.#derived = { rows: [], events: [] };
    return derived;
  }

  #row(at: number, sample: TracedSample): DerivedRow {
    const setup = ledgerSetup(this.#pack, this.#statements, sample.at);
    const isolated = this.#state.isolation !== null && sample.at >= this.#state.isolation.since;
    const pressureMpa = isolated ? null : sample.pressureMpa;
    const hydrogen = convert(setup.pack, pressureMpa, sample.temperatureC);
    const quality = isolated
      ? ({ quality: 'bad', why: 'isolated' } as const)
      : qualityOf(sample, hydrogen);
    const consumption = consumptionOf(this.#pack.config.flowMeter, this.#state);
    return {
      at,
      fields: {
        measuredAt: sample.at,
        pressureMpa,
        temperatureC: sample.temperatureC,
        totalKg: hydrogen?.totalKg ?? null,
        usableKg: hydrogen?.usableKg ?? null,
        usableBeforeStopKg: hydrogen?.usableBeforeStopKg ?? null,
        expandedUncertaintyKg: hydrogen?.expandedUncertaintyKg ?? null,
        usableExpandedUncertaintyKg: hydrogen?.usableExpandedUncertaintyKg ?? null,
        openCylinders: setup.pack.openCylinders,
        ...flowFields(consumption),
        segmentAt: this.#state.segment?.at ?? null,
        meteredG: this.#state.segment?.meteredG ?? null,
        quality: quality.quality,
        why: quality.why ?? null,
      },
    };
  }
}

function flowFields({ state, kgPerHour, expandedUncertaintyKgPerHour }: Consumption) {
  return { consumption: state, kgPerHour, expandedUncertaintyKgPerHour };
}

/** The readings of a running minute that its row may show: the last one with a mass, or else the last one. */
interface OpenMinute {
  readonly at: number;
  readonly best: TracedSample | undefined;
  readonly last: TracedSample | undefined;
}

function withSample(minute: OpenMinute, sample: TracedSample, state: LedgerState): OpenMinute {
  const complete =
    state.isolation === null && sample.pressureMpa !== null && sample.temperatureC !== null;
  const last = sample.pressure !== undefined ? sample : (minute.last ?? sample);
  return { ...minute, last, best: complete ? sample : minute.best };
}

function qualityOf(
  sample: TracedSample,
  hydrogen: ReturnType<typeof convert>,
): Pick<Pack, 'quality' | 'why'> {
  const { quality, why } = sample.pressure ?? { quality: 'bad', why: 'no-data' };
  const pressure = { value: sample.pressureMpa, quality, ...(why === undefined ? {} : { why }) };
  const warmth = sample.temperature;
  const temperature = {
    value: sample.temperatureC,
    quality: warmth.quality,
    ...(warmth.why === undefined ? {} : { why: warmth.why }),
  };
  return shownQuality(pressure, temperature, hydrogen);
}
