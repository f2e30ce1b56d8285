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
): string {
  const host = '127.0.0.1';
  return (
    '# Written by `kadoru-simulate year`; changes here are overwritten.\n' +
    stringify(
      {
        data: folder,
        http: { host, port: ports.http },
        mqtt: { embedded: { host, port: ports.mqtt } },
        sites: [{ id: yearSite, generators: plans.map((plan) => generator(plan, year)) }],
      },
      { aliasDuplicateObjects: false },
    )
  );
}

function generator({ asset, device, wrapAt, peakW }: HomePlan, year: YearSpan) {
  const meter = { wrapAt, ratedW: ratedW(peakW), reportingPeriodSeconds: halfHourMs / 1000 };
  const evidence = { kind: 'specified', markExpires: japanDate(year.to + 400 * 86_400_000) };
  const register = { ...meter, class: 'B', evidence };
  const staleAfterSeconds = 2 * meter.reportingPeriodSeconds;
  const meters = { generated: register, exported: register };
  return { id: asset, kind: 'pv', device, staleAfterSeconds, meters };
}

/** What stands on the plate: no cloudless noon gives more. */
export function ratedW(peakW: number): number {
  return Math.ceil(peakW / 500) * 500;
}
