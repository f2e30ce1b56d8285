import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Frame } from '#device/contract';
import { step } from '../../gateway/energy/account.ts';
import type { RegisterInput } from '../../gateway/energy/input.ts';
import type { Resolution } from '../../gateway/energy/resolution.ts';
import { rulesSchema } from '../../gateway/energy/rules.ts';
import type { Span } from '../../gateway/energy/span.ts';
import { noState, type RegisterState } from '../../gateway/energy/state.ts';
import { type Exact, exact, formatExact, zero } from '../../gateway/emissions/exact.ts';
import { dateOf } from '../../gateway/emissions/fiscal-year.ts';
import { fuelFactors } from '../../gateway/emissions/fuel.ts';
import { jointSpans } from '../../gateway/emissions/joint.ts';
import { evidenceObstacles } from '../../gateway/emissions/evidence.ts';
import { memberWindow } from '../../gateway/emissions/member.ts';
import { energyByBand, reductionKg, yearTotal } from '../../gateway/emissions/reduction.ts';
import { lineOfSpans } from '../../gateway/emissions/register-line.ts';
import { type Stretch, stretches } from '../../gateway/emissions/stretch.ts';
import { truthOf, yearFactors } from '../../simulators/year/truth.ts';
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
const factor = exact(yearFactors.tonnesPerKwh);
/** As the year is configured: 45 GJ per 1,000 Nm3, a gas meter that counts Nm3, a boiler of 80 %. */
const fuel = fuelFactors(
  {
    fuel: 'town-gas',
    boilerEfficiency: exact('0.8'),
    heatingValue: exact('45'),
    gas: { temperatureC: zero, gaugePressureKpa: zero },
  },
  exact(yearFactors.townGasTonnesPerGj),
);
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
    gas: new Account(`ward/${asset}/gas`, wrapAt, new Map()),
    heat: new Account(`ward/${asset}/heat`, wrapAt * 1_000, new Map()),
  };
}

const quantitiesOf = ({ plan }: Home) =>
  plan.kind === 'pv'
    ? (['generated', 'exported'] as const)
    : (['generated', 'exported', 'gas', 'heat'] as const);

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

function stretchesOf(home: Home, accounts: ReturnType<typeof accountsOf>): Stretch[] {
  const { asset, endsAt } = home.plan;
  const ends = endDate(home.plan, year);
  const joined = dateOf(year.from);
  const meter = `ward/${asset}/generated`;
  const evidence =
    endsAt?.why === 'mark-expired'
      ? ({ kind: 'specified', markExpires: lastDayBefore(ends) } as const)
      : ({ kind: 'calibrated', document: 'D-1' } as const);
  const left = endsAt?.why === 'left' ? { leftOn: ends } : {};
  const registers = quantitiesOf(home).map((quantity) => ({
    item: quantity === 'exported' ? ('sold' as const) : quantity,
    register: `ward/${asset}/${quantity}`,
    line: lineOfSpans(accounts[quantity].spans),
  }));
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
    const kilograms: Record<Home['plan']['kind'], Exact[]> = { pv: [], 'fuel-cell': [] };
    const all: Home[] = [];
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
      all.push(...collector.homes);
      for (const home of collector.homes) {
        const accounts = accountsOf(home);
        for (const frame of frames)
          for (const quantity of quantitiesOf(home))
            feed(accounts[quantity], `${home.plan.asset}/${quantity}`, frame);
        const found = stretchesOf(home, accounts);
        const { generatedWh, soldWh, gasDm3, heatKj } = home.creditable;
        const bands = energyByBand(found);
        expect(bands).toEqual([
          { fiscalYear: 2025, band: 'all', elWh: generatedWh - soldWh, gasDm3, heatKj },
        ]);
        const factors = { electricity: factor, fuel: home.plan.kind === 'pv' ? null : fuel };
        kilograms[home.plan.kind].push(...bands.map((band) => reductionKg(band, factors)));
        for (const { counted, reason } of found) if (!counted) reasons.add(reason);
      }
    }
    for (const [kind, kgs] of Object.entries(kilograms)) {
      const { kg, tonnes } = yearTotal(kgs);
      const truth = truthOf(all, year);
      const said = kind === 'pv' ? truth : truth.fuelCells;
      expect([formatExact(kg), Number(tonnes)]).toEqual([said?.reductionKg, said?.tonnes]);
      expect(tonnes).toBeGreaterThan(10n);
    }
    expect(reasons).toEqual(new Set(['mark-expired', 'outside-window', 'straddles']));
  },
);
