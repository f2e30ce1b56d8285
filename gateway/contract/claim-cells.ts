import { z } from 'zod';

/**
 * What a cell of a claim's tables may hold, as text: every value has one way of being written, so that two programs
 * write the same bytes and a number written differently is found.
 */
const whole = /^(0|[1-9]\d{0,15})$/;

/** Not empty; as it was entered, in Unicode form NFC, without line ends. */
export const textCell = z.string().regex(/^[^\r\n\0]{1,500}$/, 'is text of one line, not empty');
/** `12`, `0`; no sign, no leading zero. */
export const wholeCell = z.string().regex(whole, 'is a whole number such as 12');
/** `-12` too; never `-0`. */
export const signedCell = z
  .string()
  .regex(/^(0|-?[1-9]\d{0,15})$/, 'is a whole number such as -12');
/** An exact decimal: `0.434`, `-12`, `7.5`; no exponent, no zeros at the end, no bare point. */
export const decimalCell = z
  .string()
  .regex(/^(0|-?(0|[1-9]\d*)\.\d*[1-9]|-?[1-9]\d*)$/, 'is a decimal such as 0.434');
/** An exact decimal where it ends, else `p/q` in lowest terms, q > 1. */
export const exactCell = z
  .string()
  .regex(
    /^((0|-?(0|[1-9]\d*)\.\d*[1-9]|-?[1-9]\d*)|-?[1-9]\d*\/[1-9]\d*)$/,
    'is a decimal such as 0.434, or a fraction such as 1/3',
  );
/** A number as JSON writes it, of a reading; `raw` may be any double. */
export const numberCell = z
  .string()
  .regex(/^-?(0|[1-9]\d*)(\.\d+)?(e[+-]\d+)?$/, 'is a number as JSON writes it');
/** A Japan date. */
export const dateCell = z.iso.date('is a date such as 2026-04-01');
/** ISO 8601, +09:00, milliseconds only where they are not 0: `2026-04-01T00:00:00+09:00`. */
export const instantCell = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(?!000)\d{3})?\+09:00$/,
    'is a time such as 2026-04-01T00:00:00+09:00',
  );
export const yesNoCell = z.enum(['yes', 'no']);
/** `{site}/{asset}/{quantity}`. */
export const registerCell = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}\/[a-z0-9][a-z0-9-]{0,62}\/[a-z]{1,20}$/,
    'is a register such as site/asset/generated',
  );
/** SHA-256, 64 small hexadecimal digits. */
export const hashCell = z.string().regex(/^[0-9a-f]{64}$/, 'is 64 small hexadecimal digits');
/** `1` to `9999`: a fiscal year is named by the year of its 1 April. */
export const yearCell = z.string().regex(/^[1-9]\d{3}$/, 'is a year such as 2026');
export const noteCell = z.enum(['', '試験用']);

/** The cell, or nothing. */
export const orNothing = <T extends z.ZodType<string, string>>(cell: T) =>
  z.union([z.literal(''), cell]);
