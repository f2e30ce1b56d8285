/** Gauge and absolute pressure are different types: taking one for the other moves a residual pack by 10 %. */
declare const gauge: unique symbol;
declare const absolute: unique symbol;
export type GaugeMpa = number & { readonly [gauge]: true };
export type AbsoluteMpa = number & { readonly [absolute]: true };

/** Standard atmosphere, ISO 2533. */
export const atmosphereMpa = 0.101325;

export function gaugeMpa(value: number): GaugeMpa {
  return value as GaugeMpa;
}

export function absoluteMpa(value: number): AbsoluteMpa {
  return value as AbsoluteMpa;
}

export function toAbsolute(pressure: GaugeMpa): AbsoluteMpa {
  return absoluteMpa(pressure + atmosphereMpa);
}

export function toGauge(pressure: AbsoluteMpa): GaugeMpa {
  return gaugeMpa(pressure - atmosphereMpa);
}

const iceKelvin = 273.15;

export function kelvin(celsius: number): number {
  return celsius + iceKelvin;
}
