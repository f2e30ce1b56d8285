/**
 * Any text as one that line protocol, UTF-8 and JSON carry unchanged. Ordinary text stays readable for people who look
 * at it with other programs; text with control characters or half a surrogate pair is kept as JSON behind a prefix.
 */
const prefix = 'json:';

export function encodeText(text: string): string {
  return isOrdinary(text) ? text : prefix + JSON.stringify(text);
}

/** Throws for a text that `encodeText` did not write. */
export function decodeText(stored: string): string {
  if (!stored.startsWith(prefix)) return stored;
  const text: unknown = JSON.parse(stored.slice(prefix.length));
  if (typeof text === 'string') return text;
  throw new Error(`the store holds ${stored.slice(0, 80)} where a text was written`);
}

function isOrdinary(text: string): boolean {
  // With `u`, a surrogate matches only where it stands alone.
  return !text.startsWith(prefix) && !/[\p{Cc}\p{Surrogate}]/u.test(text);
}

const tagCharacters = /[^A-Za-z0-9_./:-]/g;

/**
 * Any text as a tag: tags know no empty text, and a backslash before a comma cannot be written. Ids of the wire
 * contract stay as they are.
 */
export function encodeTag(text: string): string {
  if (text === '') return '%';
  return text.replace(
    tagCharacters,
    (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function decodeTag(stored: string): string {
  if (stored === '%') return '';
  return stored.replace(/%([0-9a-f]{4})/g, (_, unit: string) =>
    String.fromCharCode(Number.parseInt(unit, 16)),
  );
}

/** A string field holds 64 KiB (InfluxDB 2 documentation); a code unit takes at most three bytes in UTF-8. */
const pieceLength = 20_000;

/** Cuts a text into pieces that fit into string fields; never through a surrogate pair. At least one piece. */
export function pieces(text: string): readonly string[] {
  const found: string[] = [];
  let from = 0;
  while (text.length - from > pieceLength) {
    const last = text.charCodeAt(from + pieceLength - 1);
    const to = from + pieceLength - (last >= 0xd800 && last <= 0xdbff ? 1 : 0);
    found.push(text.slice(from, to));
    from = to;
  }
  return [...found, text.slice(from)];
}
