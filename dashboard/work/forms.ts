import type { Pack } from '#gateway/contract';
import { type Field, timeValue } from './fields.ts';
import type { Words } from './words/words.ts';

/** The plain forms as lists of fields. Names and units are those of gateway/contract/pack-records.ts. */

export function gaugeFields({ gauge }: Words, nowMs: number): Field[] {
  return [
    {
      name: 'pressureMpa',
      kind: 'number',
      label: gauge.pressure,
      unit: 'MPa',
      hint: gauge.pressureHint,
    },
    {
      name: 'temperatureC',
      kind: 'number',
      label: gauge.temperature,
      unit: '°C',
      hint: gauge.temperatureHint,
    },
    {
      name: 'readAt',
      kind: 'time',
      label: gauge.readAt,
      hint: gauge.readAtHint,
      first: timeValue(nowMs),
    },
  ];
}

export function deliveryFields(
  { delivery }: Words,
  pack: Pack,
  openedAtMs: number,
  arrivedAtMs: number,
): Field[] {
  const { origins } = delivery;
  const paper = (name: 'outlet' | 'purityCertificate' | 'safetyDataSheet' | 'tightnessTest') =>
    ({ name, kind: 'text', label: delivery[name], optional: true }) as const;
  return [
    { name: 'serial', kind: 'text', label: delivery.serial, hint: delivery.serialHint },
    {
      name: 'origin',
      kind: 'choice',
      label: delivery.origin,
      options: [
        ['tokyo', origins.tokyo],
        ['yamanashi', origins.yamanashi],
      ],
    },
    {
      name: 'openedAt',
      kind: 'time',
      label: delivery.openedAt,
      hint: delivery.openedAtHint,
      first: timeValue(openedAtMs),
    },
    {
      name: 'openCylinders',
      kind: 'count',
      label: delivery.openCylinders,
      hint: delivery.openCylindersHint,
      first: String(pack.openCylinders),
    },
    { name: 'arrival.pressureMpa', kind: 'number', label: delivery.arrivalPressure, unit: 'MPa' },
    {
      name: 'arrival.temperatureC',
      kind: 'number',
      label: delivery.arrivalTemperature,
      unit: '°C',
    },
    {
      name: 'arrival.at',
      kind: 'time',
      label: delivery.arrivalAt,
      first: timeValue(arrivedAtMs),
    },
    paper('outlet'),
    paper('purityCertificate'),
    paper('safetyDataSheet'),
    paper('tightnessTest'),
  ];
}

export function returnFields({ delivery }: Words, nowMs: number): Field[] {
  return [
    { name: 'state.pressureMpa', kind: 'number', label: delivery.returnPressure, unit: 'MPa' },
    { name: 'state.temperatureC', kind: 'number', label: delivery.returnTemperature, unit: '°C' },
    {
      name: 'state.at',
      kind: 'time',
      label: delivery.returnAt,
      hint: delivery.returnAtHint,
      first: timeValue(nowMs),
    },
  ];
}

export function drawFields({ draw }: Words, nowMs: number): Field[] {
  return [
    { name: 'from', kind: 'time', label: draw.from, first: timeValue(nowMs) },
    { name: 'to', kind: 'time', label: draw.to, hint: draw.toHint },
    {
      name: 'expectedKg',
      kind: 'number',
      label: draw.expectedKg,
      unit: 'kg',
      hint: draw.expectedKgHint,
    },
    {
      name: 'expandedUncertaintyKg',
      kind: 'number',
      label: draw.uncertainty,
      unit: 'kg',
      optional: true,
    },
  ];
}

export function batchFields({ batch }: Words, nowMs: number): Field[] {
  return [
    { name: 'lot', kind: 'text', label: batch.lot },
    { name: 'product', kind: 'text', label: batch.product, optional: true },
    { name: 'from', kind: 'time', label: batch.from },
    { name: 'to', kind: 'time', label: batch.to, hint: batch.toHint, first: timeValue(nowMs) },
    { name: 'units', kind: 'count', label: batch.units, hint: batch.unitsHint },
  ];
}

export function calibrationFields({ calibration }: Words, nowMs: number): Field[] {
  return [
    { name: 'from', kind: 'time', label: calibration.from, first: timeValue(nowMs) },
    {
      name: 'validUntil',
      kind: 'time',
      label: calibration.validUntil,
      hint: calibration.validUntilHint,
    },
    {
      name: 'expandedUncertaintyMpa',
      kind: 'number',
      label: calibration.uncertainty,
      unit: 'MPa',
      hint: calibration.uncertaintyHint,
      optional: true,
    },
    { name: 'certificate', kind: 'text', label: calibration.certificate, optional: true },
  ];
}

/** They depend on the reason chosen: only closed cylinders are counted. */
export function resolutionFields({ resolution }: Words, what: string): Field[] {
  const { whats } = resolution;
  const fields: Field[] = [
    {
      name: 'what',
      kind: 'choice',
      label: resolution.what,
      options: [
        ['swap', whats.swap],
        ['drawn', whats.drawn],
        ['loss', whats.loss],
        ['closed-cylinders', whats['closed-cylinders']],
        ['same', whats.same],
      ],
    },
  ];
  if (what === 'swap') return fields;
  if (what === 'closed-cylinders')
    fields.push({ name: 'openCylinders', kind: 'count', label: resolution.openCylinders });
  return [...fields, { name: 'comment', kind: 'text', label: resolution.comment, optional: true }];
}
