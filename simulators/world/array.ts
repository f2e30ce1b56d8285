import { irradianceOnPlane, type Weather } from './weather.ts';

/** A PV array: `peakKw` at 1000 W/m2 and 25 degC. Azimuth clockwise from north, 180 = south. */
export interface ArraySetup {
  readonly peakKw: number;
  readonly tiltDeg: number;
  readonly azimuthDeg: number;
}

/** Wiring, inverter and soiling together. */
const systemEfficiency = 0.86;
const lossPerKelvin = 0.004;
/** Cells run about 30 K above the air at 1000 W/m2 (a nominal operating cell temperature of about 45 degC). */
const cellRiseKPerWPerM2 = 0.03;

/** AC power in milliwatts, an integer: energy is summed from it without rounding. Never above `peakKw`. */
export function arrayMilliwatts(setup: ArraySetup, weather: Weather): number {
  const onPlane = irradianceOnPlane(weather, setup.tiltDeg, setup.azimuthDeg);
  const cellC = weather.ambientC + cellRiseKPerWPerM2 * onPlane;
  const heatFactor = 1 - lossPerKelvin * (cellC - 25);
  const watts = setup.peakKw * onPlane * systemEfficiency * heatFactor;
  return Math.round(1000 * Math.min(setup.peakKw * 1000, Math.max(0, watts)));
}
