const victims = ['device', 'gateway', 'broker', 'store'] as const;
export type Victim = (typeof victims)[number];

/** What a campaign did and what it found. */
export class Tally {
  readonly #kills: Record<Victim, number> = { device: 0, gateway: 0, broker: 0, store: 0 };
  readonly #faults = new Map<string, number>();
  /** Frames found in the store, each exactly once, unchanged. */
  deviceFrames = 0;
  bulkFrames = 0;
  /** Conversions that the device was killed over, or gave up on and reported as unknown. */
  unfinished = 0;
  /** Frames destroyed on the device's disk before they were sent. */
  destroyed = 0;
  unknowns = 0;
  conflicts = 0;
  audits = 0;
  /** What the last look of an audit found; while frames are under way they count as lost. */
  lostDeviceFrames = 0;
  lostBulkFrames = 0;
  quarantined = 0;
  openGaps = 0;
  /** Since the start: twice there, or with another value, time or place than was sampled. */
  duplicated = 0;
  changed = 0;

  killed(victim: Victim): void {
    this.#kills[victim] += 1;
  }

  suffered(fault: string): void {
    this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1);
  }

  get kills(): number {
    return victims.reduce((sum, victim) => sum + this.#kills[victim], 0);
  }

  summary(): string {
    const kills = victims.map((victim) => `${victim} ${this.#kills[victim]}`).join(', ');
    const faults = [...this.#faults].map(([name, count]) => `${name} ${count}`).join(', ');
    return [
      `kills ${this.kills} (${kills})`,
      `faults: ${faults}`,
      `${this.audits} audits: ${this.deviceFrames} frames of the device and ${this.bulkFrames} of the bulk source verified in the store`,
      `lost ${this.lostDeviceFrames + this.lostBulkFrames}, duplicated ${this.duplicated}, changed ${this.changed}, valid frames in quarantine ${this.quarantined}, open gaps ${this.openGaps}`,
      `${this.conflicts} contradictions in quarantine, as they should be; ${this.unfinished} conversions cut off by a kill, ${this.destroyed} frames destroyed on the device's disk before they left, ${this.unknowns} frames with an unknown value`,
    ].join('\n');
  }
}
