const quote = 0x22;
const backslash = 0x5c;
const [comma, openBracket, openBrace, closeBracket, closeBrace] = [0x2c, 0x5b, 0x7b, 0x5d, 0x7d];

/**
 * The exact bytes of each of `frames` in a history message that JSON.parse has accepted, so that quarantine keeps what
 * was sent and a resend in another batch is recognised as the same. A flat scan rather than a parser that keeps
 * positions: those recurse, and 256 KiB of "[" end them. Done once for a message, and only when
 * somebody asks: 256 KiB hold 50,000 bad frames, and a scan for each of them takes minutes. Falls back to the whole
 * message.
 */
export function frameSlices(message: Uint8Array): (index: number) => Uint8Array {
  let places: readonly Place[] | undefined;
  return (index) => {
    places ??= placesOf(message);
    const place = places[index];
    return place === undefined ? message : trimmed(message.subarray(place.start, place.end));
  };
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function placesOf(message: Uint8Array): Place[] {
  let depth = 0;
  let key = '';
  let inside = false;
  let starts: number[] = [];
  let ends: number[] = [];
  for (let at = 0; at < message.length; at += 1) {
    const byte = message[at];
    if (byte === quote) {
      const end = stringEnd(message, at);
      if (depth === 1 && !inside) key = readString(message.subarray(at, end));
      at = end - 1;
    } else if (byte === openBracket || byte === openBrace) {
      // JSON.parse takes the last of repeated keys, and so must this.
      if (depth === 1 && key === 'frames' && byte === openBracket) {
        inside = true;
        starts = [at + 1];
        ends = [];
      }
      depth += 1;
    } else if (byte === closeBracket || byte === closeBrace) {
      depth -= 1;
      if (depth === 1 && inside) {
        ends.push(at);
        inside = false;
      }
    } else if (byte === comma && depth === 2 && inside) {
      ends.push(at);
      starts.push(at + 1);
    } else if (byte === comma && depth === 1) {
      key = '';
    }
  }
  return starts.flatMap((start, index) => {
    const end = ends[index];
    return end === undefined ? [] : [{ start, end }];
  });
}

/** The index just behind the closing quote. */
function stringEnd(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at + 1;
}

function readString(bytes: Uint8Array): string {
  return String(JSON.parse(new TextDecoder().decode(bytes)));
}

/** Without the white space JSON allows around a value. */
function trimmed(bytes: Uint8Array): Uint8Array {
  const white = (byte: number | undefined) =>
    byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
  let [from, to] = [0, bytes.length];
  while (from < to && white(bytes[from])) from += 1;
  while (to > from && white(bytes[to - 1])) to -= 1;
  return bytes.slice(from, to);
}
