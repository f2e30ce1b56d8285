import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EnergyInterval, ShownRegisterEvent } from '#gateway/contract';
import { type MeterBench, meterBench } from '../../gateway/http/energy/testing-meters.ts';
import {
  type RegisterMessage,
  type RegisterPlan,
  type RegisterYear,
  registerYear,
} from '../../simulators/meters/register-year.ts';
import { Seeded } from '../faults/seeded.ts';
import { asArrived, counting, falls, strange, traceless, unread, word } from './operator.ts';

/**
 * A fiscal year of meters with every planted fault, as messages of a device: through ingest into a real store, derived
 * while late blocks still come, resolved and read back over HTTP.
 */
const from = Date.parse('2026-04-01T00:00:00+09:00');
const to = Date.parse('2027-04-01T00:00:00+09:00');
/** `KADORU_HOMES=20` runs as many as the pure test beside it: about a quarter of an hour. */
const homes = Array.from({ length: Number(process.env['KADORU_HOMES'] ?? 2) }, (_, n) => 2 * n + 1);
const sites = `sites: [${homes.map((home) => `{ id: home-${home}, generators: [{ id: pv-1, kind: pv, device: pi-1 }] }`).join(', ')}]`;
const meterOf = (home: number) => `home-${home}/pv-1/generated`;

let bench: MeterBench;
beforeAll(async () => {
  bench = await meterBench(sites, to);
});
afterAll(() => bench.close());

function plan(seed: number): RegisterPlan {
  const wrapAt = [undefined, 1_000_000, 1_000_000_000, 1_000_000][seed % 4];
  return {
    seed,
    stream: 0,
    channel: 'pv-1/generated',
    from,
    to,
    startWh: wrapAt === undefined ? 300_000 : wrapAt - 20_000 - seed * 1_000,
    wrapAt,
    wrapDeclared: seed % 4 !== 3,
    ratedW: seed % 4 === 0 ? undefined : 5_000,
    peakW: 4_500,
  };
}

/** Messages as frames; one that comes twice has the same number twice. */
function framesOf(messages: readonly RegisterMessage[], arrived: readonly RegisterMessage[]) {
  const seqs = new Map(messages.map((message, seq) => [message, seq]));
  return arrived.map((message) => {
    const { at, clock, reading, events } = message;
    const readings = reading === undefined ? {} : { 'pv-1/generated': reading };
    return { stream: 'year', seq: seqs.get(message) ?? 0, at, clock, readings, events };
  });
}

async function all<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  for (let cursor = ''; ;) {
    const answer = await (await bench.get(`${path}${cursor}`)).json();
    items.push(...answer.items);
    if (answer.next === undefined) return items;
    cursor = `&cursor=${encodeURIComponent(answer.next)}`;
  }
}

const eventsOf = (home: number) =>
  all<ShownRegisterEvent>(`/register-events?meter=${meterOf(home)}&limit=200`);
const intervalsOf = (home: number, resolution: string) =>
  all<EnergyInterval>(
    `/intervals?meter=${meterOf(home)}&from=${from}&to=${to}&resolution=${resolution}&limit=5000`,
  );

async function say(home: number, at: number, said: object): Promise<void> {
  await bench.state(
    `/register-events/${meterOf(home).replaceAll('/', '.')}.${at}/resolution`,
    said,
  );
}

/** Says what happened, in order of time, until nothing waits any more. */
async function operate(home: number, { faults }: RegisterYear, wrapAt: number | undefined) {
  const known = new Map(faults.map((fault) => [fault.at, fault]));
  const first = await eventsOf(home);
  const seen = new Set(first.map(({ at }) => at));
  const answered = new Set<number>();
  for (const fault of faults.filter(({ at, kind }) => traceless.has(kind) && !seen.has(at))) {
    const said = word(fault, wrapAt);
    if (said !== undefined) await say(home, fault.at, said);
    answered.add(fault.at);
  }
  for (let round = 0; round < 10; round += 1) {
    const before = answered.size;
    for (const { at, kind, resolution } of (await eventsOf(home)).toReversed()) {
      const fault = known.get(at);
      const mistaken = kind === 'wrap' && fault?.kind !== 'wrap';
      const said = fault === undefined ? undefined : word(fault, wrapAt);
      if ((resolution !== null && !mistaken) || said === undefined || answered.has(at)) continue;
      await say(home, at, said);
      answered.add(at);
    }
    if (round > 0 && answered.size === before) break;
    await bench.derive();
  }
  return { first, last: await eventsOf(home) };
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

test.each(homes)(
  'home %i: 0 Wh of error over the year, from messages to intervals',
  { timeout: 600_000 },
  async (home) => {
    const about = plan(home);
    const year = registerYear(about);
    const frames = framesOf(year.messages, asArrived(year.messages, new Seeded(home + 1)));
    for (let start = 0; start < frames.length; start += 20_000) {
      await bench.receive(`home-${home}`, 'pi-1', frames.slice(start, start + 20_000));
      await bench.derive();
    }
    const { first, last } = await operate(home, year, about.wrapAt);
    expect(last.filter(({ resolution }) => resolution === null)).toEqual([]);

    const halfHours = await intervalsOf(home, '30m');
    expect(halfHours).toHaveLength(17_520);
    const gaps = new Map(
      halfHours.flatMap(({ unallocated }) => unallocated.map((each) => [each.from, each])),
    );
    const inHalfHours = sumOf(halfHours.map(({ wh }) => wh));
    expect(inHalfHours + sumOf([...gaps.values()].map(({ wh }) => wh)) - year.countedWh).toBe(0);
    for (const resolution of ['1h', '1d', '1mo', 'fy'])
      expect((await intervalsOf(home, resolution)).filter(({ wh }) => wh < 0)).toEqual([]);
    expect(await intervalsOf(home, 'fy')).toMatchObject([{ wh: year.countedWh }]);

    const told = new Set([...first, ...last].map(({ at }) => at));
    const values = counting(year.messages);
    for (const fault of year.faults) {
      if (strange.has(fault.kind) || falls(fault, values))
        expect([fault, told.has(fault.at)]).toEqual([fault, true]);
      if (unread.has(fault.kind)) {
        const covered = [...gaps.values()].some(
          (gap) => gap.from < fault.at && gap.to > fault.until,
        );
        expect([fault, covered]).toEqual([fault, true]);
      }
    }
  },
);
