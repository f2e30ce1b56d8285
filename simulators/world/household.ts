import { driftAt } from './noise.ts';

/** What a household takes at a moment: electricity, and heat for hot water. Watts. */
export interface Demand {
  readonly electricW: number;
  readonly hotWaterW: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const japanOffsetMs = 9 * hourMs;
const noiseStream = 31;

/** A habit: when (hours of the day, Japan time), how wide (hours, one standard deviation), and how much. */
interface Habit {
  readonly atHour: number;
  readonly spreadHours: number;
  readonly amount: number;
}

/** Watts at the top of each habit, above what always runs: about 12 kWh a day, an assumed family of four. */
const alwaysW = 240;
const electric: readonly Habit[] = [
  { atHour: 7, spreadHours: 0.9, amount: 420 },
  { atHour: 12.5, spreadHours: 1, amount: 180 },
  { atHour: 19.5, spreadHours: 2, amount: 780 },
];
/** Shares of the day's hot water; the bath is most of it. */
const hotWater: readonly Habit[] = [
  { atHour: 7, spreadHours: 0.7, amount: 0.15 },
  { atHour: 13, spreadHours: 2, amount: 0.15 },
  { atHour: 20.5, spreadHours: 1.2, amount: 0.7 },
];
/** An assumed 400 litres a day at 40 degC. */
const litresPerDay = 400;
const tapC = 40;
const joulesPerLitreK = 4_186;

/** A pure function of seed, time (epoch milliseconds) and outdoor temperature: mains water is about as cold as the air. */
export function demandAt(seed: number, atMs: number, ambientC: number): Demand {
  const hour = ((atMs + japanOffsetMs) % dayMs) / hourMs;
  const habits = electric.reduce((sum, habit) => sum + habit.amount * nearness(hour, habit), 0);
  const whim = 1 + 0.35 * driftAt(seed, noiseStream, atMs, 20 * 60_000);
  const mainsC = Math.min(28, Math.max(5, ambientC));
  const joulesPerDay = litresPerDay * joulesPerLitreK * (tapC - mainsC);
  const sharePerHour = hotWater.reduce(
    (sum, habit) =>
      sum + (habit.amount * nearness(hour, habit)) / (habit.spreadHours * Math.sqrt(2 * Math.PI)),
    0,
  );
  return {
    electricW: (alwaysW + habits) * whim,
    hotWaterW: (joulesPerDay * sharePerHour) / 3_600,
  };
}

/** 1 at the habit's hour, falling off on both sides of it, around the clock. */
function nearness(hour: number, { atHour, spreadHours }: Habit): number {
  const apart = Math.abs(hour - atHour);
  const hours = Math.min(apart, 24 - apart) / spreadHours;
  return Math.exp(-0.5 * hours * hours);
}
