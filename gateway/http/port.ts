import type { Alarm, Generator, Health, Notice, Pack } from '#gateway/contract';

/** What HTTP needs of the running gateway: the live picture and where it stands. All times are the gateway's. */
export interface PlantView {
  packs(): Pack[];
  generators(): Generator[];
  /** Open ones, and those set aside. */
  alarms(): Alarm[];
  /** What is wrong now; empty when all is well. */
  problems(): Notice[];
  health(): Promise<Health>;
  /** Calls back whenever something shown changed; answers how to stop. */
  subscribe(changed: () => void): () => void;
}
