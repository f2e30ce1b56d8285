import type { AlarmBroker } from './retained.ts';

/** A broker that comes later: until then it refuses, and whoever asks asks again. */
export class LateBroker implements AlarmBroker {
  #broker: AlarmBroker | undefined;

  is(broker: AlarmBroker): void {
    this.#broker = broker;
  }

  async publish(topic: string, payload: string, retain: true): Promise<void> {
    await this.#now().publish(topic, payload, retain);
  }

  async subscribe(filters: readonly string[]): Promise<void> {
    await this.#now().subscribe(filters);
  }

  #now(): AlarmBroker {
    if (this.#broker === undefined) throw new Error('no broker yet');
    return this.#broker;
  }
}
