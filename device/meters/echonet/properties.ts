import { unsigned } from './frame.ts';

/** Properties that every device object has (Appendix of device objects, super class), and of the node profile. */
export const epc = {
  maker: 0x8a,
  productCode: 0x8c,
  productionNumber: 0x8d,
  getMap: 0x9f,
  instanceListNotice: 0xd5,
  instanceList: 0xd6,
} as const;

export const controllerObject = 0x05ff01;
export const nodeProfile = 0x0ef001;

/**
 * A property map (9F and its like): up to 15 codes are listed one by one, more are 16 bytes of bits in which bit `h` of
 * byte `l` stands for code 0x80 + 16 h + l. Answers undefined for what is no map.
 */
export function parsePropertyMap(edt: Uint8Array): ReadonlySet<number> | undefined {
  const [count, ...rest] = edt;
  if (count === undefined) return undefined;
  if (count <= 15) return rest.length === count ? new Set(rest) : undefined;
  if (rest.length !== 16) return undefined;
  const codes = rest.flatMap((bits, low) =>
    Array.from({ length: 8 }, (_, high) => high)
      .filter((high) => (bits & (1 << high)) !== 0)
      .map((high) => 0x80 + 16 * high + low),
  );
  return codes.length === count ? new Set(codes) : undefined;
}

/** An instance list (D5, D6): a count, then three bytes per object. Undefined for what is none. */
export function parseInstanceList(edt: Uint8Array): readonly number[] | undefined {
  const [count] = edt;
  if (count === undefined || edt.length !== 1 + 3 * count) return undefined;
  return Array.from({ length: count }, (_, index) =>
    unsigned(edt.subarray(1 + 3 * index, 4 + 3 * index)),
  );
}

/** Codes are ASCII, padded with zeros or blanks. Whatever does not print is left out; undefined if nothing is left. */
export function parseCode(edt: Uint8Array): string | undefined {
  const text = String.fromCharCode(...[...edt].filter((byte) => byte >= 0x20 && byte < 0x7f));
  const trimmed = text.trim();
  return trimmed === '' ? undefined : trimmed;
}

/** A property code or object as the specification writes it. */
export function hex(value: number, digits: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;
}
