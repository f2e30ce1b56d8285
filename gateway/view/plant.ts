import type { Alarm, Generator, Health, LivePlant, Notice, Pack } from '#gateway/contract';
import { alarmKinds } from '../alarms/conditions/kinds.ts';
import { judgePack } from '../alarms/conditions/judge.ts';
import { Onset } from '../alarms/conditions/onset.ts';
import { judgeMeters } from '../alarms/conditions/meters.ts';
import type { Alarms } from '../alarms/index.ts';
import { shownAlarm } from '../alarms/shown.ts';
import type { SiteMeterConfig } from '../config/meters.ts';
import { type ConfiguredPack, manualDevice } from '../derive/pack.ts';
import type { PlantView } from '../http/port.ts';
import type { Store, StoredReading } from '../store/port.ts';
import type { Devices } from './devices.ts';
import { type ConfiguredGenerator, showGenerator } from './generators.ts';
import { Latest } from './latest.ts';
import type { MeterBoard } from './meter-board.ts';
import type { PackBoard } from './pack-board.ts';
import type { ReductionBoard } from './reduction-board.ts';

/** Where the gateway stands, apart from the plant itself. */
export interface Standing {
  problems(): Notice[];
  health(devices: Health['devices'], unknownAssets: Health['unknownAssets']): Promise<Health>;
}

/** A meter of the site itself. */
interface SiteMeter {
  readonly site: string;
  readonly config: SiteMeterConfig;
}

/** The live picture: the newest readings, converted at the moment somebody looks. */
export class Plant implements PlantView {
  readonly #sites: LivePlant['sites'];
  readonly #packs: readonly ConfiguredPack[];
  readonly #board: PackBoard;
  readonly #alarms: Alarms;
  readonly #meterBoard: MeterBoard;
  readonly #reductionBoard: Pick<ReductionBoard, 'show'>;
  readonly #generators: readonly ConfiguredGenerator[];
  readonly #siteMeters: readonly SiteMeter[];
  readonly #devices: Devices;
  readonly #standing: Standing;
  readonly #wallMs: () => number;
  readonly #latest = new Latest();
  readonly #onset = new Onset();
  readonly #listeners = new Set<() => void>();

  constructor(parts: {
    readonly sites: LivePlant['sites'];
    readonly packs: readonly ConfiguredPack[];
    readonly board: PackBoard;
    readonly alarms: Alarms;
    readonly meterBoard: MeterBoard;
    readonly reductionBoard: Pick<ReductionBoard, 'show'>;
    readonly generators: readonly ConfiguredGenerator[];
    readonly siteMeters: readonly SiteMeter[];
    readonly devices: Devices;
    readonly standing: Standing;
    readonly wallMs: () => number;
  }) {
    this.#sites = parts.sites;
    this.#packs = parts.packs;
    this.#board = parts.board;
    this.#alarms = parts.alarms;
    parts.alarms.subscribe(() => this.changed());
    this.#meterBoard = parts.meterBoard;
    this.#reductionBoard = parts.reductionBoard;
    this.#generators = parts.generators;
    this.#siteMeters = parts.siteMeters;
    this.#devices = parts.devices;
    this.#standing = parts.standing;
    this.#wallMs = parts.wallMs;
  }

  /** Fills the picture from the store after a restart. */
  async load(store: Store): Promise<void> {
    for (const series of await store.series())
      for await (const reading of store.readings(series, {
        from: series.lastAt,
        to: series.lastAt + 1,
      })) {
        this.#latest.observe(reading);
        if (reading.device !== manualDevice) this.#devices.observeReading(reading, false);
      }
  }

  /** Readings as they arrive, committed or not: the picture goes on while a store is slow. */
  arrived(readings: readonly StoredReading[]): void {
    let changed = false;
    this.#board.arrived(readings);
    for (const reading of readings) {
      if (reading.device !== manualDevice) this.#devices.observeReading(reading, true);
      changed = this.#latest.observe(reading) || changed;
    }
    if (changed) this.changed();
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Readings that are stored and have no place in the picture. */
  get overlooked(): number {
    return this.#latest.overlooked;
  }

  sites(): LivePlant['sites'] {
    return this.#sites;
  }

  packs(): Pack[] {
    const nowMs = this.#wallMs();
    const open = this.#alarms.open();
    return this.#packs.map((pack) =>
      this.#board.show(pack, this.#latest, nowMs, alarmsOf(pack, open)),
    );
  }

  alarms(): Alarm[] {
    return this.#alarms.open().map((alarm) => shownAlarm(alarmKinds, alarm));
  }

  /** Judges every pack and meter as it stands now. */
  judge(): void {
    const nowMs = this.#wallMs();
    const shown = this.packs();
    const conditions = this.#packs.flatMap((pack, index) => {
      const view = shown[index];
      return view === undefined ? [] : judgePack(this.#board.situation(pack, view, nowMs));
    });
    const meters = judgeMeters(this.#meterBoard.standings(), nowMs);
    this.#alarms.evaluate(this.#onset.lasting([...conditions, ...meters]));
  }

  generators(): Generator[] {
    const nowMs = this.#wallMs();
    return this.#generators.map((generator) => {
      const today = this.#today(generator, nowMs);
      const reduction = this.#reductionBoard.show(
        `${generator.site}/${generator.config.id}`,
        nowMs,
      );
      return showGenerator(generator, this.#latest, { today, reduction }, nowMs);
    });
  }

  #today({ site, config }: ConfiguredGenerator, nowMs: number): Generator['today'] {
    return this.#meterBoard.today(`${site}/${config.id}/generated`, nowMs);
  }

  problems(): Notice[] {
    return this.#standing.problems();
  }

  health(): Promise<Health> {
    return this.#standing.health(this.#devices.shown(), this.#unknownAssets());
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  #unknownAssets(): Health['unknownAssets'] {
    const configured = new Set(
      [...this.#packs, ...this.#generators, ...this.#siteMeters].map(
        ({ site, config }) => `${site}/${config.device}/${config.id}`,
      ),
    );
    const unknown = new Map<string, Health['unknownAssets'][number]>();
    for (const { site, device, asset, quantity } of this.#latest.all()) {
      // What people enter is checked against the configuration before it is stored.
      if (device === manualDevice) continue;
      const key = `${site}/${device}/${asset}`;
      if (configured.has(key)) continue;
      const heard = unknown.get(key) ?? { site, device, asset, quantities: [] };
      unknown.set(key, { ...heard, quantities: [...heard.quantities, quantity].toSorted() });
    }
    return [...unknown.values()];
  }
}

function alarmsOf(
  { site, config }: ConfiguredPack,
  open: ReturnType<Alarms['open']>,
): Pack['alarms'] {
  return open
    .filter((alarm) => alarm.site === site && alarm.subject === config.id)
    .map(({ id, kind, raisedAt, acknowledged }) => ({
      id,
      kind,
      since: raisedAt,
      acknowledged: acknowledged !== null,
    }));
}
