import type { PackJob } from '../derive/pack-job.ts';
import { type ConfiguredPack, ledgerSetup, type PackStatements } from '../derive/pack.ts';
import { isPackQuantity, packDevice, SampleJoin, type TracedSample } from '../derive/samples.ts';
import { closeMinute, step } from '../hydrogen/ledger/step.ts';
import type { LedgerState } from '../hydrogen/ledger/state.ts';
import type { StoredReading } from '../store/port.ts';

/** Samples that are newer than what is derived: a few minutes' worth in the ordinary run. */
const mostPending = 7200;

/**
 * A pack's ledger at this moment: what is derived up to the last closed minute, moved on by what arrived since, stored or
 * not. When the derivation moves on, or history changes, it starts from there anew: no second way of computing anything.
 */
export class PackFollower {
  readonly #pack: ConfiguredPack;
  readonly #job: Pick<PackJob, 'settled'>;
  readonly #statements: () => PackStatements;
  #join: SampleJoin;
  #pending: TracedSample[] = [];
  #base: PackJob['settled'];
  #live: LedgerState;

  constructor(
    pack: ConfiguredPack,
    job: Pick<PackJob, 'settled'>,
    statements: () => PackStatements,
  ) {
    this.#pack = pack;
    this.#job = job;
    this.#statements = statements;
    this.#join = new SampleJoin(pack, statements());
    this.#base = job.settled;
    this.#live = job.settled.state;
  }

  get state(): LedgerState {
    this.#rebase();
    return this.#live;
  }

  /** Readings of one frame as they arrive; one that is not newer than the newest changes nothing here. */
  arrived(readings: readonly StoredReading[]): void {
    const { site, config } = this.#pack;
    const device = packDevice(this.#pack);
    const mine = readings.filter(
      (reading) =>
        reading.asset === config.id &&
        reading.site === site &&
        reading.device === device &&
        isPackQuantity(reading.quantity),
    );
    const [first] = mine;
    if (first === undefined) return;
    this.#rebase();
    // Backlog is derived from the store; here it would put an old temperature beside a new pressure.
    if (first.at <= this.#live.at) return;
    const sample = this.#join.take(mine);
    if (sample === undefined) return;
    this.#pending.push(sample);
    if (this.#pending.length > mostPending) this.#pending.shift();
    this.#live = step(this.#setup(sample.at), this.#live, sample).state;
  }

  /** Statements about the pack changed: samples are converted anew from now on. */
  restated(): void {
    this.#join = new SampleJoin(this.#pack, this.#statements());
  }

  #setup(atMs: number) {
    return ledgerSetup(this.#pack, this.#statements(), atMs);
  }

  #rebase(): void {
    const { settled } = this.#job;
    if (settled === this.#base) return;
    this.#base = settled;
    this.#pending = this.#pending.filter(({ at }) => at > settled.state.at);
    let live = settled.state;
    for (const sample of this.#pending) live = step(this.#setup(sample.at), live, sample).state;
    this.#live = closeMinute(this.#setup(live.at), live, live.at).state;
  }
}
