import { RefusedLines } from './failure.ts';

/** A line the server will not take, by its position, and what the server said. */
export interface RefusedLine {
  readonly position: number;
  readonly reason: string;
}

/**
 * Writes lines of which the server may refuse some: it names none of them reliably, and may have stored the others or
 * nothing (facts/mqtt-influxdb.md). Halves are written until each refused line stands alone; writing a good line
 * twice changes nothing. Any other failure rejects.
 */
export async function writeApart(
  write: (lines: readonly string[]) => Promise<void>,
  lines: readonly string[],
  offset = 0,
): Promise<readonly RefusedLine[]> {
  if (lines.length === 0) return [];
  try {
    await write(lines);
    return [];
  } catch (error) {
    if (!(error instanceof RefusedLines)) throw error;
    if (lines.length === 1) return [{ position: offset, reason: error.reason }];
  }
  const middle = Math.ceil(lines.length / 2);
  return [
    ...(await writeApart(write, lines.slice(0, middle), offset)),
    ...(await writeApart(write, lines.slice(middle), offset + middle)),
  ];
}
