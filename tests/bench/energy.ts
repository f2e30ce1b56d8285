import { step } from '../../gateway/energy/account.ts';
import { allocate } from '../../gateway/energy/allocate.ts';
import { counts, type RegisterInput, type RegisterReading } from '../../gateway/energy/input.ts';
import type { Register } from '../../gateway/energy/outcome.ts';
import { defaultRules } from '../../gateway/energy/rules.ts';
import type { Span } from '../../gateway/energy/span.ts';
import { noState } from '../../gateway/energy/state.ts';
import { touchedHalfHours } from '../../gateway/energy/touched.ts';
import { uniformAt } from '../../simulators/world/noise.ts';
import { fastest } from './fastest.ts';
import type { Row } from './row.ts';

const readings = 365 * 24 * 60;
const from = Date.parse('2026-04-01T00:00:00+09:00');
const to = from + readings * 60_000;
const register: Register = { meter: 'a/b/generated', rules: defaultRules, resolutions: new Map() };

/** A year of one register read every minute, in half hours; and the same with one reading that comes late. */
export function benchEnergy(): Row[] {
  const texts = Array.from({ length: readings }, (_, index) => JSON.stringify(readingAt(index)));
  const plainMs = fastest(() => texts.reduce((sum, text) => sum + (parsed(text).wh ?? 0), 0));
  const inputs = texts.map(parsed);
  const accountMs = fastest(() => spansOf(inputs).length);
  const intervalsMs = fastest(() => allocate(spansOf(inputs), '30m', { from, to }).length);
  const perSecond = readings / (intervalsMs / 1_000);
  return [
    { name: 'energy, accounting alone', value: readings / (accountMs / 1_000), unit: '/s' },
    { name: 'energy, accounting and half hours', value: perSecond, unit: '/s', least: 200_000 },
    {
      name: 'the same, as a multiple of parsing the readings from JSON',
      value: intervalsMs / plainMs,
      unit: 'x',
    },
    {
      name: 'energy, one late reading in a year: its day again',
      value: fastest(() => lateReading(inputs)),
      unit: 'ms',
      limit: 50,
      note: 'without the store',
    },
  ];
}

function readingAt(index: number): RegisterReading {
  const wh = index * 50 + Math.floor(uniformAt(1, 0, index) * 50);
  return { kind: 'reading', at: from + index * 60_000, wh, quality: 'good', clock: 'synced' };
}

function parsed(text: string): RegisterReading {
  const reading: RegisterReading = JSON.parse(text);
  if (!counts(reading)) throw new Error('a reading does not count');
  return reading;
}

function spansOf(inputs: readonly RegisterInput[]): Span[] {
  const all: Span[] = [];
  let state = noState;
  for (const input of inputs) {
    const outcome = step(state, input, register);
    state = outcome.state;
    for (const span of outcome.spans) all.push(span);
  }
  return all;
}

/** What must be done for one reading that comes late: its day from the checkpoint, and the half hours it touches. */
function lateReading(inputs: readonly RegisterInput[]): number {
  const late = 200 * 1_440 + 715;
  const day = inputs.slice(200 * 1_440, 201 * 1_440);
  const at = from + late * 60_000;
  const touched = touchedHalfHours(at - 60_000, at, at + 60_000);
  const span = { from: touched[0] ?? at, to: at + 60_000 };
  return allocate(spansOf(day), '30m', span).length;
}
