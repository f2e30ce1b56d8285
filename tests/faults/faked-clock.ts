import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const libraries = '/usr/lib';

/** The wall clock of one process, stepped from outside while it runs (libfaketime). Its monotonic clock is the machine's. */
export class FakedClock {
  readonly environment: NodeJS.ProcessEnv;
  readonly #file: string;

  constructor(folder: string, name: string) {
    this.#file = join(folder, `${name}.clock`);
    this.step(0);
    this.environment = {
      LD_PRELOAD: libraryPath(),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    };
  }

  /** Sets the distance from the true time, in whole seconds; the process sees it at its next look. */
  step(offsetSeconds: number): void {
    const sign = offsetSeconds < 0 ? '-' : '+';
    // Renamed into place: a process that reads half a number would see a step nobody asked for.
    writeFileSync(`${this.#file}.new`, `${sign}${Math.abs(Math.round(offsetSeconds))}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/** Debian's package libfaketime puts it below the machine's triplet. */
function libraryPath(): string {
  for (const triplet of readdirSync(libraries)) {
    if (!triplet.includes('-linux-gnu')) continue;
    const folder = join(libraries, triplet, 'faketime');
    const file = readdirSync(join(libraries, triplet)).includes('faketime')
      ? readdirSync(folder).find((name) => name === 'libfaketimeMT.so.1')
      : undefined;
    if (file !== undefined) return join(folder, file);
  }
  throw new Error(`no libfaketimeMT.so.1 below ${libraries}: apt-get install faketime`);
}
