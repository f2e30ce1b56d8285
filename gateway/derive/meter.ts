import type { GatewayConfig } from '../config/schema.ts';
import {
  energyQuantities,
  type EnergyQuantity,
  type MeterSettings,
  registerQuantities,
  type RegisterQuantity,
} from '../config/meters.ts';
import type { Correction } from '../energy/correction.ts';
import type { Said } from '../energy/event.ts';
import { type Rules, rulesSchema } from '../energy/rules.ts';
import type { SeriesKey } from '../store/port.ts';
import { manualDevice } from './pack.ts';

/** One register: `{site}/{asset}/{quantity}` is its name, and it is one account. */
export interface ConfiguredMeter {
  readonly key: string;
  readonly site: string;
  readonly asset: string;
  readonly quantity: RegisterQuantity;
  readonly name: string;
  /** Undefined: it is read by people. */
  readonly device: string | undefined;
  readonly staleAfterSeconds: number;
  readonly settings: MeterSettings;
  readonly rules: Rules;
}

/** A register of electricity: what is shown in Wh is of these alone. */
export type WhMeter = ConfiguredMeter & { readonly quantity: EnergyQuantity };

export function isWhMeter(meter: ConfiguredMeter): meter is WhMeter {
  return energyQuantities.some((quantity) => quantity === meter.quantity);
}

/**
 * Rules that are not in Wh: "per hour" and "coarsest digit" in the register's own unit. What is believed is as generous
 * as 1 MW is of electricity: no home burns 100 m3 of gas in an hour, nor takes 1 MW of heat; displays count whole m3,
 * and kWh or MJ of heat.
 */
const ownRules: Readonly<Partial<Record<RegisterQuantity, Partial<Rules>>>> = {
  gas: { unratedW: 100_000, resolutionWh: 1_000 },
  heat: { unratedW: 3_600_000, resolutionWh: 3_600 },
};

/** What people said of a meter, as derivation applies it. */
export interface MeterStatements {
  /** By the time of the event. */
  readonly resolutions: ReadonlyMap<number, Said>;
  /** By the time of the reading, oldest first. */
  readonly corrections: ReadonlyMap<number, readonly Correction[]>;
}

export const nothingSaid: MeterStatements = { resolutions: new Map(), corrections: new Map() };

export function configuredMeters({ sites }: Pick<GatewayConfig, 'sites'>): ConfiguredMeter[] {
  return sites.flatMap(({ id: site, generators, meters }) => [
    ...generators.flatMap((generator) =>
      registerQuantities.flatMap((quantity) => {
        const settings = generator.meters[quantity];
        return settings === undefined ? [] : meterOf(site, generator, quantity, settings);
      }),
    ),
    ...meters.flatMap((meter) =>
      meter.quantities.map((quantity) => meterOf(site, meter, quantity, meter)),
    ),
  ]);
}

interface Asset {
  readonly id: string;
  readonly name?: string | undefined;
  readonly device?: string | undefined;
  readonly staleAfterSeconds: number;
}

function meterOf(
  site: string,
  { id: asset, name = asset, device, staleAfterSeconds }: Asset,
  quantity: RegisterQuantity,
  settings: MeterSettings,
): ConfiguredMeter {
  const key = `${site}/${asset}/${quantity}`;
  const { ratedW, reportingPeriodSeconds } = settings;
  const rules = rulesSchema.parse({
    ...(reportingPeriodSeconds === undefined ? {} : { periodMs: reportingPeriodSeconds * 1_000 }),
    ratedW,
    ...ownRules[quantity],
  });
  return { key, site, asset, quantity, name, device, staleAfterSeconds, settings, rules };
}

export function meterSeries({ site, asset, quantity, device }: ConfiguredMeter): SeriesKey {
  return { site, device: device ?? manualDevice, asset, quantity };
}
