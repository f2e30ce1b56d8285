import { until } from '../system/device-harness.ts';
import { Audit } from './audit.ts';
import { type Fault, faults } from './faults.ts';
import type { Rig } from './rig.ts';
import type { Seeded } from './seeded.ts';

/** Only ends what hangs: on a busy machine the board's own start may take several attempts. */
const patienceMs = 240_000;
/** What people trust most, and most wrongly, is killed three times as often; with a database, the servers alone. */
const often: ReadonlySet<string> = new Set(['mosquitto killed', 'influxd killed']);
const oftenWithoutDatabase: ReadonlySet<string> = new Set(['mosquitto killed', 'device killed']);

/** Random faults on one rig, alone and together, each round followed by an audit. */
export class Campaign {
  readonly #rig: Rig;
  readonly #random: Seeded;
  readonly #audit: Audit;
  readonly #faults: readonly Fault[];

  constructor(rig: Rig, random: Seeded) {
    this.#rig = rig;
    this.#random = random;
    this.#audit = new Audit(rig);
    const has = {
      mosquitto: rig.mosquitto !== undefined,
      influxd: rig.influxd !== undefined,
      'embedded store': rig.influxd === undefined,
      disk: rig.deviceDisk !== undefined,
    };
    const possible = faults.filter(({ needs }) => needs === undefined || has[needs]);
    const thrice = has.influxd ? often : oftenWithoutDatabase;
    this.#faults = possible.flatMap((fault) =>
      thrice.has(fault.name) ? [fault, fault, fault] : [fault],
    );
    if (!has.disk) console.log('without a full disk: mounting one needs root');
  }

  /** Every fault by itself. */
  async eachAlone(): Promise<void> {
    for (const fault of this.#random.shuffled(this.#faults)) await this.#round([fault]);
  }

  /** Up to three things at once. */
  async together(): Promise<void> {
    const chosen: Fault[] = [];
    for (const fault of this.#random.shuffled(this.#faults)) {
      if (chosen.length === 3) break;
      // A gateway does not start on a store that another program holds; for a server that is away it waits.
      const excluded = chosen.some(
        ({ takes }) =>
          takes === fault.takes ||
          (this.#rig.influxd === undefined &&
            [takes, fault.takes].toSorted().join() === 'gateway,store'),
      );
      if (!excluded) chosen.push(fault);
    }
    await this.#round(chosen.slice(0, this.#random.whole(1, 3)));
  }

  /** The last word: the whole store against the whole truth. */
  end(): Promise<void> {
    return this.#audit.settleEverything();
  }

  /** A fault on a device that has not begun yet would prove little. */
  async #deviceSamples(): Promise<void> {
    const { loop, device } = this.#rig;
    const from = loop.conversions;
    await until(
      'three more conversions',
      () => {
        if (device.child.exitCode !== null)
          throw new Error(`the device ended by itself:\n${device.lines.slice(-10).join('\n')}`);
        return loop.conversions >= from + 3 ? true : undefined;
      },
      patienceMs,
    );
  }

  async #round(chosen: readonly Fault[]): Promise<void> {
    const names = chosen.map(({ name }) => name).join(' + ');
    try {
      await this.#deviceSamples();
      // Each fault draws from its own sequence: what runs at the same time must not decide who draws first.
      const runs = chosen.map((fault) => ({ fault, random: this.#random.branch() }));
      await Promise.all(runs.map(({ fault, random }) => fault.run(this.#rig, random)));
      for (const { name } of chosen) this.#rig.tally.suffered(name);
      await this.#audit.settle();
    } catch (error) {
      const logs = [this.#rig.gateway.program, this.#rig.device].map(({ lines }) =>
        lines.slice(-15).join('\n'),
      );
      const kept = this.#rig.gateway.folder;
      throw new Error(
        `seed ${this.#random.seed}, after "${names}" (data kept in ${kept}): ${String(error)}\n${this.#rig.tally.summary()}\n${logs.join('\n---\n')}`,
        { cause: error },
      );
    }
  }
}
