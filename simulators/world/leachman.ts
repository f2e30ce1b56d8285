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

/** Normal hydrogen at one temperature: what depends on the temperature alone is worked out once. */
interface Isotherm {
  /** Absolute pressure in MPa at a density in kg/m3. */
  pressureMpa(densityKgM3: number): number;
  /** Density in kg/m3 at an absolute pressure in MPa, 0 to 100; throws a RangeError outside. */
  densityKgM3(pressureMpaAbsolute: number): number;
}

/** A pack is asked for several things at one temperature: the last isotherm is kept. */
let last: { readonly kelvin: number; readonly isotherm: Isotherm } | undefined;

function isotherm(kelvin: number): Isotherm {
  if (last?.kelvin !== kelvin) last = { kelvin, isotherm: newIsotherm(kelvin) };
  return last.isotherm;
}

/** Throws a RangeError outside 200-500 K. */
function newIsotherm(kelvin: number): Isotherm {
  if (!(kelvin >= 200 && kelvin <= 500))
    throw new RangeError(`hydrogen at ${kelvin} K is outside 200-500 K`);
  const slope = residualSlope(kelvin);
  const pressureMpa = (densityKgM3: number): number => {
    const molPerM3 = densityKgM3 / molarMassKg;
    return (molPerM3 * gasConstant * kelvin * (1 + slope(molPerM3 / reducingMolPerM3))) / 1e6;
  };
  return { pressureMpa, densityKgM3: (mpa) => solve(pressureMpa, mpa, kelvin) };
}

/** Absolute pressure in MPa of normal hydrogen at a density in kg/m3 and a temperature in kelvin. */
export function absolutePressureMpa(densityKgM3: number, kelvin: number): number {
  return isotherm(kelvin).pressureMpa(densityKgM3);
}

/** Density in kg/m3 at an absolute pressure in MPa and a temperature in kelvin, to about 1e-13 of its value. */
export function densityKgM3(pressureMpaAbsolute: number, kelvin: number): number {
  return isotherm(kelvin).densityKgM3(pressureMpaAbsolute);
}

/** delta * d(alpha_r)/d(delta) as a function of delta: all that a pressure needs of the equation. */
function residualSlope(kelvin: number): (delta: number) => number {
  const tau = reducingKelvin / kelvin;
  // Powers of delta are whole numbers, 1 to 4: the polynomial part is one quartic.
  const quartic = [0, 0, 0, 0, 0];
  for (const { n, t, d } of polynomial) quartic[d] = (quartic[d] ?? 0) + n * d * tau ** t;
  const [, one = 0, two = 0, three = 0, four = 0] = quartic;
  const decaying = exponential.map(({ n, t, d }) => ({ scale: n * tau ** t, d }));
  const bells = bell.map(({ n, t, d, phi, beta, gamma, center }) => {
    const scale = n * tau ** t * Math.exp(-beta * (tau - gamma) ** 2);
    return { scale, d, phi, center };
  });
  return (delta) => {
    let sum = delta * (one + delta * (two + delta * (three + delta * four)));
    const decay = Math.exp(-delta);
    for (const { scale, d } of decaying) sum += scale * (d - delta) * power(delta, d) * decay;
    for (const { scale, d, phi, center } of bells) {
      const offset = delta - center;
      const shape = Math.exp(-phi * offset * offset);
      sum += scale * (d - 2 * phi * delta * offset) * power(delta, d) * shape;
    }
    return sum;
  };
}

/** The whole powers that the equation has besides its polynomial: 1, 2 and 3. Many times faster than `**`. */
function power(base: number, exponent: number): number {
  const square = base * base;
  if (exponent === 2) return square;
  return exponent === 1 ? base : square * base;
}

/** Secant steps from the ideal gas: the pressure rises smoothly with density everywhere above the critical 33.145 K. */
function solve(pressureMpa: (density: number) => number, wanted: number, kelvin: number): number {
  if (!(wanted >= 0 && wanted <= 100))
    throw new RangeError(
      `hydrogen at ${wanted} MPa absolute and ${kelvin} K is outside 0-100 MPa, 200-500 K`,
    );
  if (wanted === 0) return 0;
  let before = (wanted * 1e6 * molarMassKg) / (gasConstant * kelvin);
  let missedBefore = pressureMpa(before) - wanted;
  let density = (before * wanted) / (wanted + missedBefore);
  for (let step = 0; step < mostSteps; step += 1) {
    const missed = pressureMpa(density) - wanted;
    if (Math.abs(missed) <= 1e-13 * wanted || missed === missedBefore) return density;
    const next = density - (missed * (density - before)) / (missed - missedBefore);
    [before, missedBefore, density] = [density, missed, next];
  }
  throw new Error(`no density found for ${wanted} MPa at ${kelvin} K`);
}

/** Seven are enough anywhere in the range; a slip must not turn into an endless loop. */
const mostSteps = 50;
