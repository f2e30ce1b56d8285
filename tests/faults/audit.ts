import { setTimeout as sleep } from 'node:timers/promises';
import { bulk } from './bulk-source.ts';
import { type CountingLoop, pressureOfCode } from './counting-board.ts';
import type { Rig } from './rig.ts';
import { gapsOf, type Row, storedRows } from './stored.ts';

const deviceChannel = 'keihin/pi-1/pack-1/pressure';
const bulkChannel = `${bulk.site}/${bulk.device}/${bulk.asset}/pressure`;
/** Only ends what hangs: a device may wait 30 s before it connects again, and 10 s for an acknowledgement. */
const defaultPatienceMs = 240_000;
const lookEveryMs = 400;
/** The device rounds the current to 1 nA, of which half is 1.25e-6 MPa here, and the pressure to 1e-6 MPa. */
const roundingMpa = 2e-6;

/** The machine may be busy between a conversion and its stamp; a clock that was stepped here is off by a day or more. */
const stampToleranceMs = 60_000;

/** Stamps and completions are of one machine, read in two processes. */
const clockGrainMs = 50;

interface Wrong {
  readonly kind: 'changed' | 'duplicated';
  readonly detail: string;
}

/** What must never be, however long one waits. */
export class Violation extends Error {}

/**
 * Holds what is stored against what was sampled. Frames that are under way get time to arrive; what is there twice or
 * with another value fails at once.
 */
export class Audit {
  readonly #rig: Rig;
  readonly #patienceMs: number;
  /** `stream/seq` of the device's frames with the conversion each holds. */
  readonly #conversions = new Map<string, number>();
  readonly #framesOf = new Map<number, string>();
  readonly #sampledAtMs = new Map<number, number>();
  /** Frames with an unknown value, and when they were sampled. */
  readonly #unknowns = new Map<string, number>();
  #verifiedBulk = 0;

  constructor(rig: Rig, patienceMs = defaultPatienceMs) {
    this.#rig = rig;
    this.#patienceMs = patienceMs;
  }

  /** Resolves when everything sampled before the call is stored exactly once. Rejects with what is not. */
  async settle(): Promise<void> {
    const { bulk: source, tally, loop } = this.#rig;
    const boundary = loop.conversions;
    source.pause();
    await this.#until('every frame of the bulk source acknowledged', () => {
      source.insist();
      return Promise.resolve(
        source.unacknowledged === 0 ? undefined : `${source.unacknowledged} are not`,
      );
    });
    await this.#checkBulk();
    source.resume();
    await this.#until('every conversion of the device stored', () => this.#checkDevice(boundary));
    await this.#until('no open gap', () => this.#checkGaps());
    await this.#until('contradictions, and nothing else, in quarantine', () =>
      this.#checkQuarantine(),
    );
    tally.audits += 1;
    tally.conflicts = source.conflicts;
    tally.bulkFrames = this.#verifiedBulk;
    tally.deviceFrames = this.#conversions.size;
    tally.unknowns = this.#unknowns.size;
  }

  /** From the first frame on, not only what is new since the last audit. */
  async settleEverything(): Promise<void> {
    this.#verifiedBulk = 0;
    await this.settle();
  }

  async #checkBulk(): Promise<void> {
    const { bulk: source, gateway, tally } = this.#rig;
    const rows = await storedRows(gateway, bulkChannel, source.atMs(this.#verifiedBulk));
    const expected = range(source.sampled - this.#verifiedBulk).map((n) => n + this.#verifiedBulk);
    const stored = new Set(rows.map(({ seq }) => seq));
    tally.lostBulkFrames = expected.filter((seq) => !stored.has(seq)).length;
    tally.duplicated += rows.length - stored.size;
    const wrong = rows.filter((row) => !this.#isAsSampled(row));
    tally.changed += wrong.length;
    if (tally.lostBulkFrames > 0) {
      const first = expected.find((seq) => !stored.has(seq));
      throw new Violation(`${tally.lostBulkFrames} acknowledged frames are gone, ${first} first`);
    }
    if (rows.length > stored.size) throw new Violation('frames of the bulk source are there twice');
    if (wrong.length > 0)
      throw new Violation(`${wrong.length} frames are changed: ${JSON.stringify(wrong[0])}`);
    this.#verifiedBulk = source.sampled;
  }

  #isAsSampled({ at, value, raw, stream, seq }: Row): boolean {
    const { bulk: source } = this.#rig;
    const place = at === source.atMs(seq) && stream === bulk.stream && seq < source.sampled;
    return place && raw === seq && value === source.valueOf(seq);
  }

  async #checkDevice(boundary: number): Promise<string | undefined> {
    const { gateway, loop, tally } = this.#rig;
    const rows = await storedRows(gateway, deviceChannel);
    for (const row of rows) {
      const wrong = this.#takeDeviceRow(row, loop);
      if (wrong === undefined) continue;
      tally[wrong.kind] += 1;
      throw new Violation(`${wrong.detail}: ${JSON.stringify(row)}`);
    }
    const values = rows.filter(({ value }) => value !== null).length;
    if (values !== this.#conversions.size) {
      tally.lostDeviceFrames = this.#conversions.size - values;
      throw new Violation(`${this.#conversions.size} values were stored, ${values} still are`);
    }
    const absent = range(boundary).filter((number) => !this.#framesOf.has(number));
    const { cutOff, destroyed, lost } = this.#explain(absent);
    tally.unfinished = cutOff;
    tally.destroyed = destroyed;
    tally.lostDeviceFrames = lost.length;
    return lost.length === 0
      ? undefined
      : `${lost.length} of ${boundary} conversions: ${lost.slice(0, 20).join(' ')}; ${this.#circumstances(lost)}`;
  }

  /**
   * A conversion is rightly absent in three cases: its frame was destroyed on the device's disk; the kill came before
   * its frame (then it had just finished, or the chip finished it for nobody), at most one a kill; or the device gave up
   * on it and said so in a frame with an unknown value, sampled after the conversion before and before this one was
   * complete, one such frame a conversion.
   */
  #explain(absent: readonly number[]): {
    readonly cutOff: number;
    readonly destroyed: number;
    readonly lost: number[];
  } {
    const { conversionsAtKills, destroyed, destroyedUnknowns, loop } = this.#rig;
    const kills = [...conversionsAtKills];
    const unknownsAtMs = [...new Map([...destroyedUnknowns, ...this.#unknowns]).values()];
    const take = (from: number[], fits: (item: number) => boolean): boolean => {
      const index = from.findIndex(fits);
      if (index >= 0) from.splice(index, 1);
      return index >= 0;
    };
    const here = absent.filter((number) => !destroyed.has(number));
    const lost = here.filter((number) => {
      if (take(kills, (count) => number === count - 1 || number === count)) return false;
      const [afterMs, beforeMs] = [this.#sampledBefore(number), loop.completedMs(number)];
      return !take(unknownsAtMs, (atMs) => atMs > afterMs && atMs < beforeMs + clockGrainMs);
    });
    const cutOff = conversionsAtKills.length - kills.length;
    return { cutOff, destroyed: absent.length - here.length, lost };
  }

  /** What to look at when one is missing. */
  #circumstances(lost: readonly number[]): string {
    const { conversionsAtKills, destroyed, destroyedUnknowns, loop } = this.#rig;
    const completedMs = lost.slice(0, 3).map((number) => loop.completedMs(number));
    const near = [...destroyed].filter((number) => Math.abs(number - (lost[0] ?? 0)) < 20);
    return JSON.stringify({
      completedMs,
      killsAt: conversionsAtKills.slice(-5),
      destroyedNear: near,
      destroyedUnknownsAtMs: [...destroyedUnknowns.values()].slice(-10),
    });
  }

  /** When the newest stored conversion before this one was sampled. */
  #sampledBefore(conversion: number): number {
    for (let number = conversion - 1; number >= 0; number -= 1) {
      const atMs = this.#sampledAtMs.get(number);
      if (atMs !== undefined) return atMs;
    }
    return -Infinity;
  }

  #takeDeviceRow(row: Row, loop: CountingLoop): Wrong | undefined {
    const key = `${row.stream}/${row.seq}`;
    if (row.value === null || row.raw === null) {
      this.#unknowns.set(key, row.at);
      return undefined;
    }
    const conversion = this.#conversions.get(key) ?? loop.conversionOf(row.raw);
    if (conversion === undefined || loop.codeOf(conversion) !== row.raw)
      return { kind: 'changed', detail: 'the converter never gave this' };
    if (Math.abs(row.value - pressureOfCode(row.raw)) > roundingMpa)
      return { kind: 'changed', detail: `${row.raw} is ${pressureOfCode(row.raw)} MPa` };
    const sampledMs = loop.completedMs(conversion);
    // Written so that a time that is no number fails too.
    if (!(Math.abs(row.at - sampledMs) < stampToleranceMs))
      return { kind: 'changed', detail: `sampled at ${sampledMs}, stamped by a stepped clock` };
    const other = this.#framesOf.get(conversion);
    if (other !== undefined && other !== key)
      return { kind: 'duplicated', detail: `conversion ${conversion} is stored as ${other}, too` };
    this.#conversions.set(key, conversion);
    this.#framesOf.set(conversion, key);
    this.#sampledAtMs.set(conversion, row.at);
    return undefined;
  }

  async #checkGaps(): Promise<string | undefined> {
    const gaps = await gapsOf(this.#rig.gateway);
    // Numbers a device reserved and never used are its own statement, not a loss; so are records destroyed on its disk.
    const { destroyed, destroyedUnknowns } = this.#rig;
    const stated = destroyed.size + destroyedUnknowns.size > 0 ? /^(skipped|corrupt)/ : /^skipped/;
    const wrong = gaps.filter(({ state, why = '' }) => state === 'open' || !stated.test(why));
    this.#rig.tally.openGaps = wrong.length;
    return wrong.length === 0 ? undefined : JSON.stringify(wrong);
  }

  async #checkQuarantine(): Promise<string | undefined> {
    const { bulk: source, gateway } = this.#rig;
    source.insist();
    const { byReason } = (await gateway.health()).quarantine;
    const { conflict = 0, ...others } = byReason;
    this.#rig.tally.quarantined = Object.values(others).reduce((sum, count) => sum + count, 0);
    if (Object.keys(others).length > 0 || conflict > source.conflicts)
      throw new Violation(
        `valid frames in quarantine: ${JSON.stringify(byReason)}, made up ${source.conflicts}`,
      );
    return conflict === source.conflicts ? undefined : `${conflict} of ${source.conflicts}`;
  }

  async #until(what: string, look: () => Promise<string | undefined>): Promise<void> {
    const endMs = performance.now() + this.#patienceMs;
    for (;;) {
      const missing = await look();
      if (missing === undefined) return;
      if (performance.now() > endMs) throw new Error(`never seen: ${what}: ${missing}`);
      await sleep(lookEveryMs);
    }
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
