/**
 * What a process takes, NL/min at 0 degC and 101.325 kPa: without a break, or for `onMinutes` out of every `everyMinutes`
 * from its beginning. From `fromMs`, until just before `untilMs`. Draws that overlap add up.
 */
export type Draw = {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly nlPerMin: number;
} & (
  | { readonly kind: 'constant' }
  | { readonly kind: 'batches'; readonly onMinutes: number; readonly everyMinutes: number }
);

/** All draws together at an instant. */
export function drawAt(draws: readonly Draw[], atMs: number): number {
  let nlPerMin = 0;
  for (const draw of draws) if (isOn(draw, atMs)) nlPerMin += draw.nlPerMin;
  return nlPerMin;
}

/** The next instant after `atMs` at which `drawAt` may change; Infinity when it will not. */
export function nextDrawChangeMs(draws: readonly Draw[], atMs: number): number {
  let next = Infinity;
  for (const draw of draws) next = Math.min(next, nextChangeMs(draw, atMs));
  return next;
}

function isOn(draw: Draw, atMs: number): boolean {
  if (atMs < draw.fromMs || atMs >= draw.untilMs) return false;
  if (draw.kind === 'constant') return true;
  return (atMs - draw.fromMs) % (draw.everyMinutes * 60_000) < draw.onMinutes * 60_000;
}

function nextChangeMs(draw: Draw, atMs: number): number {
  if (atMs < draw.fromMs) return draw.fromMs;
  if (atMs >= draw.untilMs) return Infinity;
  if (draw.kind === 'constant') return draw.untilMs;
  const [onMs, everyMs] = [draw.onMinutes * 60_000, draw.everyMinutes * 60_000];
  const phaseMs = (atMs - draw.fromMs) % everyMs;
  const changeMs = atMs - phaseMs + (phaseMs < onMs ? onMs : everyMs);
  return Math.min(changeMs, draw.untilMs);
}
