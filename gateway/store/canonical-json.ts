import { notFinite } from './finite.ts';
import { StoreError } from './port.ts';

/** What people say nests a few levels; a limit keeps a cycle or a hostile document from using up the stack. */
const mostLevels = 64;

/**
 * JSON without spaces and with the keys of every object in code unit order: equal content is equal text. Keys that are
 * undefined are left out, as JSON.stringify does. Throws StoreError, naming the place below `where`, for whatever
 * would come back as something else: a number that is not finite, a date, a hole in a list, a cycle.
 */
export function canonicalJson(value: unknown, where: string): string {
  return written(value, where, mostLevels);
}

function written(value: unknown, where: string, levels: number): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string')
    return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notFinite(where, value);
    return JSON.stringify(value);
  }
  if (levels === 0) throw refused(where, `nested more than ${mostLevels} levels deep`);
  if (Array.isArray(value)) return writtenList(value, where, levels - 1);
  if (isPlainObject(value)) return writtenObject(value, where, levels - 1);
  throw refused(where, `${Object.prototype.toString.call(value)}, which JSON cannot keep`);
}

function writtenList(list: readonly unknown[], where: string, levels: number): string {
  // Array.from visits holes, which map would skip.
  const items = Array.from(list, (item, index) => written(item, `${where}.${index}`, levels));
  return `[${items.join(',')}]`;
}

function writtenObject(value: object, where: string, levels: number): string {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  const fields = entries
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${written(field, `${where}.${key}`, levels)}`);
  return `{${fields.join(',')}}`;
}

/** Written out as `{}` or by JSON.parse; a Date, a Map or an instance of a class is not. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function refused(where: string, what: string): StoreError {
  return new StoreError(`store: ${where} is ${what}`, false);
}
