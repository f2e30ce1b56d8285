import {
  type Batch,
  type CommitResult,
  type RefusedReading,
  StoreError,
  type StoredReading,
} from '../port.ts';
import { writeApart } from './bisect.ts';
import type { InfluxClient } from './client.ts';
import type { DocumentLog } from './documents.ts';
import { type EventBook, eventDocument } from './events.ts';
import { RefusedLines } from './failure.ts';
import type { FirstContent } from './first-content.ts';
import { entryDocument, newEntries } from './quarantine.ts';
import { checkReading, readingLine, unstorable } from './reading-point.ts';
import { newRecords, prepareRecord } from './records.ts';
import { checkFrame, checkRun, type RunBook } from './runs.ts';
import type { StaleBook } from './stale.ts';
import type { Tally } from './tally.ts';

export interface CommitParts {
  readonly client: InfluxClient;
  readonly logs: {
    readonly events: DocumentLog;
    readonly quarantine: DocumentLog;
    readonly records: DocumentLog;
  };
  readonly contents: FirstContent;
  readonly events: EventBook;
  readonly stale: StaleBook;
  readonly runs: RunBook;
  readonly tally: Tally;
}

/**
 * Commits over a database without transactions. The order is what makes a kill at any instant harmless: first whatever
 * a repetition recognises or writes over (readings, events, quarantine, records, stale marks), and only when all of it
 * is durable the runs, which say that frames are held.
 */
export class Committer {
  readonly #parts: CommitParts;

  constructor(parts: CommitParts) {
    this.#parts = parts;
  }

  async commit(batch: Batch): Promise<CommitResult> {
    // Everything that may be wrong with the content is said before anything is written.
    for (const reading of batch.readings) checkReading(reading);
    for (const frame of batch.frames) checkFrame(frame);
    for (const run of batch.runs ?? []) checkRun(run);
    for (const event of batch.events) eventDocument(event);
    for (const entry of batch.quarantine) entryDocument(entry);
    const prepared = batch.records.map(prepareRecord);

    const { client, contents, runs, stale, tally } = this.#parts;
    const { storable, refused } = apart(batch.readings);
    const { fresh, repeated, conflicts } = await contents.decide(storable);
    const records = await newRecords(client, prepared);
    const documents = await this.#documents(batch, records.fresh);
    const later = await runs.add(batch.frames, batch.runs ?? []);
    if (documents.tails.length > 0) await this.#write(documents.tails);
    contents.attempt(fresh);
    let added = fresh.length;
    try {
      const turnedDown = await this.#data(documents.heads, [...fresh, ...repeated]);
      refused.push(...turnedDown);
      const isNew = new Set(fresh);
      added -= turnedDown.filter(({ reading }) => isNew.has(reading)).length;
      const last = [...later.lines, ...stale.again(batch.stale)];
      if (last.length > 0) await this.#write(last);
    } catch (error) {
      contents.failed(fresh);
      throw error;
    }
    later.taken();
    contents.succeeded(fresh);
    tally.add(added);
    const answer = { conflicts, added, recordConflicts: records.conflicts };
    return refused.length === 0 ? answer : { ...answer, refused };
  }

  /** Lines of everything but readings and runs. */
  async #documents(batch: Batch, records: Awaited<ReturnType<typeof newRecords>>['fresh']) {
    const { logs, events, stale } = this.#parts;
    const freshEvents = await events.fresh(batch.events);
    events.attempted(freshEvents);
    const entries = await newEntries(logs.quarantine, batch.quarantine);
    const written = [
      logs.events.append(freshEvents.map(eventDocument)),
      logs.quarantine.append(entries.map(entryDocument)),
      logs.records.append(records.map(({ document }) => document)),
    ];
    return {
      tails: written.flatMap(({ tails }) => tails),
      heads: [...written.flatMap(({ heads }) => heads), ...(await stale.mark(batch.stale))],
    };
  }

  /** One request, as long as the server takes it; else readings one by one, so that only what is refused is left out. */
  async #data(
    heads: readonly string[],
    readings: readonly StoredReading[],
  ): Promise<RefusedReading[]> {
    const { client } = this.#parts;
    const lines = readings.map(readingLine);
    if (heads.length + lines.length === 0) return [];
    try {
      await client.write([...heads, ...lines]);
      return [];
    } catch (error) {
      if (!(error instanceof RefusedLines)) throw error;
    }
    if (heads.length > 0) await this.#write(heads);
    const refused = await writeApart((some) => client.write(some), lines);
    return refused.flatMap(({ position, reason }) => {
      const reading = readings[position];
      return reading === undefined ? [] : [{ reading, reason }];
    });
  }

  /** What is ours alone is refused only where somebody else writes to our measurements. */
  async #write(lines: readonly string[]): Promise<void> {
    const { client } = this.#parts;
    try {
      await client.write(lines);
    } catch (error) {
      if (!(error instanceof RefusedLines)) throw error;
      throw new StoreError(
        `store ${client.place.url} "${client.place.database}": ${error.message}; ` +
          'give Kadoru a bucket of its own in which nothing expires',
        true,
        error,
      );
    }
  }
}

/** Readings InfluxDB could never hold are refused before it is asked. */
function apart(readings: readonly StoredReading[]): {
  storable: StoredReading[];
  refused: RefusedReading[];
} {
  const storable: StoredReading[] = [];
  const refused: RefusedReading[] = [];
  for (const reading of readings) {
    const reason = unstorable(reading);
    if (reason === undefined) storable.push(reading);
    else refused.push({ reading, reason });
  }
  return { storable, refused };
}
