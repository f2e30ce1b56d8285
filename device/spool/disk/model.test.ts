import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { test } from 'vitest';
import { z } from 'zod';
import { eventSchema, type FrameEvent } from '#device/contract';
import type { DiskSpool } from './disk-spool.ts';
import { draftAt, openSpool, snapshot, spoolFolder, stampAt } from './testing-spool.ts';

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('append' as const), count: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), count: fc.nat(10) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('stamp' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('free' as const),
      from: fc.nat(60),
      count: fc.nat(60),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sync' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stream' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('stop' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('kill' as const), tornBytes: fc.nat(600) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('corrupt' as const),
      while: fc.constantFrom('running' as const, 'stopped' as const),
      file: fc.nat(20),
      offset: fc.nat(100_000),
      value: fc.nat(255),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const frameSchema = z.object({
  stream: z.string(),
  seq: z.int(),
  events: z.array(eventSchema).default([]),
});
const key = (stream: string, seq: number): string => `${stream} ${seq}`;

/** What a person with perfect memory knows of a spool. */
class Witness {
  readonly folder: string;
  readonly maxBytes: number;
  spool: DiskSpool;
  upMs = 0;
  /** Whatever was ever readable. */
  readonly seen = new Map<string, string>();
  /** Files as far as a power cut cannot take them back. */
  readonly synced = new Map<string, number>();
  /** Freed: a gateway has them, with their events. */
  readonly delivered = new Set<string>();

  constructor(folder: string, maxBytes: number, spool: DiskSpool) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.spool = spool;
  }

  /** Reads everything; the same number never stands for another frame. */
  look(): Set<string> {
    const held = new Set<string>();
    // From 0: the newest frame is also kept in memory, and asking for it alone reads no disk.
    for (const { text } of this.spool.read(0, Infinity, Infinity)) {
      const { stream, seq } = frameSchema.parse(JSON.parse(text));
      const known = this.seen.get(key(stream, seq));
      if (known !== undefined) assert.equal(text, known);
      this.seen.set(key(stream, seq), text);
      held.add(key(stream, seq));
    }
    return held;
  }

  markSynced(): void {
    for (const name of readdirSync(this.folder).filter((name) => name.endsWith('.frames')))
      this.synced.set(name, readFileSync(join(this.folder, name)).length);
  }

  append(count: number, stamped: boolean): void {
    if (stamped && this.spool.stamp(stampAt) > 0) this.markSynced();
    for (let index = 0; index < count; index += 1) {
      this.upMs += 40_000;
      const draft = draftAt(this.upMs, index === 7 ? [{ kind: 'meta', channels: {} }] : []);
      if (stamped) this.spool.append(draft, stampAt(this.upMs));
      else this.spool.append(draft);
      // What carries events is synced at once.
      if (stamped && this.newest().includes('"events":[')) this.markSynced();
    }
  }

  newest(): string {
    return this.spool.read(this.spool.next - 1, 1, Infinity)[0]?.text ?? '';
  }

  free(from: number, count: number): void {
    this.look();
    const held = this.spool.read(1, Infinity, Infinity);
    const chosen = held.slice(from, from + count);
    const first = chosen[0]?.position;
    const last = chosen.at(-1)?.position;
    if (first === undefined || last === undefined) return;
    for (const { text } of chosen) {
      const { stream, seq } = frameSchema.parse(JSON.parse(text));
      this.delivered.add(key(stream, seq));
    }
    assert.equal(this.spool.free({ first, last }), chosen.length);
  }

  async reopen(folder: string): Promise<Witness> {
    const spool = await openSpool(folder, { maxBytes: this.maxBytes });
    const next = new Witness(folder, this.maxBytes, spool);
    next.markSynced();
    next.upMs = this.upMs;
    for (const [name, text] of this.seen) next.seen.set(name, text);
    for (const name of this.delivered) next.delivered.add(name);
    return next;
  }
}

function corrupt(
  folder: string,
  { file, offset, value }: Extract<Step, { kind: 'corrupt' }>,
): void {
  const names = readdirSync(folder).filter((name) => !/corrupt|unreported/.test(name));
  const name = names[file % names.length];
  if (name === undefined) return;
  const path = join(folder, name);
  const bytes = readFileSync(path);
  if (bytes.length === 0) return;
  bytes.writeUInt8(value, offset % bytes.length);
  writeFileSync(path, bytes);
}

/** What a power cut takes from the end of the newest file. */
function tear(folder: string, tornBytes: number, synced: ReadonlyMap<string, number>): void {
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('.frames'))
    .toSorted()
    .at(-1);
  if (newest === undefined) return;
  const path = join(folder, newest);
  const { length } = readFileSync(path);
  truncateSync(path, Math.max(Math.min(length, synced.get(newest) ?? 0), length - tornBytes));
}

async function play(witness: Witness, step: Step): Promise<Witness> {
  const { spool, folder } = witness;
  switch (step.kind) {
    case 'append':
      witness.append(step.count, true);
      break;
    case 'wait':
      witness.append(step.count, false);
      break;
    case 'stamp':
      witness.append(0, true);
      break;
    case 'free':
      witness.free(step.from, step.count);
      break;
    case 'sync':
      await spool.sync();
      witness.markSynced();
      break;
    case 'stream':
      spool.startStream();
      break;
    case 'stop':
      await spool.close();
      return witness.reopen(folder);
    case 'kill': {
      witness.look();
      const left = snapshot(folder);
      await spool.close();
      rmSync(dirname(folder), { recursive: true });
      tear(left, step.tornBytes, witness.synced);
      return witness.reopen(left);
    }
    case 'corrupt':
      witness.look();
      if (step.while === 'running') {
        corrupt(folder, step);
        break;
      }
      await spool.close();
      corrupt(folder, step);
      return witness.reopen(folder);
  }
  return witness;
}

function covers(event: FrameEvent, own: string, stream: string, seq: number): boolean {
  const { firstSeq, lastSeq } = event;
  const named = typeof event['stream'] === 'string' ? event['stream'] : own;
  return named === stream && Number(firstSeq) <= seq && seq <= Number(lastSeq);
}

/**
 * Every frame ever seen is held, delivered or reported, or it lies behind all that is left of a stream that ended. A
 * report counts once it was on disk: the frame that carries it may be damaged like any other.
 */
function judge(witness: Witness): void {
  const held = witness.look();
  const frames = [...witness.seen].map(([name, text]) => ({
    ...frameSchema.parse(JSON.parse(text)),
    left: held.has(name) || witness.delivered.has(name),
  }));
  const left = frames.filter((frame) => frame.left);
  const { stream: current } = frameSchema.parse(JSON.parse(witness.newest()));
  for (const { stream, seq } of frames.filter((frame) => !frame.left)) {
    const reported = frames.some((frame) =>
      frame.events.some((event) => covers(event, frame.stream, stream, seq)),
    );
    const behind = left.every((frame) => frame.stream !== stream || frame.seq < seq);
    const explained = reported || (behind && stream !== current);
    assert.ok(explained, `${stream} ${seq} is gone without a word`);
  }
}

test.each([
  ['with room for everything', 50_000_000],
  ['thinning and dropping', 60_000],
])(
  'through kills, torn tails and damaged bytes nothing is invented, used twice, or lost without a word: %s',
  { timeout: 300_000 },
  async (_name, maxBytes) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const folder = spoolFolder();
        let witness = new Witness(folder, maxBytes, await openSpool(folder, { maxBytes }));
        for (const one of steps) witness = await play(witness, one);
        witness.look();
        witness.append(1, true);
        judge(witness);
        await witness.spool.close();
        rmSync(dirname(witness.folder), { recursive: true });
      }),
      { numRuns: 150 },
    );
  },
);
