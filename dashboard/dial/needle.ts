/** The pointer of a gauge: where it is and how fast it turns. Degrees and degrees per second. */
export interface Needle {
  readonly angle: number;
  readonly speed: number;
}

/** Natural frequency, 1/s: the pointer covers 99 % of a step in 6.64 / 7 of a second and does not overshoot. */
const frequency = 7;

/**
 * The needle `elapsedSeconds` later while it is drawn to `targetAngle`. This is the exact solution of the critically
 * damped oscillator x'' + 2wx' + w^2 (x - target) = 0, so that a slow or suspended screen ends at the same place.
 */
export function moveNeedle(needle: Needle, targetAngle: number, elapsedSeconds: number): Needle {
  const seconds = Math.max(0, elapsedSeconds);
  const offset = needle.angle - targetAngle;
  const slope = needle.speed + frequency * offset;
  const decay = Math.exp(-frequency * seconds);
  const displaced = (offset + slope * seconds) * decay;
  return {
    angle: targetAngle + displaced,
    speed: slope * decay - frequency * displaced,
  };
}

/** Too little is left to be seen: a tenth of a degree. */
export function isSettled(needle: Needle, targetAngle: number): boolean {
  return Math.abs(needle.angle - targetAngle) < 0.1 && Math.abs(needle.speed) < 0.5;
}
