import { absoluteMpa, type AbsoluteMpa } from './pressure.ts';

/**
 * Density of normal hydrogen: E. W. Lemmon, M. L. Huber, J. W. Leachman, "Revised Standardized Equation for Hydrogen
 * Gas Densities for Fuel Consumption Applications", J. Res. NIST 113(6):341-350 (2008), doi 10.6028/jres.113.028.
 *
 * Z(p, T) = 1 + sum a_i (100 K / T)^b_i (p / 1 MPa)^c_i. Within 0.01 % of the full equation of state for 220-1000 K up
 * to 70 MPa; expanded uncertainty of the density 0.04 % (k = 2) for 250-450 K.
 */
export const equationName = 'NIST 2008 (doi 10.6028/jres.113.028)';

/** Expanded relative uncertainty (k = 2) the paper states for the density. */
export const relativeUncertainty = 0.0004;

const molarMassKgPerMol = 2.01588e-3;
/** The paper's own gas constant, not the CODATA one: the coefficients were fitted with it. */
const gasConstant = 8.314472;

const a = [
  0.0588846, -0.06136111, -0.002650473, 0.002731125, 0.001802374, -0.001150707, 0.9588528e-4,
  -0.110904e-6, 0.1264403e-9,
] as const;

/** Compressibility factor Z at absolute pressure and temperature in kelvin. */
export function compressibility(pressure: AbsoluteMpa, temperatureK: number): number {
  // The powers are spelled out because this runs for every reading: seven of the nine pressure exponents are whole.
  const p = pressure;
  const lnT = Math.log(100 / temperatureK);
  const lnP = Math.log(p);
  const p2 = p * p;
  return (
    1 +
    p * (a[0] * Math.exp(1.325 * lnT) + a[1] * Math.exp(1.87 * lnT)) +
    p2 * (a[2] * Math.exp(2.5 * lnT) + a[3] * Math.exp(2.8 * lnT)) +
    a[4] * Math.exp(2.938 * lnT + 2.42 * lnP) +
    a[5] * Math.exp(3.14 * lnT + 2.63 * lnP) +
    a[6] * p2 * p * Math.exp(3.37 * lnT) +
    a[7] * p2 * p2 * Math.exp(3.75 * lnT) +
    a[8] * p2 * p2 * p * Math.exp(4 * lnT)
  );
}

/** Molar density in mol/L, as the paper tabulates it. */
export function molarDensity(pressure: AbsoluteMpa, temperatureK: number): number {
  return (pressure * 1000) / (compressibility(pressure, temperatureK) * gasConstant * temperatureK);
}

/** Density in kg/m3 at absolute pressure and temperature in kelvin. */
export function density(pressure: AbsoluteMpa, temperatureK: number): number {
  return molarDensity(pressure, temperatureK) * 1000 * molarMassKgPerMol;
}

export function insideRange(pressure: AbsoluteMpa, temperatureK: number): boolean {
  return pressure > 0 && pressure <= 70 && temperatureK >= 220 && temperatureK <= 1000;
}

/**
 * Absolute pressure at which hydrogen of this temperature has this density (kg/m3): the isochore of a closed pack.
 * Newton's method; density is smooth and rises with pressure, so a few steps reach the last digits.
 */
export function pressureAtDensity(densityKgPerM3: number, temperatureK: number): AbsoluteMpa {
  let pressure = (densityKgPerM3 * gasConstant * temperatureK) / molarMassKgPerMol / 1e6;
  for (let step = 0; step < 50; step += 1) {
    const here = density(absoluteMpa(pressure), temperatureK);
    const deltaMpa = pressure * 1e-6;
    const slope = (density(absoluteMpa(pressure + deltaMpa), temperatureK) - here) / deltaMpa;
    const next = Math.max(pressure / 2, pressure - (here - densityKgPerM3) / slope);
    if (Math.abs(next - pressure) <= 1e-12 * pressure) return absoluteMpa(next);
    pressure = next;
  }
  return absoluteMpa(pressure);
}
