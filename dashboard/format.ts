/** Every number and time the page shows is written here. Figures look the same in both languages. */

const formatters = new Map<number, Intl.NumberFormat>();

function formatterFor(decimals: number): Intl.NumberFormat {
  const known = formatters.get(decimals);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: 'negative',
  });
  formatters.set(decimals, made);
  return made;
}

/** Fixed decimals, groups of three, a real minus sign, and never "-0.0". */
export function fixed(value: number, decimals: number): string {
  return formatterFor(decimals).format(value).replace('-', '−');
}

/** Gauge pressure in MPa to 1 kPa. */
export const pressureText = (pressureMpa: number): string => fixed(pressureMpa, 3);

/** A pressure that a person read from a needle. */
export const needleText = (pressureMpa: number): string => fixed(pressureMpa, 2);

/** Kilograms to 0.1: the uncertainty of a pack is 0.16 to 0.42 kg (facts/hydrogen.md, sensor chain). */
export const massText = (massKg: number): string => fixed(massKg, 1);

/** An expanded uncertainty in kg, rounded up to 0.1: rounding must not promise more than was computed. */
export const massUncertaintyText = (massKg: number): string =>
  fixed(Math.ceil(massKg * 10 - 1e-9) / 10, 1);

/** A flow in kg/h to 0.01: shown once its uncertainty is below 10 % of it, and plants draw about 0.1 to 5 kg/h. */
export const flowText = (kgPerHour: number): string => fixed(kgPerHour, 2);

/** Its expanded uncertainty, rounded up to 0.01. */
export const flowUncertaintyText = (kgPerHour: number): string =>
  fixed(Math.ceil(kgPerHour * 100 - 1e-9) / 100, 2);

/** Hours to 0.1 below a hundred. The ends of a range are rounded outwards: rounding must not narrow it. */
export function hoursText(hours: number, round: 'near' | 'down' | 'up' = 'near'): string {
  const decimals = hours < 100 ? 1 : 0;
  const step = 10 ** decimals;
  if (round === 'near') return fixed(hours, decimals);
  const steps = round === 'down' ? Math.floor(hours * step + 1e-9) : Math.ceil(hours * step - 1e-9);
  return fixed(steps / step, decimals);
}

/** Decimals that mean something, by the unit an alarm gives; of another unit at most three. */
const alarmDecimals: ReadonlyMap<string, number> = new Map([
  ['kg', 1],
  ['MPa', 2],
  ['degC', 1],
  ['s', 0],
]);

/** A value or threshold of an alarm, with its unit as people write it. */
export function alarmFigure(value: number, unit: string): string {
  const decimals = alarmDecimals.get(unit);
  const text = decimals === undefined ? trimmed(value, 3) : fixed(value, decimals);
  return `${text} ${unit.replace('degC', '°C')}`.trim();
}

/** At most `most` decimals, and none that say nothing. */
function trimmed(value: number, most: number): string {
  const text = fixed(value, most);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export const normalCubicMetresText = (normalCubicMetres: number): string =>
  fixed(normalCubicMetres, 0);

export const temperatureText = (temperatureC: number): string => fixed(temperatureC, 1);

export interface Amount {
  readonly value: string;
  readonly unit: string;
}

/** Watts below 1 kW, then kilowatts to 10 W. */
export function powerAmount(powerW: number): Amount {
  return Math.abs(powerW) < 999.5
    ? { value: fixed(powerW, 0), unit: 'W' }
    : { value: fixed(powerW / 1000, 2), unit: 'kW' };
}

/** Energy of a day in kWh, to 10 Wh. */
export const energyText = (energyWh: number): string => fixed(energyWh / 1000, 2);

/** A register in kWh with every Wh it holds, so that it can be compared with the meter's display. */
export const registerText = (energyWh: number): string => fixed(energyWh / 1000, 3);

const japanOffsetMs = 9 * 3_600_000;

/** Japan has had one offset and no summer time since 1951, so its calendar is UTC's, nine hours on. */
function japan(atMs: number): { readonly date: string; readonly time: string } {
  const shifted = new Date(atMs + japanOffsetMs);
  if (Number.isNaN(shifted.getTime())) return { date: '—', time: '—' };
  const [date = '', time = ''] = shifted.toISOString().split('T');
  return { date, time: time.slice(0, 8) };
}

/** `2026-11-22`, Japan time. */
export const japanDate = (atMs: number): string => japan(atMs).date;

/** `12:34:56`, Japan time. */
export const japanClock = (atMs: number): string => japan(atMs).time;

/** `12:34`, Japan time. */
export const japanMinute = (atMs: number): string => japan(atMs).time.slice(0, 5);

/** The time of day as `time` writes it, with the date before it unless that is the date of `nowMs`. */
export function japanMoment(atMs: number, nowMs: number, time = japanClock): string {
  const date = japanDate(atMs);
  return date === japanDate(nowMs) ? time(atMs) : `${date} ${time(atMs)}`;
}
