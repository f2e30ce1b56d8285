import { claimTables } from '#gateway/contract';
import { meterSeries } from '../derive/meter.ts';
import { halfHourMs } from '../energy/calendar.ts';
import { dayMs, japanMidnight } from '../energy/japan-day.ts';
import { differingHalfHours, emptyDay } from '../seals/digest.ts';
import { dayMidnight, dayName, firstPrevious, leafOf, type Seal } from '../seals/seal.ts';
import { storedSeals } from '../seals/stored.ts';
import type { Span, StoredReading } from '../store/port.ts';
import { eventRow, touches } from './event-rows.ts';
import { instant } from './instant.ts';
import type { ClaimStretch } from './member-energy.ts';
import type { ClaimObstacle } from './obstacle.ts';
import type { ClaimStore, WalkedRegister } from './register.ts';
import { rowLine } from './table-text.ts';

/** What a claim shows of a register: rows of its tables, and the digests that its seals are made of. */
export interface RegisterEvidence {
  readonly readings: readonly string[];
  readonly corrections: readonly string[];
  readonly events: readonly string[];
  readonly seals: readonly string[];
  readonly head: Readonly<Record<string, string>> | undefined;
  readonly digests: readonly Buffer[];
  readonly obstacles: readonly ClaimObstacle[];
}

/** Gathers what is needed to compute a register's part in its member's stretches again, and the seals over it. */
export async function registerEvidence(
  store: ClaimStore,
  walked: WalkedRegister,
  stretches: readonly ClaimStretch[],
  year: Span,
  note: string,
): Promise<RegisterEvidence> {
  const { meter, said, walk } = walked;
  const events = walk.events().filter((event) => touches(event, year));
  const times = stretches.flatMap(({ from, to }) =>
    [from, to].flatMap((at) => {
      const bracket = walk.bracket(at);
      return bracket === undefined ? [] : [bracket.from, bracket.to];
    }),
  );
  for (const { event, until } of events)
    times.push(event.beforeAt, event.at, ...(until === null ? [] : [until]));
  const halfHours = [...new Set(times.map((at) => Math.floor(at / halfHourMs) * halfHourMs))];
  const shown = await readingsOf(store, walked, halfHours);
  const days = new Set(halfHours.map(japanMidnight));
  return {
    readings: shown.map((reading) => readingLine(meter.key, reading, note)),
    corrections: shown.flatMap(({ at }) => correctionLines(meter.key, at, said, note)),
    events: events.map((event) => rowLine(claimTables.events, eventRow(meter.key, event, note))),
    ...(await sealEvidence(store, walked, days, year, note)),
  };
}

async function readingsOf(
  store: ClaimStore,
  { meter }: WalkedRegister,
  halfHours: readonly number[],
): Promise<StoredReading[]> {
  const shown: StoredReading[] = [];
  for (const from of halfHours.toSorted((a, b) => a - b))
    for await (const reading of store.readings(meterSeries(meter), { from, to: from + halfHourMs }))
      shown.push(reading);
  return shown;
}

function readingLine(register: string, reading: StoredReading, note: string): string {
  const { at, value, raw, quality, why, clock } = reading;
  return rowLine(claimTables.readings, {
    register,
    at: instant(at),
    value: value === null ? '' : JSON.stringify(value),
    raw: raw === null ? '' : JSON.stringify(raw),
    quality,
    why: why ?? '',
    clock,
    note,
  });
}

function correctionLines(
  register: string,
  at: number,
  { corrections }: WalkedRegister['said'],
  note: string,
): string[] {
  return (corrections.get(at) ?? []).map(({ before, after, by, why }, index) =>
    rowLine(claimTables.corrections, {
      register,
      at: instant(at),
      number: String(index + 1),
      before_wh: before === null ? '' : String(before),
      after_wh: after === null ? '' : String(after),
      by: by.normalize('NFC').replace(/[\r\n]+/g, ' '),
      why: why
        .normalize('NFC')
        .replace(/[\r\n]+/g, ' ')
        .slice(0, 500),
      note,
    }),
  );
}

/**
 * The chain from the first day shown to its head; every day of the year is compared with what is stored now. Memory
 * holds the digests of the part that is shown.
 */
async function sealEvidence(
  store: ClaimStore,
  { meter, digests: now }: WalkedRegister,
  shown: ReadonlySet<number>,
  year: Span,
  note: string,
): Promise<Pick<RegisterEvidence, 'seals' | 'head' | 'digests' | 'obstacles'>> {
  const first = Math.min(year.from, ...shown);
  const part: Seal[] = [];
  const standing = new Map<number, Seal>();
  const obstacles: ClaimObstacle[] = [];
  let previous = firstPrevious;
  for await (const seal of storedSeals(store, meter)) {
    if (seal.previous !== previous || seal.leaf !== leafOf(seal))
      obstacles.push(brokenSeal(meter.key, seal));
    previous = seal.leaf;
    if (part.length === 0 && dayMidnight(seal.day) < first) continue;
    part.push(seal);
    standing.set(dayMidnight(seal.day), seal);
  }
  obstacles.push(...differences(meter.key, now, standing, shown, year));
  const seals = part.map(({ day, revision, reason, previous: before, leaf }, index) =>
    rowLine(claimTables.seals, {
      register: meter.key,
      number: String(index + 1),
      day,
      revision: String(revision),
      reason,
      previous: before,
      leaf,
      note,
    }),
  );
  const last = part.at(-1);
  const head =
    last === undefined
      ? undefined
      : {
          register: meter.key,
          day: last.day,
          revision: String(last.revision),
          leaf: last.leaf,
          note,
        };
  return { seals, head, digests: part.map(({ digests }) => digests), obstacles };
}

function brokenSeal(register: string, { day, revision }: Seal): ClaimObstacle {
  return {
    what: 'seal-broken',
    where: `${register}, ${day}, revision ${revision}`,
    detail: 'the seal does not follow from what stands before it',
    wayOut: 'run kadoru-gateway seals check, and find out who changed the store',
  };
}

function differences(
  register: string,
  now: WalkedRegister['digests'],
  standing: ReadonlyMap<number, Seal>,
  shown: ReadonlySet<number>,
  year: Span,
): ClaimObstacle[] {
  const days = new Set(shown);
  for (const day of now.keys()) if (day >= year.from && day < year.to) days.add(day);
  for (const day of standing.keys()) if (day >= year.from && day < year.to) days.add(day);
  return [...days]
    .toSorted((a, b) => a - b)
    .flatMap((day): ClaimObstacle[] => {
      const seal = standing.get(day);
      if (seal === undefined) return [notSealed(register, day)];
      return differingHalfHours(day, seal.digests, now.get(day) ?? emptyDay).map((start) => ({
        what: 'reading-altered',
        where: `${register}, ${instant(start)}`,
        detail: `readings are not those sealed in revision ${seal.revision} of ${seal.day}`,
        wayOut:
          'late data is sealed within a minute of a running gateway; else run kadoru-gateway seals check',
      }));
    });
}

function notSealed(register: string, day: number): ClaimObstacle {
  return {
    what: 'not-sealed',
    where: `${register}, ${dayName(day)}`,
    detail: 'a day that the claim shows has no seal',
    wayOut: `let the gateway run: it seals from ${instant(day + dayMs + 3_600_000)} on`,
  };
}
