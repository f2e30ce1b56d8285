import {
  type Batch,
  type CommitResult,
  RefusedRecords,
  type RefusedEvent,
  type RefusedReading,
  type StoredEvent,
  type StoredReading,
} from '../port.ts';
import type { InfluxClient } from './client.ts';
import type { DocumentLines, DocumentLog } from './documents.ts';
import { type EventBook, eventDocument } from './events.ts';
import type { FirstContent } from './first-content.ts';
import { LineWriter } from './line-writer.ts';
import { entryDocument, newEntries } from './quarantine.ts';
import { checkReading, readingLines, unstorable } from './reading-point.ts';
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

interface EventLines extends DocumentLines {
  readonly event: StoredEvent;
}

/** The lines of a batch, by what becomes of one that the server refuses. */
interface BatchLines {
  /** Left out and answered. */
  readonly events: readonly EventLines[];
  /** The commit is rejected. */
  readonly records: readonly DocumentLines[];
  /** The same, to be tried again: nobody but somebody else's types can be at fault. */
  readonly entries: readonly DocumentLines[];
  readonly marks: readonly string[];
}

/** What the server refused. */
interface Left {
  readonly readings: readonly RefusedReading[];
  readonly events: readonly RefusedEvent[];
}

/**
 * Commits over a database without transactions. The order is what makes a kill at any instant harmless: first whatever
 * a repetition recognises or writes over (readings, events, quarantine, stale marks, records), and only when all of it
 * is durable the runs, which say that frames are held.
 */
export class Committer {
  readonly #parts: CommitParts;
  readonly #lines: LineWriter;

  constructor(parts: CommitParts) {
    this.#parts = parts;
    this.#lines = new LineWriter(parts.client);
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
    if (prepared.length > 0) this.#notWithRecords(refused);
    const { fresh, freshOf, repeated, conflicts } = await contents.decide(storable);
    const records = await newRecords(client, prepared);
    const later = await runs.add(batch.frames, batch.runs ?? []);
    const lines = await this.#linesOf(batch, records.fresh);
    contents.attempt(freshOf);
    const ahead = contents.ahead(freshOf);
    try {
      const left = await this.#write(lines, [...fresh, ...repeated]);
      await this.#lines.own([...later.lines, ...stale.again(batch.stale)]);
      later.taken();
      contents.succeeded(fresh);
      const turnedDown = left.readings.filter(({ reading }) => fresh.includes(reading));
      const added = fresh.length - turnedDown.length;
      tally.add(added);
      const answer = { conflicts, added, recordConflicts: records.conflicts };
      return withRefusals(answer, { ...left, readings: [...refused, ...left.readings] });
    } catch (error) {
      contents.failed(fresh);
      throw error;
    } finally {
      await ahead;
      stale.settle();
    }
  }

  /** Of everything but readings and runs, as far as it is new. */
  async #linesOf(
    batch: Batch,
    records: Awaited<ReturnType<typeof newRecords>>['fresh'],
  ): Promise<BatchLines> {
    const { logs, events, stale } = this.#parts;
    const fresh = await events.fresh(batch.events);
    events.attempted(fresh);
    const entries = await newEntries(logs.quarantine, batch.quarantine);
    const eventLines = logs.events.append(fresh.map(eventDocument));
    return {
      events: fresh.flatMap((event, index) => {
        const lines = eventLines[index];
        return lines === undefined ? [] : [{ event, ...lines }];
      }),
      entries: logs.quarantine.append(entries.map(entryDocument)),
      records: logs.records.append(records.map(({ document }) => document)),
      marks: await stale.mark(batch.stale),
    };
  }

  async #write(lines: BatchLines, readings: readonly StoredReading[]): Promise<Left> {
    const { events, records } = lines;
    const cut = await this.#tails(lines);
    const whole = events.filter(({ event }) => !cut.some((each) => each.event === event));
    const left = await this.#data(lines, whole, readings);
    if (records.length > 0) this.#notWithRecords(left.readings);
    await this.#lines.said(heads(records));
    return { readings: left.readings, events: [...cut, ...left.events] };
  }

  /** Answers the events of which a tail was refused. */
  async #tails({ entries, records, events }: BatchLines): Promise<readonly RefusedEvent[]> {
    const own = entries.flatMap(({ tails }) => tails);
    const said = records.flatMap(({ tails }) => tails);
    const told = events.flatMap(({ event, tails }) => tails.map((line) => ({ event, line })));
    const lines = told.map(({ line }) => line);
    if (await this.#lines.together([...own, ...said, ...lines])) return [];
    await this.#lines.own(own);
    await this.#lines.said(said);
    const refused = new Map<StoredEvent, RefusedEvent>();
    for (const { position, reason } of await this.#lines.apart(lines)) {
      const event = told[position]?.event;
      if (event !== undefined) refused.set(event, { event, reason });
    }
    return [...refused.values()];
  }

  /** One request, as long as the server takes it; else line by line, so that only what is refused is left out. */
  async #data(
    { entries, marks }: BatchLines,
    events: readonly EventLines[],
    readings: readonly StoredReading[],
  ): Promise<Left> {
    const own = [...heads(entries), ...marks];
    const told = heads(events);
    const measured = readingLines(readings);
    if (await this.#lines.together([...own, ...told, ...measured]))
      return { readings: [], events: [] };
    await this.#lines.own(own);
    const refusedEvents = await this.#lines.apart(told);
    const refusedReadings = await this.#lines.apart(measured);
    return {
      events: refusedEvents.flatMap(({ position, reason }) => {
        const event = events[position]?.event;
        return event === undefined ? [] : [{ event, reason }];
      }),
      readings: refusedReadings.flatMap(({ position, reason }) => {
        const reading = readings[position];
        return reading === undefined ? [] : [{ reading, reason }];
      }),
    };
  }

  /** A reading that somebody stated and the server refuses: without it the statement must not stand. */
  #notWithRecords([first]: readonly RefusedReading[]): void {
    if (first === undefined) return;
    const { url, database } = this.#parts.client.place;
    throw new RefusedRecords(`store ${url} "${database}" refuses the reading: ${first.reason}`);
  }
}

function heads(documents: readonly DocumentLines[]): string[] {
  return documents.map(({ head }) => head);
}

function withRefusals(answer: CommitResult, { readings, events }: Left): CommitResult {
  return {
    ...answer,
    ...(readings.length === 0 ? {} : { refused: readings }),
    ...(events.length === 0 ? {} : { refusedEvents: events }),
  };
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
