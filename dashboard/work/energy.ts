/** What a display shows, as typed: digits and `Wh` or `kWh`. */
export type EnergyUnit = 'kWh' | 'Wh';

export const energyUnits: readonly EnergyUnit[] = ['kWh', 'Wh'];

/** As a form keeps it; empty while nothing is typed, whatever the unit. */
export function energyValue(digits: string, unit: EnergyUnit): string {
  return digits.trim() === '' ? '' : `${digits} ${unit}`;
}

/** Digits and unit of what `energyValue` made. */
export function energyParts(value: string): { readonly digits: string; readonly unit: EnergyUnit } {
  const unit: EnergyUnit = value.endsWith(' Wh') ? 'Wh' : 'kWh';
  return { digits: value.replace(/ k?Wh$/, ''), unit };
}

/**
 * Whole Wh, exactly: digits are moved, never multiplied. Leading zeros are a display's. Undefined for anything finer
 * than 1 Wh, for a sign, and for a comma, which may mean two things.
 */
export function whOf(value: string): number | undefined {
  const { digits, unit } = energyParts(value);
  const [, whole = '', fraction = ''] =
    /^(\d{1,13})(?:\.(\d{0,3}))?$/.exec(digits.normalize('NFKC').trim()) ?? [];
  if (whole === '' || (unit === 'Wh' && fraction !== '')) return undefined;
  const wh = Number(unit === 'Wh' ? whole : whole + fraction.padEnd(3, '0'));
  return Number.isSafeInteger(wh) ? wh : undefined;
}

/** A known amount as a form begins with it: in kWh, with every Wh. */
export function energyFirst(wh: number): string {
  const digits = String(wh).padStart(4, '0');
  return energyValue(`${digits.slice(0, -3)}.${digits.slice(-3)}`, 'kWh');
}
