import { driftAt } from './noise.ts';
import { incidenceCosine, sunPosition, type Place, type SunPosition } from './sun.ts';

/** `seed` fixes the clouds and the slow noise. */
export interface Climate {
  readonly seed: number;
  readonly place: Place;
}

/** Irradiances in W/m2: `beam` on a plane facing the sun, `diffuse` and `global` on the horizontal. */
export interface Weather {
  readonly ambientC: number;
  readonly cloudCover: number;
  readonly sun: SunPosition;
  readonly beamWPerM2: number;
  readonly diffuseWPerM2: number;
  readonly globalWPerM2: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const yearMs = 365.2425 * dayMs;
/**
 * Noise streams: one number per independent noise of the world. Others: 10 and 11 the loops' noise, 12 the DS18B20's,
 * 110 and 111 the loops' errors, 120 to 124 the rest of the chain (instruments.ts, placement.ts).
 */
const stream = { temperature: 1, fronts: 2, clouds: 3 } as const;

/**
 * Daily mean by day of year (JMA normals 1981-2010 for Tokyo Otemachi: 5.2 degC in January, 26.4 degC in August), a
 * day's swing of +-4 K with its peak at 14:00 Japan time, and +-3 K of slow noise.
 */
function ambientC({ seed }: Climate, atMs: number): number {
  const coldestMs = Date.UTC(2026, 0, 27);
  const season = 15.8 - 10.6 * Math.cos((2 * Math.PI * (atMs - coldestMs)) / yearMs);
  const warmestUtcMs = 5 * hourMs;
  const swing = 4 * Math.cos((2 * Math.PI * (atMs - warmestUtcMs)) / dayMs);
  return season + swing + 3 * driftAt(seed, stream.temperature, atMs, 9 * hourMs);
}

/** 0 clear to 1 overcast: fronts over a day and a half, single clouds over minutes. */
function cloudCover({ seed }: Climate, atMs: number): number {
  const fronts = driftAt(seed, stream.fronts, atMs, 18 * hourMs);
  const clouds = driftAt(seed, stream.clouds, atMs, 7 * 60_000);
  return Math.min(1, Math.max(0, 0.35 + 0.5 * fronts + 0.3 * clouds));
}

/** Clear-sky global by Haurwitz (1945), beam by Meinel (1976), clouds by Kasten and Czeplak (1980). */
function irradiance(altitudeDeg: number, cover: number): { beam: number; global: number } {
  const rise = Math.sin((altitudeDeg * Math.PI) / 180);
  if (rise <= 0.01) return { beam: 0, global: 0 };
  const clearGlobal = 1098 * rise * Math.exp(-0.057 / rise);
  const clearBeam = 1353 * 0.7 ** ((1 / rise) ** 0.678);
  return { beam: clearBeam * (1 - cover), global: clearGlobal * (1 - 0.75 * cover ** 3.4) };
}

/** The weather at an instant (epoch milliseconds): a pure function of the climate's seed and the time. */
export function weatherAt(climate: Climate, atMs: number): Weather {
  const sun = sunPosition(atMs, climate.place);
  const cover = cloudCover(climate, atMs);
  const { beam, global } = irradiance(sun.altitudeDeg, cover);
  const rise = Math.max(0, Math.sin((sun.altitudeDeg * Math.PI) / 180));
  return {
    ambientC: ambientC(climate, atMs),
    cloudCover: cover,
    sun,
    beamWPerM2: beam,
    diffuseWPerM2: Math.max(0, global - beam * rise),
    globalWPerM2: global,
  };
}

/** Irradiance on a tilted plane, W/m2: beam, isotropic sky, and ground of albedo 0.2 (Liu and Jordan 1963). */
export function irradianceOnPlane(weather: Weather, tiltDeg: number, azimuthDeg: number): number {
  const tilt = Math.cos((tiltDeg * Math.PI) / 180);
  return (
    weather.beamWPerM2 * incidenceCosine(weather.sun, tiltDeg, azimuthDeg) +
    (weather.diffuseWPerM2 * (1 + tilt)) / 2 +
    (0.2 * weather.globalWPerM2 * (1 - tilt)) / 2
  );
}
