import { catalogue } from '#device/contract';
import type { EnergyTotal, Meter } from '#gateway/contract';
import { markExpiresMs, markWarningMs } from '../alarms/conditions/mark.ts';
import type { MeterStanding } from '../alarms/conditions/meters.ts';
import type { Derivation } from '../derive/derivation.ts';
import { type ConfiguredMeter, isWhMeter } from '../derive/meter.ts';
import type { MeterJob } from '../derive/meter-job.ts';
import type { Account } from '../derive/meter-walk.ts';
import {
  halfHourOf,
  intervalMeasurement,
  registerEventMeasurement,
  registerEventOf,
} from '../derive/meter-rows.ts';
import { intervalStart } from '../energy/calendar.ts';
import { japanMidnight } from '../energy/japan-day.ts';
import type { RegisterEvent } from '../energy/event.ts';
import { coarsen, type Interval } from '../energy/interval.ts';
import type { Store } from '../store/port.ts';

/** Of events that wait, so many are named. */
const mostNamed = 20;
/** A fall may still turn out to be a wake-up zero: so long after it nobody is asked. */
const settlingMs = 60 * 60_000;

/** A register and what its stored half hours and events come to. */
interface Place {
  readonly job: MeterJob;
  changes: number;
  month: number;
  closed: { readonly month: Interval | undefined; readonly fiscalYear: Interval | undefined };
  openEvents: readonly RegisterEvent[];
}

/** Where every meter stands now: its totals, its identity, and what waits for a person. */
export class MeterBoard {
  readonly #store: Pick<Store, 'derived'>;
  readonly #places: ReadonlyMap<string, Place>;
  #nowMs = 0;

  constructor(store: Pick<Store, 'derived'>, derivation: Derivation) {
    this.#store = store;
    const nothing = { month: undefined, fiscalYear: undefined };
    this.#places = new Map(
      [...derivation.meterJobs()].map((job) => [
        job.meter.key,
        { job, changes: -1, month: 0, closed: nothing, openEvents: [] },
      ]),
    );
  }

  /** Sums up again what has changed; true where anything had. */
  async account(nowMs: number): Promise<boolean> {
    this.#nowMs = nowMs;
    const month = intervalStart('1mo', nowMs);
    let any = false;
    for (const place of this.#places.values()) {
      const { changes } = place.job;
      if (changes === place.changes && place.month === month) continue;
      place.closed = await this.#closed(place.job.meter, nowMs);
      place.openEvents = await this.#openEvents(place.job.meter);
      place.changes = changes;
      place.month = month;
      any = true;
    }
    return any;
  }

  /** What a register's half hours are going to be from: undefined where no such meter is. */
  accountOf(key: string): Account | undefined {
    return this.#places.get(key)?.job.account;
  }

  /** Energy since 00:00 Japan time; null where it is not known. */
  today(key: string, nowMs: number): Meter['today'] {
    const day = this.#places.get(key)?.job.day;
    return day === undefined || day.day !== japanMidnight(nowMs) ? null : day.energy;
  }

  standings(): MeterStanding[] {
    return [...this.#places.values()].map(({ job, openEvents }) => {
      const { meter, account } = job;
      const { evidence } = meter.settings;
      const doubted = new Set(account.state.held.map(({ event }) => event?.id));
      const waits = ({ id, at }: RegisterEvent) =>
        !doubted.has(id) || this.#nowMs - at >= settlingMs;
      return {
        site: meter.site,
        asset: meter.asset,
        quantity: meter.quantity,
        unit: catalogue[meter.quantity].unit,
        openEvents: openEvents.filter(waits),
        registerWh: account.state.level?.wh ?? null,
        wrapAt: account.state.wrapAt,
        markExpires: evidence?.kind === 'specified' ? evidence.markExpires : undefined,
      };
    });
  }

  /** The meters of electricity of an asset, or all: what is shown is in Wh. */
  show(nowMs: number, asset?: { readonly site: string; readonly id: string }): Meter[] {
    return [...this.#places.values()]
      .filter(
        ({ job: { meter } }) =>
          isWhMeter(meter) &&
          (asset === undefined || (meter.site === asset.site && meter.asset === asset.id)),
      )
      .map((place) => this.#shown(place, nowMs));
  }

  #shown({ job, closed, openEvents }: Place, nowMs: number): Meter {
    const { meter, account } = job;
    const { state, running } = account;
    const { maker = null, model = null, serial = null } = meter.settings;
    return {
      meter: meter.key,
      name: meter.name,
      device: meter.device ?? null,
      identity: {
        maker,
        model,
        serial,
        saidSerial: state.serial,
        wrapAt: state.wrapAt ?? meter.settings.wrapAt ?? null,
        ratedW: state.ratedW ?? meter.settings.ratedW ?? null,
        class: meter.settings.class ?? null,
      },
      evidence: evidenceOf(meter, nowMs),
      reportingPeriod: {
        seconds: meter.rules.periodMs / 1000,
        assumed: meter.settings.reportingPeriodSeconds === undefined,
      },
      registerWh: state.level?.wh ?? null,
      readAt: state.level?.at ?? null,
      today: this.today(meter.key, nowMs),
      halfHour: total(undefined, running, intervalStart('30m', nowMs)),
      month: total(closed.month, running, intervalStart('1mo', nowMs)),
      fiscalYear: total(closed.fiscalYear, running, intervalStart('fy', nowMs)),
      openEvents: openEvents.slice(0, mostNamed),
      openEventCount: openEvents.length,
    };
  }

  async #closed(meter: ConfiguredMeter, nowMs: number): Promise<Place['closed']> {
    const from = intervalStart('fy', nowMs);
    const month = intervalStart('1mo', nowMs);
    const key = { measurement: intervalMeasurement, key: meter.key };
    const halfHours: Interval[] = [];
    for await (const row of this.#store.derived(key, { from, to: Number.MAX_SAFE_INTEGER }))
      halfHours.push(halfHourOf(row).interval);
    const [fiscalYear] = coarsen(halfHours, 'fy');
    const [ofMonth] = coarsen(
      halfHours.filter(({ start }) => start >= month),
      '1mo',
    );
    return { month: ofMonth, fiscalYear };
  }

  async #openEvents({ key }: ConfiguredMeter): Promise<RegisterEvent[]> {
    const open: RegisterEvent[] = [];
    const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
    const events = { measurement: registerEventMeasurement, key };
    for await (const row of this.#store.derived(events, always)) {
      const event = registerEventOf(row);
      if (event.resolution === null) open.push(event);
    }
    return open;
  }
}

/** What is closed and what the running half hour adds; a gap that began before it is a label of closed ones, too. */
function total(
  closed: Interval | undefined,
  running: Interval | null,
  start: number,
): EnergyTotal | null {
  const added = running !== null && running.start >= start ? running : undefined;
  if (closed === undefined && added === undefined) return null;
  const gaps = (added?.unallocated ?? []).filter(({ from }) => from >= (added?.start ?? 0));
  return {
    start,
    wh: gaps.reduce((sum, { wh }) => sum + wh, (closed?.wh ?? 0) + (added?.wh ?? 0)),
    coveredSeconds: (closed?.coveredSeconds ?? 0) + (added?.coveredSeconds ?? 0),
  };
}

function evidenceOf({ settings: { evidence } }: ConfiguredMeter, nowMs: number): Meter['evidence'] {
  if (evidence === undefined) return null;
  if (evidence.kind === 'calibrated') return evidence;
  const leftMs = markExpiresMs(evidence.markExpires) - nowMs;
  const ending = leftMs <= markWarningMs ? 'soon' : 'valid';
  return { ...evidence, mark: leftMs <= 0 ? 'expired' : ending };
}
