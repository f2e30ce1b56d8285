import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Frame } from '#device/contract';
import { step } from '../../gateway/energy/account.ts';
import type { RegisterInput } from '../../gateway/energy/input.ts';
import type { Resolution } from '../../gateway/energy/resolution.ts';
import { rulesSchema } from '../../gateway/energy/rules.ts';
import type { Span } from '../../gateway/energy/span.ts';
import { noState, type RegisterState } from '../../gateway/energy/state.ts';
import { exact, formatExact, times, whole } from '../../gateway/emissions/exact.ts';
import { dateOf } from '../../gateway/emissions/fiscal-year.ts';
import { jointSpans } from '../../gateway/emissions/joint.ts';
import { evidenceObstacles } from '../../gateway/emissions/evidence.ts';
import { memberWindow } from '../../gateway/emissions/member.ts';
import { energyByBand, reductionKg, yearTotal } from '../../gateway/emissions/reduction.ts';
import { lineOfSpans } from '../../gateway/emissions/register-line.ts';
import { type Stretch, stretches } from '../../gateway/emissions/stretch.ts';
import { endDate } from '../../simulators/year/programme.ts';
import { fiscalYearSpan } from '../../simulators/year/calendar.ts';
import { CollectorYear } from '../../simulators/year/collector.ts';
import type { Home } from '../../simulators/year/home.ts';
import { homesPerCollector, planHomes } from '../../simulators/year/plan.ts';

/**
 * The simulated year against the truth that the simulator kept for itself: registers that reset, wrap, are replaced and
 * wake up at zero, gaps in one register, in the other, and in both ten minutes apart, members who leave and marks that
 * run out. Pure; the same homes go through the real programs in tests/claims.
 */
const year = fiscalYearSpan(2025);
const homes = 200;
const factor = exact('0.000437');
const rules = rulesSchema.parse({ periodMs: 30 * 60_000, ratedW: 6_000 });

const meterSchema = z.object({
  serial: z.string(),
  wrapAt: z.int(),
  startWh: z.int().optional(),
  finalWh: z.int().optional(),
});
const channelsSchema = z.object({ channels: z.record(z.string(), meterSchema) });

/** What one register says, in order of time. */
class Account {
  readonly spans: Span[] = [];
  readonly #register;
  #state: RegisterState;

  constructor(meter: string, wrapAt: number, resolutions: ReadonlyMap<number, Resolution>) {
    this.#register = { meter, rules, resolutions };
    this.#state = { ...noState, wrapAt };
  }

  take(input: RegisterInput): void {
    const { state, spans } = step(this.#state, input, this.#register);
    this.#state = state;
    this.spans.push(...spans);
  }
}

function accountsOf(home: Home) {
  const { asset, wrapAt } = home.plan;
  const said = { by: 'operator', why: 'seen' };
  const resolutions = new Map<number, Resolution>(
    home.told.map(({ at, finalWh }) => [at, { kind: 'reset-to-zero', finalWh, ...said }]),
  );
  return {
    generated: new Account(`ward/${asset}/generated`, wrapAt, resolutions),
    exported: new Account(`ward/${asset}/exported`, wrapAt, new Map()),
  };
}

function feed(account: Account, channel: string, { at, readings, events = [] }: Frame): void {
  for (const event of events) {
    const meter = channelsSchema.parse(event)['channels'][channel];
    if (meter !== undefined) account.take({ kind: 'meta', at, ...meter });
  }
  const reading = readings[channel];
  if (reading === undefined) return;
  const { value: wh, quality = 'good' } = reading;
  account.take({ kind: 'reading', at, wh, quality, clock: 'synced' });
}

/** The day before the first one on which a mark no longer holds. */
const lastDayBefore = (date: string) => dateOf(Date.parse(`${date}T00:00:00+09:00`) - 1);

function stretchesOf(home: Home, spans: Record<'generated' | 'exported', Span[]>): Stretch[] {
  const { asset, endsAt } = home.plan;
  const ends = endDate(home.plan, year);
  const joined = dateOf(year.from);
  const meter = `ward/${asset}/generated`;
  const evidence =
    endsAt?.why === 'mark-expired'
      ? ({ kind: 'specified', markExpires: lastDayBefore(ends) } as const)
      : ({ kind: 'calibrated', document: 'D-1' } as const);
  const left = endsAt?.why === 'left' ? { leftOn: ends } : {};
  const registers = [
    { item: 'generated', register: meter, line: lineOfSpans(spans.generated) },
    { item: 'sold', register: `ward/${asset}/exported`, line: lineOfSpans(spans.exported) },
  ] as const;
  return stretches(jointSpans(registers), {
    factorRule: 'all-source',
    operationStartedOn: joined,
    window: memberWindow({ projectAppliedOn: joined, admittedOn: joined, ...left }),
    obstacles: evidenceObstacles({ meter, evidence, class: 'B' }),
  });
}

test(
  `${homes} homes: the reduction is the truth, to the gram before truncation`,
  { timeout: 600_000 },
  () => {
    const kilograms = [];
    let truthWh = 0;
    const reasons = new Set<string | null>();
    const plans = planHomes(20_251_128, homes, year);
    for (let start = 0; start < homes; start += homesPerCollector) {
      const collector = new CollectorYear(
        plans.slice(start, start + homesPerCollector),
        year,
        'year',
      );
      // As stored: whatever came late or twice, by time and once.
      const frames = [
        ...new Map([...collector.frames()].map((frame) => [frame.seq, frame])).values(),
      ];
      frames.sort((a, b) => a.at - b.at);
      for (const home of collector.homes) {
        const accounts = accountsOf(home);
        for (const frame of frames)
          for (const quantity of ['generated', 'exported'] as const)
            feed(accounts[quantity], `${home.plan.asset}/${quantity}`, frame);
        const found = stretchesOf(home, {
          generated: accounts.generated.spans,
          exported: accounts.exported.spans,
        });
        const bands = energyByBand(found);
        if (bands[0]?.elWh !== home.creditableWh)
          console.log(
            home.plan.asset,
            JSON.stringify(home.plan.endsAt),
            JSON.stringify(home.told.map((t) => (t.at - year.from) / 1800000)),
            JSON.stringify(home.plan.faults.map((f) => [f.kind, f.first, f.after])),
            JSON.stringify(
              found.map((f) => [
                f.reason,
                f.detail,
                (f.from - year.from) / 1800000,
                (f.to - year.from) / 1800000,
                f.elWh,
              ]),
            ),
          );
        expect(bands).toEqual([
          { fiscalYear: 2025, band: 'all', elWh: home.creditableWh, gasDm3: 0, heatKj: 0 },
        ]);
        kilograms.push(
          ...bands.map((band) => reductionKg(band, { electricity: factor, fuel: null })),
        );
        truthWh += home.creditableWh;
        for (const { counted, reason } of found) if (!counted) reasons.add(reason);
      }
    }
    const { kg, tonnes } = yearTotal(kilograms);
    // 0.437 kg per kWh is 437 mg per Wh.
    const milligrams = BigInt(truthWh) * 437n;
    expect(formatExact(times(kg, whole(1_000_000)))).toBe(String(milligrams));
    expect(tonnes).toBe(milligrams / 1_000_000_000n);
    expect(tonnes).toBeGreaterThan(100n);
    expect(reasons).toEqual(new Set(['mark-expired', 'outside-window', 'straddles']));
  },
);
