/** Answers whether a parsed JSON value has the shape the gateway's contract promises. */
export type Check<T> = (value: unknown) => value is T;

export const text: Check<string> = (value): value is string => typeof value === 'string';

/** `1e400` is valid JSON and parses to infinity: not a figure. */
export const figure: Check<number> = (value): value is number =>
  typeof value === 'number' && Number.isFinite(value);

export const amount: Check<number> = (value): value is number => figure(value) && value >= 0;

export const whole: Check<number> = (value): value is number => Number.isSafeInteger(value);

export const flag: Check<boolean> = (value): value is boolean => typeof value === 'boolean';

export const exactlyFalse: Check<false> = (value): value is false => value === false;

export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value);
}

export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value): value is T | undefined => value === undefined || check(value);
}

/** `known` must name every member, so that a member added to the contract is a compile error here. */
export function oneOf<T extends string>(known: Readonly<Record<T, true>>): Check<T> {
  return (value): value is T => typeof value === 'string' && Object.hasOwn(known, value);
}

export function listOf<T>(check: Check<T>, most: number): Check<T[]> {
  return (value): value is T[] =>
    Array.isArray(value) && value.length <= most && value.every((item) => check(item));
}

/** Every key is checked; keys nobody knows are let through, so that a newer gateway can say more. */
export function shape<T extends object>(checks: {
  readonly [K in keyof T]-?: Check<T[K]>;
}): Check<T> {
  const keys: Extract<keyof T, string>[] = [];
  for (const key in checks) keys.push(key);
  return (value): value is T => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const record: Partial<Record<string, unknown>> = { ...value };
    return keys.every((key) => checks[key](record[key]));
  };
}
