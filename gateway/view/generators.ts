import type { Generator } from '#gateway/contract';
import type { GeneratorConfig } from '../config/plant.ts';
import { figure } from '../derive/figure.ts';
import type { Latest } from './latest.ts';

export interface ConfiguredGenerator {
  readonly site: string;
  readonly config: GeneratorConfig;
}

/** A generator as shown at `nowMs`. */
export function showGenerator(
  { site, config }: ConfiguredGenerator,
  latest: Latest,
  counted: Pick<Generator, 'today' | 'reduction'>,
  nowMs: number,
): Generator {
  const of = (quantity: 'power' | 'generated') =>
    config.device === undefined ? undefined : latest.of(site, config.device, config.id, quantity);
  const staleAfterMs = config.staleAfterSeconds * 1000;
  const register = figure(of('generated'), nowMs, staleAfterMs);
  const power = figure(of('power'), nowMs, staleAfterMs);
  // A meter without a power channel is still known by its register.
  const { measuredAt, ageMs, quality, why } = power.measuredAt === null ? register : power;
  return {
    id: config.id,
    name: config.name ?? config.id,
    site,
    kind: config.kind,
    measuredAt,
    ageMs,
    quality,
    ...(why === undefined ? {} : { why }),
    powerW: power.value,
    generatedWh: register.value,
    ...counted,
  };
}
