import type { Alarm, Generator, Health, LivePlant, Notice, Pack } from '#gateway/contract';

/** What HTTP needs of the running gateway: the live picture and where it stands. All times are the gateway's. */
export interface PlantView {
  sites(): LivePlant['sites'];
  packs(): Pack[];
  generators(): Generator[];
  /** Open alarms, urgent ones first. */
  alarms(): Alarm[];
  /** What is wrong now; empty when all is well. */
  problems(): Notice[];
  health(): Promise<Health>;
  /** Calls back whenever something shown changed; answers how to stop. */
  subscribe(changed: () => void): () => void;
}
