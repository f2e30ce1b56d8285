/**
 * Normal hydrogen by the Helmholtz equation of Leachman, Jacobsen, Penoncello, Lemmon, J. Phys. Chem. Ref. Data
 * 38(3):721-748 (2009), doi 10.1063/1.3160306, coefficients as in CoolProp's Hydrogen.json.
 *
 * The gateway converts with another equation (NIST 2008), so that a slip in either shows as a difference.
 */

/** J/(mol K), kg/mol: the values the equation was fitted with. */
const gasConstant = 8.314472;
const molarMassKg = 2.01588e-3;

const reducingKelvin = 33.145;
const reducingMolPerM3 = 15_508;

/** Atmosphere that separates gauge from absolute pressure here, MPa. */
export const atmosphereMpa = 0.101325;

interface Term {
  readonly n: number;
  readonly t: number;
  readonly d: number;
}
interface BellTerm extends Term {
  readonly phi: number;
  readonly beta: number;
  readonly gamma: number;
  readonly center: number;
}

const polynomial: readonly Term[] = [
  { n: -6.93643, t: 0.6844, d: 1 },
  { n: 0.01, t: 1, d: 4 },
  { n: 2.1101, t: 0.989, d: 1 },
  { n: 4.52059, t: 0.489, d: 1 },
  { n: 0.732564, t: 0.803, d: 2 },
  { n: -1.34086, t: 1.1444, d: 2 },
  { n: 0.130985, t: 1.409, d: 3 },
];
const exponential: readonly Term[] = [
  { n: -0.777414, t: 1.754, d: 1 },
  { n: 0.351944, t: 1.311, d: 3 },
];
const bell: readonly BellTerm[] = [
  { n: -0.0211716, t: 4.187, d: 2, phi: 1.685, beta: 0.171, gamma: 0.7164, center: 1.506 },
  { n: 0.0226312, t: 5.646, d: 1, phi: 0.489, beta: 0.2245, gamma: 1.3444, center: 0.156 },
  { n: 0.032187, t: 0.791, d: 3, phi: 0.103, beta: 0.1304, gamma: 1.4517, center: 1.736 },
  { n: -0.0231752, t: 7.249, d: 1, phi: 2.506, beta: 0.2785, gamma: 0.7204, center: 0.67 },
  { n: 0.0557346, t: 2.986, d: 1, phi: 1.607, beta: 0.3967, gamma: 1.5445, center: 1.662 },
];

/** delta * d(alpha_r)/d(delta): all that a pressure needs of the equation. */
function residualSlope(delta: number, tau: number): number {
  let sum = 0;
  for (const { n, t, d } of polynomial) sum += n * d * delta ** d * tau ** t;
  const decay = Math.exp(-delta);
  for (const { n, t, d } of exponential) sum += n * (d - delta) * delta ** d * tau ** t * decay;
  for (const { n, t, d, phi, beta, gamma, center } of bell) {
    const offset = delta - center;
    const shape = Math.exp(-phi * offset * offset - beta * (tau - gamma) ** 2);
    sum += n * (d - 2 * phi * delta * offset) * delta ** d * tau ** t * shape;
  }
  return sum;
}

/** Absolute pressure in MPa of normal hydrogen at a density in kg/m3 and a temperature in kelvin. */
export function absolutePressureMpa(densityKgM3: number, kelvin: number): number {
  const molPerM3 = densityKgM3 / molarMassKg;
  const slope = residualSlope(molPerM3 / reducingMolPerM3, reducingKelvin / kelvin);
  return (molPerM3 * gasConstant * kelvin * (1 + slope)) / 1e6;
}

/**
 * Density in kg/m3 at an absolute pressure in MPa and a temperature in kelvin, to about 1e-12 of its value: bisection
 * on the same equation, whose pressure rises with density everywhere above the critical 33.145 K.
 */
export function densityKgM3(pressureMpaAbsolute: number, kelvin: number): number {
  if (!(pressureMpaAbsolute >= 0 && pressureMpaAbsolute <= 100 && kelvin >= 200 && kelvin <= 500))
    throw new RangeError(
      `hydrogen at ${pressureMpaAbsolute} MPa absolute and ${kelvin} K is outside 0-100 MPa, 200-500 K`,
    );
  let low = 0;
  let high = 100;
  for (let halving = 0; halving < 50; halving += 1) {
    const middle = (low + high) / 2;
    if (absolutePressureMpa(middle, kelvin) < pressureMpaAbsolute) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
