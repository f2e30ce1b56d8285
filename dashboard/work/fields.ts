import { japanDate, japanMinute } from '../format.ts';
import { whOf } from './energy.ts';

/** One thing a form asks for. `name` is where it stands in the request: `arrival.pressureMpa`. */
export interface Field {
  readonly name: string;
  readonly kind:
    | 'number'
    | 'count'
    | 'text'
    | 'time'
    | 'person'
    | 'choice'
    /** A time to the millisecond: that of a reading. */
    | 'instant'
    /** Wh, typed as a display shows it. */
    | 'energy'
    /** The SHA-256 of a file. */
    | 'photo';
  readonly label: string;
  readonly hint?: string;
  readonly unit?: string;
  readonly optional?: boolean;
  /** What it begins with. */
  readonly first?: string;
  /** Value and words of each choice. */
  readonly options?: readonly (readonly [string, string])[];
}

/** What was typed, by field name. */
export type Values = Readonly<Record<string, string>>;

/** What can be told here. Limits are the gateway's: it answers with the field and the reason. */
export type Mistake = 'missing' | 'not-a-number' | 'not-a-count' | 'not-a-time' | 'not-an-energy';

export type Body = Record<string, unknown>;

export type Reading =
  | { readonly kind: 'body'; readonly body: Body }
  | { readonly kind: 'mistakes'; readonly mistakes: Readonly<Record<string, Mistake>> };

export function firstValues(fields: readonly Field[]): Values {
  return Object.fromEntries(fields.map(({ name, first = '' }) => [name, first]));
}

/** Turns what was typed into a request body; an optional field left empty is left out. */
export function readFields(fields: readonly Field[], values: Values): Reading {
  const body: Body = {};
  const mistakes: Record<string, Mistake> = {};
  for (const field of fields) {
    const typed = (values[field.name] ?? '').normalize('NFKC').trim();
    if (typed === '') {
      if (field.optional !== true) mistakes[field.name] = 'missing';
      continue;
    }
    const { value, mistake } = readOne(field.kind, typed);
    if (mistake === undefined) put(body, field.name.split('.'), value);
    else mistakes[field.name] = mistake;
  }
  return Object.keys(mistakes).length === 0
    ? { kind: 'body', body }
    : { kind: 'mistakes', mistakes };
}

interface ReadOne {
  readonly value?: string | number;
  readonly mistake?: Mistake;
}

function readOne(kind: Field['kind'], typed: string): ReadOne {
  switch (kind) {
    case 'number': {
      const value = numberOf(typed);
      return value === undefined ? { mistake: 'not-a-number' } : { value };
    }
    case 'count':
      return /^[1-9]\d{0,8}$/.test(typed) ? { value: Number(typed) } : { mistake: 'not-a-count' };
    case 'energy': {
      const value = whOf(typed);
      return value === undefined ? { mistake: 'not-an-energy' } : { value };
    }
    case 'time':
    case 'instant': {
      const value = timeOf(typed);
      return value === undefined ? { mistake: 'not-a-time' } : { value };
    }
    case 'text':
    case 'photo':
    case 'person':
    case 'choice':
      return { value: typed };
  }
}

/** Digits as people type them: full-width ones and every minus sign, but no thousands: `1,5` could be either. */
export function numberOf(typed: string): number | undefined {
  const plain = typed
    .normalize('NFKC')
    .trim()
    .replace(/^[−‐‑–—ー]/, '-');
  return /^-?\d{1,9}(\.\d{0,9})?$/.test(plain) ? Number(plain) : undefined;
}

/** `2026-04-01T12:00`, Japan time, whatever zone the browser is in. Epoch milliseconds. */
function timeOf(typed: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/.test(typed)) return undefined;
  const ms = Date.parse(`${typed}+09:00`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A time as the browser's own input wants it, in Japan time and to the minute. */
export const timeValue = (atMs: number): string => `${japanDate(atMs)}T${japanMinute(atMs)}`;

/** The same with the seconds and milliseconds of a reading. */
export const instantValue = (atMs: number): string =>
  `${timeValue(atMs)}:${((atMs % 60_000) / 1000).toFixed(3).padStart(6, '0')}`;

function put(body: Body, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    body[key] = value;
    return;
  }
  const known = body[key];
  const inner: Body = typeof known === 'object' && known !== null ? { ...known } : {};
  put(inner, rest, value);
  body[key] = inner;
}
