import type { PackGeometry } from './budget.ts';
import { density, pressureAtDensity } from './nist2008.ts';
import { gaugeMpa, kelvin, toAbsolute, toGauge, type GaugeMpa } from './pressure.ts';
import { standardPressureMpa } from './sensor-chain.ts';

/** What must stay in the pack: the notice's section 3(3) asks for 1 MPa or more, read on a gauge. */
export const residualPressureMpa = gaugeMpa(1);

/**
 * One stop pressure for stop signal, usable-before-stop and time to stop: what the gauge must show now so that the
 * pack, cooled at constant mass to the reference temperature, still reads 1.0 MPa, plus the expanded uncertainty of
 * the pressure. Never below 1 MPa plus that uncertainty, however cold it is now.
 */
export function stopPressure(pack: PackGeometry, temperatureC: number): GaugeMpa {
  const atReference = density(toAbsolute(residualPressureMpa), kelvin(pack.stopReferenceC));
  const now = toGauge(pressureAtDensity(atReference, kelvin(temperatureC)));
  return gaugeMpa(Math.max(now, residualPressureMpa) + stopMarginMpa(pack, temperatureC));
}

/** Expanded uncertainty (k = 2) of a pressure reading near the stop, MPa. */
export function stopMarginMpa({ chain }: PackGeometry, temperatureC: number): number {
  return 2 * standardPressureMpa(chain.instrument, residualPressureMpa, temperatureC);
}
