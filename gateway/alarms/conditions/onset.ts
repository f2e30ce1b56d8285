import type { Condition } from '../model.ts';

/**
 * Holds a condition back until it has been on for as long as it asks (the on-delay of ISA-18.2): a device that starts,
 * a connection that is made anew, or a backlog that is being caught up with shows such things for moments, and a latching
 * alarm would call people for each.
 */
export class Onset {
  /** Since when each has been on, epoch milliseconds; bounded by the conditions there are. */
  readonly #since = new Map<string, number>();

  /** The same conditions; one that is on, but not for long enough, as `hold`: what stands stays, and nothing begins. */
  lasting(conditions: readonly Condition[]): Condition[] {
    return conditions.map((condition) => this.#lasts(condition));
  }

  #lasts(condition: Condition): Condition {
    const { id, standing, at, onsetMs = 0 } = condition;
    if (standing !== 'on') {
      this.#since.delete(id);
      return condition;
    }
    const since = this.#since.get(id);
    // A clock that was set back would make it wait for as long again.
    const begun = since === undefined || since > at ? at : since;
    this.#since.set(id, begun);
    return at - begun >= onsetMs ? condition : { ...condition, standing: 'hold' };
  }
}
