import { claimTables } from '#gateway/contract';
import { type Book, groupBy } from './book.ts';
import { writeInstant } from './calendar.ts';
import { readEvent } from './event-row.ts';
import { Grouped } from './grouped.ts';
import { cutsOf, type Member } from './member.ts';
import { halfHoursBetween, Register } from './register.ts';
import type { RowOf } from './rows.ts';
import { checkChain, dayStartOf, digestsOf, emptyDigest } from './seals.ts';
import { registersOf, type Values } from './stretches.ts';
import { type Reading, readTable } from './table.ts';

/** What was gone through. */
export interface Evidence {
  readonly values: ReadonlyMap<string, Values>;
  readonly readings: number;
  readonly halfHours: number;
  readonly days: number;
}

/** Register by register: readings, half hours, seals, events, and the values at the ends of stretches. */
export async function checkEvidence(
  reading: Reading,
  book: Book,
  members: readonly Member[],
): Promise<Evidence> {
  const { findings } = reading;
  const needed = instantsNeeded(book, members);
  const meters = groupBy(book.meters, ({ cells }) => cells.register);
  const corrections = groupBy(book.corrections, ({ cells }) => cells.register);
  const events = groupBy(book.events, ({ cells }) => cells.register);
  const heads = new Map(book.heads.map((head) => [head.cells.register, head]));
  const stray = (file: string) => (row: { row: number; cells: { register: string } }) =>
    findings.equal(
      { file, row: row.row },
      '計量器 register',
      'one of meters.csv',
      row.cells.register,
    );
  const readings = new Grouped(readTable(reading, claimTables.readings), stray('readings.csv'));
  const seals = new Grouped(readTable(reading, claimTables.seals), stray('seals.csv'));
  for (const [file, rows] of [
    ['corrections.csv', book.corrections],
    ['events.csv', book.events],
    ['heads.csv', book.heads],
  ] as const)
    for (const row of rows) if (!meters.has(row.cells.register)) stray(file)(row);
  const values = new Map<string, Values>();
  const count = { readings: 0, halfHours: 0, days: 0 };
  for (const register of [...meters.keys()].toSorted()) {
    const rows = await readings.take(register);
    const checked = await checkRegister(
      {
        register,
        readings: rows,
        seals: await seals.take(register),
        head: heads.get(register),
        corrections: corrections.get(register) ?? [],
        events: events.get(register) ?? [],
        meters: meters.get(register) ?? [],
        needed: needed.get(register) ?? new Set(),
      },
      reading,
    );
    values.set(register, checked.values);
    count.readings += rows.length;
    count.halfHours += checked.halfHours;
    count.days += checked.days;
  }
  await readings.rest();
  await seals.rest();
  return { values, ...count };
}

/** Of each register, the instants at which it has to be known whether it was known. */
function instantsNeeded(book: Book, members: readonly Member[]): Map<string, Set<number>> {
  const byMember = groupBy(book.stretches, ({ cells }) => cells.member);
  const needed = new Map<string, Set<number>>();
  for (const member of members) {
    const spans = (byMember.get(member.id) ?? []).map(({ cells }) => ({
      from: Date.parse(cells.from),
      to: Date.parse(cells.to),
    }));
    const cuts = cutsOf(member, book.claim).filter((at) =>
      spans.some(({ from, to }) => from < at && at < to),
    );
    const instants = new Set([...spans.flatMap(({ from, to }) => [from, to]), ...cuts]);
    for (const register of registersOf(member)) needed.set(register, instants);
  }
  return needed;
}

interface OneRegister {
  readonly register: string;
  readonly readings: readonly RowOf<'readings'>[];
  readonly seals: readonly RowOf<'seals'>[];
  readonly head: RowOf<'heads'> | undefined;
  readonly corrections: readonly RowOf<'corrections'>[];
  readonly events: readonly RowOf<'events'>[];
  readonly meters: readonly RowOf<'meters'>[];
  readonly needed: ReadonlySet<number>;
}

async function checkRegister(
  { register: name, readings, seals, head, corrections, events, meters, needed }: OneRegister,
  { folder, findings }: Reading,
): Promise<{ values: Values; halfHours: number; days: number }> {
  const register = new Register(
    {
      readings,
      corrections,
      events: events.map((event) => readEvent(event, findings)),
      periodMs: Math.min(...meters.map(({ cells }) => Number(cells.period_ms))),
      jitterWh: BigInt(meters[0]?.cells.jitter_wh ?? '0'),
    },
    findings,
  );
  const at = new Map<number, bigint>();
  const looked = new Set<number>();
  for (const instant of needed) {
    const value = register.valueAt(instant);
    if (value === undefined) continue;
    at.set(instant, value.wh);
    for (const start of halfHoursBetween(value.next)) looked.add(start);
  }
  const digests = digestsOf(name, readings);
  const days = new Set([...digests.keys(), ...looked].map(dayStartOf));
  const sealed = await checkChain(name, seals, head, (day) => days.has(day), { folder, findings });
  for (const { start, row, digest } of withRows(digests, readings))
    findings.equal(
      { file: 'readings.csv', row },
      `半時間 half hour ${name} ${writeInstant(start)}`,
      sealed.digestAt(start) ?? 'a sealed day',
      digest,
    );
  for (const start of looked)
    if (!digests.has(start))
      findings.equal(
        { file: 'readings.csv' },
        `半時間 half hour ${name} ${writeInstant(start)}`,
        sealed.digestAt(start) ?? 'a sealed day',
        emptyDigest,
      );
  return { values: { at, register }, halfHours: digests.size, days: sealed.days };
}

/** Each half hour with the row of its first reading. */
function withRows(digests: ReadonlyMap<number, string>, readings: readonly RowOf<'readings'>[]) {
  const rows = new Map<number, number>();
  for (const { cells, row } of readings) {
    const at = Date.parse(cells.at);
    const start = at - (at % 1_800_000);
    if (!rows.has(start)) rows.set(start, row);
  }
  return [...digests].map(([start, digest]) => ({ start, digest, row: rows.get(start) }));
}
