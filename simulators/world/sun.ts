/** Degrees; east and north positive. */
export interface Place {
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
}

/** Azimuth clockwise from north. Geometric altitude: refraction (0.5 degrees at the horizon) carries no energy here. */
export interface SunPosition {
  readonly altitudeDeg: number;
  readonly azimuthDeg: number;
}

const radians = Math.PI / 180;
const sin = (degrees: number): number => Math.sin(degrees * radians);
const cos = (degrees: number): number => Math.cos(degrees * radians);
const wrap = (value: number, turn: number): number => ((value % turn) + turn) % turn;

/** Julian centuries since 2000-01-01T12:00Z. */
const centuriesSince2000 = (atMs: number): number => (atMs / 86_400_000 - 10_957.5) / 36_525;

/** Declination in degrees and equation of time in minutes, after NOAA's Solar Calculator (Meeus, ch. 25 and 28). */
function declinationAndEquation(atMs: number): { declinationDeg: number; equationMinutes: number } {
  const t = centuriesSince2000(atMs);
  const meanLongitude = wrap(280.46646 + t * (36_000.76983 + t * 0.0003032), 360);
  const anomaly = 357.52911 + t * (35_999.05029 - 0.0001537 * t);
  const eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t);
  const center =
    sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t)) +
    sin(2 * anomaly) * (0.019993 - 0.000101 * t) +
    sin(3 * anomaly) * 0.000289;
  const node = 125.04 - 1934.136 * t;
  const apparentLongitude = meanLongitude + center - 0.00569 - 0.00478 * sin(node);
  const obliquity =
    23 +
    (26 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60) / 60 +
    0.00256 * cos(node);
  const y = Math.tan((obliquity / 2) * radians) ** 2;
  const equation =
    y * sin(2 * meanLongitude) -
    2 * eccentricity * sin(anomaly) +
    4 * eccentricity * y * sin(anomaly) * cos(2 * meanLongitude) -
    0.5 * y * y * sin(4 * meanLongitude) -
    1.25 * eccentricity * eccentricity * sin(2 * anomaly);
  return {
    declinationDeg: Math.asin(sin(obliquity) * sin(apparentLongitude)) / radians,
    equationMinutes: (4 * equation) / radians,
  };
}

/** Where the sun stands at an instant (epoch milliseconds, UTC). Good to about 0.01 degrees for 1950-2050. */
export function sunPosition(atMs: number, { latitudeDeg, longitudeDeg }: Place): SunPosition {
  const { declinationDeg, equationMinutes } = declinationAndEquation(atMs);
  const solarMinutes = wrap(atMs / 60_000 + equationMinutes + 4 * longitudeDeg, 1440);
  const hourAngle = solarMinutes / 4 - 180;
  const sinAltitude =
    sin(latitudeDeg) * sin(declinationDeg) +
    cos(latitudeDeg) * cos(declinationDeg) * cos(hourAngle);
  const azimuthFromSouth = Math.atan2(
    sin(hourAngle),
    cos(hourAngle) * sin(latitudeDeg) - Math.tan(declinationDeg * radians) * cos(latitudeDeg),
  );
  return {
    altitudeDeg: Math.asin(Math.min(1, Math.max(-1, sinAltitude))) / radians,
    azimuthDeg: wrap(azimuthFromSouth / radians + 180, 360),
  };
}

/** Cosine of the angle between the sun and the normal of a tilted plane; 0 when the sun is behind it. */
export function incidenceCosine(sun: SunPosition, tiltDeg: number, azimuthDeg: number): number {
  const facing =
    sin(sun.altitudeDeg) * cos(tiltDeg) +
    cos(sun.altitudeDeg) * sin(tiltDeg) * cos(sun.azimuthDeg - azimuthDeg);
  return Math.max(0, facing);
}
