import type { RegisterEvent } from './event.ts';
import { believableWh, isExplained, judge } from './judge.ts';
import { openEvent, type Register, spanTo } from './outcome.ts';
import { effectOf } from './resolution.ts';
import type { Span } from './span.ts';
import type { Level, RegisterState } from './state.ts';

interface Value {
  readonly at: number;
  readonly wh: number;
  readonly quality: string;
}

/** Another serial: with a declared start it is counted from there; without, a person must say what it was. */
export function declaredReplacement(
  state: RegisterState,
  level: Level,
  reading: Value,
  event: RegisterEvent,
  { rules }: Register,
): { event: RegisterEvent; span: Span } {
  const { at, wh, quality } = reading;
  const next = { at, wh, changedAt: at, uncertain: quality !== 'good' };
  const energy = declaredWh(state, event);
  const believable = believableWh({ ...level, changedAt: level.at }, at, state, rules);
  if (energy === undefined || energy > believable) {
    const span = { ...spanTo(level, next, 0, rules), kind: 'withheld', event: event.id } as const;
    return { event, span };
  }
  return {
    event: { ...event, resolution: { kind: 'declared-replacement', by: 'device' } },
    span: { ...spanTo(level, next, energy, rules), event: event.id },
  };
}

function declaredWh({ announced }: RegisterState, event: RegisterEvent): number | undefined {
  if (announced?.kind !== 'replacement' || announced.startWh === null) return undefined;
  const said = {
    kind: 'replaced',
    by: 'device',
    why: 'declared',
    startWh: announced.startWh,
  } as const;
  const effect = effectOf(
    announced.finalWh === null ? said : { ...said, finalWh: announced.finalWh },
    event,
  );
  return typeof effect === 'object' && 'wh' in effect ? effect.wh : undefined;
}

/**
 * The device's counter went back: the fall is 0 Wh, and counting goes on from where it went back to. Where it did not
 * go below what had been read there is no fall and no event.
 */
export function declaredRollback(
  { announced }: RegisterState,
  level: Level,
  reading: Value,
  register: Register,
): { event: RegisterEvent | undefined; level: Level } {
  const declared = announced?.kind === 'rollback' ? announced.wh : null;
  const wh = declared ?? reading.wh;
  if (wh >= level.wh) return { event: undefined, level };
  const event = openEvent('rollback', level, { at: reading.at, wh }, register);
  return {
    event: { ...event, resolution: { kind: 'rollback', by: 'device' } },
    level: { ...level, wh },
  };
}

/**
 * Whether readings in doubt were a mistake, by what the device announced after them: the old meter's final value goes
 * on from the old level, or a counter that went back is nowhere near what they showed.
 */
export function provesOldLevel(
  state: RegisterState,
  level: Level,
  { at, wh }: Value,
  { rules }: Register,
): boolean {
  const { announced, held } = state;
  const shown = held.at(-1)?.wh;
  if (announced === null || shown === undefined) return false;
  if (announced.kind === 'rollback') return wh > shown + rules.rejoinRiseWh;
  const { finalWh } = announced;
  return finalWh !== null && isExplained(judge(level, { at, wh: finalWh }, state, rules));
}
