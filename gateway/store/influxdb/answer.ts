import { z } from 'zod';

/** Rows of a statement: one list of values per point, in the order of `columns`. */
export interface Series {
  readonly name?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly columns: readonly string[];
  readonly values?: readonly (readonly unknown[])[] | undefined;
}

const answerSchema = z.object({
  results: z
    .array(
      z.object({
        error: z.string().optional(),
        partial: z.boolean().optional(),
        series: z
          .array(
            z.object({
              name: z.string().optional(),
              tags: z.record(z.string(), z.string()).optional(),
              columns: z.array(z.string()),
              // Looked at cell by cell where they are used: thousands of rows are not copied here.
              values: z.custom<readonly (readonly unknown[])[]>(Array.isArray).optional(),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
  error: z.string().optional(),
});

/** A line of a long answer. */
export interface Answer {
  readonly series: readonly Series[];
  /** What the line took. */
  readonly bytes: number;
  /** The server says that more was meant to follow. */
  readonly more: boolean;
}

/** What the answer of a query holds; undefined where it is not one of an InfluxDB. */
export function resultsIn(answer: unknown) {
  return answerSchema.safeParse(answer).data;
}

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
