/**
 * Seeded noise that is a pure function of its place, so that nothing has to be remembered between steps and any
 * split of time gives the same bytes. The mixer is the finaliser of MurmurHash3 (Appleby, public domain).
 */

function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Uniform in [0, 1) for a seed, a stream number and a non-negative integer place. */
export function uniformAt(seed: number, stream: number, place: number): number {
  const low = mix((place >>> 0) ^ mix(stream + 0x9e3779b9));
  const high = Math.floor(place / 2 ** 32);
  return mix(low ^ mix(high ^ mix(seed))) / 2 ** 32;
}

/** Standard normal deviate (Box and Muller 1958). */
export function normalAt(seed: number, stream: number, place: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformAt(seed, stream, 2 * place)));
  return radius * Math.cos(2 * Math.PI * uniformAt(seed, stream, 2 * place + 1));
}

/** Smooth noise in [-1, 1] over time: random levels every `periodMs`, joined without corners. */
export function driftAt(seed: number, stream: number, atMs: number, periodMs: number): number {
  const place = Math.floor(atMs / periodMs);
  const part = atMs / periodMs - place;
  const blend = part * part * (3 - 2 * part);
  const from = uniformAt(seed, stream, place);
  const to = uniformAt(seed, stream, place + 1);
  return 2 * (from + (to - from) * blend) - 1;
}
