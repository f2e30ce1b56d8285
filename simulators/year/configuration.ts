import { stringify } from 'yaml';
import { halfHourMs, japanDate, type YearSpan } from './calendar.ts';
import type { HomePlan } from './plan.ts';

/** All homes of the year are one site: who lives where is nobody's business here. */
export const yearSite = 'ward';

export interface YearPorts {
  readonly http: number;
  readonly mqtt: number;
}

export function gatewayYaml(
  folder: string,
  ports: YearPorts,
  plans: readonly HomePlan[],
  year: YearSpan,
  sealWaitHours: number,
): string {
  const host = '127.0.0.1';
  return (
    '# Written by `kadoru-simulate year`; changes here are overwritten.\n' +
    stringify(
      {
        data: folder,
        http: { host, port: ports.http },
        mqtt: { embedded: { host, port: ports.mqtt } },
        seals: { waitHours: sealWaitHours },
        sites: [{ id: yearSite, generators: plans.map((plan) => generator(plan, year)) }],
      },
      { aliasDuplicateObjects: false },
    )
  );
}

function generator({ asset, kind, device, wrapAt, peakW }: HomePlan, year: YearSpan) {
  const evidence = { kind: 'specified', markExpires: japanDate(year.to + 400 * 86_400_000) };
  const beside = { reportingPeriodSeconds: halfHourMs / 1000, class: 'B', evidence };
  const register = { ...beside, wrapAt, ratedW: ratedW(peakW) };
  const about = { id: asset, kind, device, staleAfterSeconds: 2 * beside.reportingPeriodSeconds };
  const meters = { generated: register, exported: register };
  if (kind === 'pv') return { ...about, meters };
  const reduction = { fuelCell };
  return { ...about, reduction, meters: { ...meters, gas: beside, heat: beside } };
}

const cited = { document: 'simulated plan', page: '4' };
/** A gas meter at 0 degC and the air's pressure counts Nm3. */
const fuelCell = {
  fuel: 'town-gas',
  boilerEfficiency: { value: 0.8, ...cited },
  heatingValue: { gjPer1000Nm3: 45, ...cited },
  gasMeter: { temperatureC: 0, gaugePressureKpa: 0, ...cited },
};

/** What stands on the plate: no cloudless noon gives more. */
export function ratedW(peakW: number): number {
  return Math.ceil(peakW / 500) * 500;
}
