const newline = 0x0a;

/** An answer in chunks is one JSON text a line; within JSON a line break is always written as an escape. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  for await (const piece of bytes) {
    let from = 0;
    for (let to = piece.indexOf(newline); to >= 0; to = piece.indexOf(newline, from)) {
      const line = Buffer.concat([...parts, piece.subarray(from, to)]);
      parts = [];
      from = to + 1;
      if (line.length > 0) yield line;
    }
    if (from < piece.length) parts.push(piece.subarray(from));
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}
