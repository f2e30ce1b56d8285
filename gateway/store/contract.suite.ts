import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from './port.ts';
import { describeDerived } from './suite/derived.suite.ts';
import { describeEnds } from './suite/ends.suite.ts';
import { describeEvents } from './suite/events.suite.ts';
import { describeFirstContent } from './suite/first-content.suite.ts';
import { describeQuarantine } from './suite/quarantine.suite.ts';
import { describeReadings } from './suite/readings.suite.ts';
import { describeRecords } from './suite/records.suite.ts';
import { describeRuns } from './suite/runs.suite.ts';

/** A store over data of its own, for one test. */
export interface StoreHarness {
  readonly store: Store;
  /** Closes what is open and opens the same data again. */
  readonly reopen: () => Promise<Store>;
  /** Closes what is open and removes the data. */
  readonly dispose: () => Promise<void>;
}

/** What a group of tests uses to get at the store of the running test. */
export type CurrentStore = () => StoreHarness;

const promises = {
  readings: describeReadings,
  'first content wins': describeFirstContent,
  runs: describeRuns,
  events: describeEvents,
  derived: describeDerived,
  quarantine: describeQuarantine,
  records: describeRecords,
  'failure and end': describeEnds,
};

/** Every promise of `port.ts` as a test: an implementation is a store when it passes this. */
export function describeStore(name: string, open: () => Promise<StoreHarness>): void {
  describe(`store contract: ${name}`, () => {
    let harness: StoreHarness | undefined;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(async () => {
      await harness?.dispose();
      harness = undefined;
    });
    const current: CurrentStore = () => {
      if (harness === undefined) throw new Error('no test is running');
      return harness;
    };
    describe.each(Object.entries(promises))('%s', (_, describePromise) => {
      describePromise(current);
    });
  });
}
