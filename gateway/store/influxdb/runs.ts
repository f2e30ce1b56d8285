import { notFinite } from '../finite.ts';
import type { RunFilter, SeqRun, StoredFrame } from '../port.ts';
import { joined, type Run, toRuns } from '../runs.ts';
import { numberAt, rowsOf, textAt } from './cells.ts';
import type { InfluxClient } from './client.ts';
import { grouped } from './grouped.ts';
import { toLine } from './line.ts';
import { name, tagsAre, where } from './ql.ts';
import { decodeTag, encodeTag } from './text.ts';

const measurement = 'kadoru_run';
type StreamKey = Pick<SeqRun, 'site' | 'device' | 'stream'>;

/** Streams whose runs are kept in memory; the others are asked for again. */
const streamsKept = 1000;

/**
 * Runs of stored sequence numbers. A point is a run as it stood when it was written, at the time `first` (in
 * nanoseconds): it only ever grows, and what is true is the union of all points. So nothing must be deleted when two
 * runs become one, and several gateways may write side by side.
 */
export class RunBook {
  readonly #client: InfluxClient;
  readonly #writer: string;
  readonly #known = new Map<string, readonly Run[]>();

  constructor(client: InfluxClient, writer: string) {
    this.#client = client;
    this.#writer = writer;
  }

  /** Lines that add frames, and runs that another store holds; `taken` once they are written. */
  async add(
    frames: readonly StoredFrame[],
    runs: readonly SeqRun[],
  ): Promise<{ readonly lines: readonly string[]; readonly taken: () => void }> {
    const lines: string[] = [];
    const next = new Map<string, readonly Run[]>();
    const framesOf = grouped(frames, streamOf);
    const runsOf = grouped(runs, streamOf);
    for (const stream of new Set([...framesOf.keys(), ...runsOf.keys()])) {
      const [own, whole] = [framesOf.get(stream) ?? [], runsOf.get(stream) ?? []];
      const key = own[0] ?? whole[0];
      if (key === undefined) continue;
      const added = [...toRuns(own), ...whole];
      let known = this.#known.get(stream);
      if (known === undefined) known = joinedAll([], await this.#points(tagsOf(key)));
      // A hole may be one that another gateway has filled.
      else if (added.some((run) => !continues(known ?? [], run)))
        known = joinedAll(known, await this.#points(tagsOf(key), near(known, added)));
      for (const run of added) {
        const grown = withRun(known, run);
        known = grown.runs;
        lines.push(this.#line(key, grown.run));
      }
      next.set(stream, known);
    }
    return { lines, taken: () => this.#keep(next) };
  }

  /** In order of site, device, stream and first. */
  async read(filter: RunFilter): Promise<readonly SeqRun[]> {
    const { site, device } = filter;
    const tags = Object.entries({ site, device }).flatMap(([tag, value]) =>
      value === undefined ? [] : [[tag, encodeTag(value)] as const],
    );
    const found: SeqRun[] = [];
    for (const own of grouped(await this.#points(tags), streamOf).values()) {
      const runs = joinedAll([], own);
      const [key] = own;
      if (key === undefined) continue;
      const { site, device, stream } = key;
      found.push(
        ...runs.map(({ first, last, firstAt, lastAt }) => ({
          site,
          device,
          stream,
          first,
          last,
          firstAt,
          lastAt,
        })),
      );
    }
    return found.toSorted(byStream);
  }

  async #points(
    tags: readonly (readonly [string, string])[],
    reaching?: string,
  ): Promise<readonly SeqRun[]> {
    const [series = []] = await this.#client.query(
      [
        `SELECT "last","first_at_ms","last_at_ms","site","device","stream" FROM ${name(measurement)}${where(tagsAre(tags), reaching)}`,
      ],
      // `first` is at most 2^53 - 1, so these nanoseconds are numbers without loss.
      'ns',
    );
    // A run that another gateway is writing at this moment says nothing yet.
    const whole = rowsOf(series).filter((row) => row.slice(0, 4).every((cell) => cell !== null));
    return whole.map((row) => ({
      site: decodeTag(textAt(row, 4)),
      device: decodeTag(textAt(row, 5)),
      stream: decodeTag(textAt(row, 6)),
      first: numberAt(row, 0),
      last: numberAt(row, 1),
      firstAt: numberAt(row, 2),
      lastAt: numberAt(row, 3),
    }));
  }

  #keep(next: ReadonlyMap<string, readonly Run[]>): void {
    for (const [stream, runs] of next) {
      this.#known.delete(stream);
      this.#known.set(stream, runs);
    }
    for (const stream of this.#known.keys()) {
      if (this.#known.size <= streamsKept) return;
      this.#known.delete(stream);
    }
  }

  #line(key: StreamKey, { first, last, firstAt, lastAt }: Run): string {
    return toLine({
      measurement,
      tags: [['writer', this.#writer], ...tagsOf(key)],
      fields: [
        ['last', { integer: last }],
        ['first_at_ms', { integer: firstAt }],
        ['last_at_ms', { integer: lastAt }],
      ],
      timeNs: String(first),
    });
  }
}

/** Throws StoreError for a number that is not finite. */
export function checkFrame(frame: StoredFrame): void {
  for (const field of ['seq', 'at'] as const)
    if (!Number.isFinite(frame[field]))
      throw notFinite(`${field} of a frame of ${streamOf(frame)}`, frame[field]);
}

/** Throws StoreError for a number that is not finite. */
export function checkRun(run: SeqRun): void {
  for (const field of ['first', 'last', 'firstAt', 'lastAt'] as const)
    if (!Number.isFinite(run[field]))
      throw notFinite(`${field} of a run of ${streamOf(run)}`, run[field]);
}

/** Whether the run only makes the newest one longer, or adds nothing. */
function continues(known: readonly Run[], run: Run): boolean {
  const newest = known.at(-1);
  return newest !== undefined && run.first >= newest.first && run.first <= newest.last + 1;
}

/**
 * Which points may fill the holes that added runs leave between themselves and what is known: what lies wholly before the
 * known run below them says nothing new, and there may be thousands of it.
 */
function near(known: readonly Run[], added: readonly Run[]): string {
  const below = added.map(({ first }) => known.findLast((run) => run.first <= first)?.last ?? 0);
  const above = added.map(({ last }) => last + 1);
  return `"last" >= ${Math.min(...below)} AND time <= ${Math.max(...above)}`;
}

function joinedAll(runs: readonly Run[], more: readonly Run[]): readonly Run[] {
  let all = runs;
  for (const run of more) all = withRun(all, run).runs;
  return all;
}

/** The runs with one more, joined with those it overlaps or touches, and what became of it. */
function withRun(
  runs: readonly Run[],
  added: Run,
): { readonly runs: readonly Run[]; readonly run: Run } {
  const before = runs.filter(({ last }) => last + 1 < added.first);
  const after = runs.filter(({ first }) => first > added.last + 1);
  const run = joined(runs.slice(before.length, runs.length - after.length), added);
  return { runs: [...before, run, ...after], run };
}

function byStream(a: SeqRun, b: SeqRun): number {
  return (
    order(a.site, b.site) ||
    order(a.device, b.device) ||
    order(a.stream, b.stream) ||
    a.first - b.first
  );
}

function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function streamOf({ site, device, stream }: StreamKey): string {
  return `${site}/${device}/${stream}`;
}

function tagsOf({ site, device, stream }: StreamKey): readonly (readonly [string, string])[] {
  return [
    ['site', encodeTag(site)],
    ['device', encodeTag(device)],
    ['stream', encodeTag(stream)],
  ];
}
