/**
 * Test oracle, never imported by the product: the full equation of state the NIST 2008 correlation was fitted against.
 * J. W. Leachman et al., "Fundamental Equations of State for Parahydrogen, Normal Hydrogen, and Orthohydrogen",
 * J. Phys. Chem. Ref. Data 38, 721 (2009). The simulators carry their own: an oracle that shares code proves nothing.
 */
const reducing = { temperatureK: 33.145, molPerM3: 15_508 };
/** The gas constant of the 2009 paper. */
const gasConstant = 8.314472;

type Row = readonly [
  n: number,
  t: number,
  d: number,
  phi?: number,
  beta?: number,
  gamma?: number,
  centre?: number,
];

const powers: readonly Row[] = [
  [-6.93643, 0.6844, 1],
  [0.01, 1, 4],
  [2.1101, 0.989, 1],
  [4.52059, 0.489, 1],
  [0.732564, 0.803, 2],
  [-1.34086, 1.1444, 2],
  [0.130985, 1.409, 3],
];
const exponentials: readonly Row[] = [
  [-0.777414, 1.754, 1],
  [0.351944, 1.311, 3],
];
const gaussians: readonly Required<Row>[] = [
  [-0.0211716, 4.187, 2, 1.685, 0.171, 0.7164, 1.506],
  [0.0226312, 5.646, 1, 0.489, 0.2245, 1.3444, 0.156],
  [0.032187, 0.791, 3, 0.103, 0.1304, 1.4517, 1.736],
  [-0.0231752, 7.249, 1, 2.506, 0.2785, 0.7204, 0.67],
  [0.0557346, 2.986, 1, 1.607, 0.3967, 1.5445, 1.662],
];

/** Absolute pressure in MPa at molar density (mol/m3) and temperature (K). */
export function leachmanPressureMpa(molPerM3: number, temperatureK: number): number {
  const tau = reducing.temperatureK / temperatureK;
  const delta = molPerM3 / reducing.molPerM3;
  let slope = 0;
  for (const [n, t, d] of powers) slope += n * d * delta ** (d - 1) * tau ** t;
  for (const [n, t, d] of exponentials)
    slope += n * tau ** t * Math.exp(-delta) * delta ** (d - 1) * (d - delta);
  for (const [n, t, d, phi, beta, gamma, centre] of gaussians) {
    const bell = Math.exp(-phi * (delta - centre) ** 2 - beta * (tau - gamma) ** 2);
    slope += n * tau ** t * bell * delta ** (d - 1) * (d - 2 * phi * delta * (delta - centre));
  }
  return (molPerM3 * gasConstant * temperatureK * (1 + delta * slope)) / 1e6;
}
