import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { NewerSpool } from './newer-spool.ts';
import { decodeRecord, eachLine, encodeRecord } from './record.ts';
import { spoolVersion } from './segment.ts';

/** A small file of one record, replaced as a whole. */
export type Note<T> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'corrupt'; readonly detail: string }
  | { readonly kind: 'read'; readonly value: T };

const versionSchema = z.looseObject({ version: z.int().positive() });

/** What of the stream must outlive the process. Positions: see `Stream`. */
export const identitySchema = z.object({
  stream: z.string(),
  base: z.int().nonnegative(),
  /** Highest position known to be on the disk itself. */
  usedTo: z.int().nonnegative(),
  /** Positions up to here may have been used and sent, whatever else is on disk. */
  reservedTo: z.int().nonnegative(),
  /** The program ended in order: nothing was used beyond `usedTo`. */
  clean: z.boolean(),
  last: z.object({ at: z.int(), clock: z.enum(['synced', 'estimated']) }).optional(),
});
export type Identity = z.infer<typeof identitySchema>;

/** Acknowledged positions of files that are still there. */
export const cursorSchema = z.object({
  freed: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])),
});

/** `Losses.save`: what was given up and not yet reported by a frame on disk. */
export const lossesSchema = z.object({ losses: z.string() });

export function encodeNote(value: object): Buffer {
  return encodeRecord('H', 0, JSON.stringify({ version: spoolVersion, ...value }));
}

/** Throws `NewerSpool`; whatever else is wrong is a value. */
export function readNote<T>(path: string, schema: z.ZodType<T>): Note<T> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return absent ? { kind: 'absent' } : { kind: 'corrupt', detail: String(error) };
  }
  let body: string | undefined;
  eachLine(bytes, (line) => {
    const record = decodeRecord(line);
    body = record && line.toString('utf8', record.bodyStart);
    return false;
  });
  if (body === undefined) return { kind: 'corrupt', detail: `${path} is damaged` };
  const value: unknown = JSON.parse(body);
  const version = versionSchema.safeParse(value);
  if (version.success && version.data.version > spoolVersion)
    throw new NewerSpool(path, version.data.version);
  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: 'read', value: parsed.data };
  return { kind: 'corrupt', detail: `${path}: ${parsed.error.issues[0]?.message ?? 'invalid'}` };
}
