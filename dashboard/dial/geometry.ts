/** The dial's drawing is 400 units wide and high; angles are degrees clockwise from straight up. */
export const centre = 200;
const firstAngle = -135;
const sweep = 270;

export interface Scale {
  readonly rangeMpa: number;
  /** Distance of the numbered marks. */
  readonly majorMpa: number;
  readonly mediumMpa: number;
  readonly minorMpa: number;
}

/** Gauge ranges of the row 1, 1.6, 2.5, 4, 6 (JIS B 7505-1) with divisions as such gauges carry them. */
const scales: readonly Scale[] = [
  { rangeMpa: 10, majorMpa: 2, mediumMpa: 1, minorMpa: 0.2 },
  { rangeMpa: 16, majorMpa: 4, mediumMpa: 1, minorMpa: 0.5 },
  { rangeMpa: 25, majorMpa: 5, mediumMpa: 1, minorMpa: 0.5 },
  { rangeMpa: 40, majorMpa: 5, mediumMpa: 5, minorMpa: 1 },
  { rangeMpa: 60, majorMpa: 10, mediumMpa: 5, minorMpa: 1 },
];
const widest: Scale = { rangeMpa: 100, majorMpa: 20, mediumMpa: 10, minorMpa: 2 };

/** The smallest usual gauge that leaves a tenth above the highest filling pressure: 0 to 25 MPa for 19.6 MPa. */
export function scaleFor(fillingPressureMpa: number): Scale {
  return scales.find((scale) => scale.rangeMpa >= fillingPressureMpa * 1.1) ?? widest;
}

/** How far past its ends the pointer of a gauge can turn before it meets a pin, degrees. */
const pinOverrun = 4;

/** Angle of a gauge pressure. Beyond the scale the needle rests on its pin; the digits still tell the value. */
export function angleOf(pressureMpa: number, scale: Scale): number {
  const angle = firstAngle + (pressureMpa / scale.rangeMpa) * sweep;
  return Math.min(firstAngle + sweep + pinOverrun, Math.max(firstAngle - pinOverrun, angle));
}

/** A point at a radius and an angle, rounded to what a screen can show. */
export function pointAt(radius: number, angle: number): { readonly x: number; readonly y: number } {
  const radians = (angle * Math.PI) / 180;
  return {
    x: rounded(centre + radius * Math.sin(radians)),
    y: rounded(centre - radius * Math.cos(radians)),
  };
}

function rounded(length: number): number {
  return Math.round(length * 100) / 100;
}

/** SVG path of an arc clockwise from one pressure to another. */
export function arcPath(radius: number, fromMpa: number, toMpa: number, scale: Scale): string {
  const [fromAngle, toAngle] = [angleOf(fromMpa, scale), angleOf(toMpa, scale)];
  const [from, to] = [pointAt(radius, fromAngle), pointAt(radius, toAngle)];
  const large = toAngle - fromAngle > 180 ? 1 : 0;
  return `M${from.x} ${from.y}A${radius} ${radius} 0 ${large} 1 ${to.x} ${to.y}`;
}

export interface Tick {
  readonly pressureMpa: number;
  readonly angle: number;
  readonly kind: 'major' | 'medium' | 'minor';
}

export function ticksOf(scale: Scale): readonly Tick[] {
  const count = Math.round(scale.rangeMpa / scale.minorMpa);
  return Array.from({ length: count + 1 }, (_, index) => {
    const pressureMpa = Number((index * scale.minorMpa).toPrecision(6));
    return { pressureMpa, angle: angleOf(pressureMpa, scale), kind: kindOf(pressureMpa, scale) };
  });
}

function kindOf(pressureMpa: number, scale: Scale): Tick['kind'] {
  if (isMultiple(pressureMpa, scale.majorMpa)) return 'major';
  return isMultiple(pressureMpa, scale.mediumMpa) ? 'medium' : 'minor';
}

function isMultiple(value: number, step: number): boolean {
  return Math.abs(value / step - Math.round(value / step)) < 1e-9;
}
