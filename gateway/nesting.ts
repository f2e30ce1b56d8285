/** Nothing that a device or a person has to say needs more. */
export const mostLevels = 32;

/**
 * Whether a value that JSON.parse gave is nested deeper than `levels`. It takes whatever fits a message, but
 * JSON.stringify, which every store needs, ends with the stack at some thousand levels.
 */
export function isNestedDeeper(value: unknown, levels = mostLevels): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isNestedDeeper(each, levels - 1));
}
