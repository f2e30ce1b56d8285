import { createHash } from 'node:crypto';
import { z } from 'zod';
import { japanOffsetMs } from '../energy/japan-day.ts';
import type { OperatorRecord } from '../store/port.ts';
import { dayBytes, emptyDay } from './digest.ts';

export const sealKind = 'seal';
const hex = z.string().regex(/^[0-9a-f]{64}$/);

const bodySchema = z.strictObject({
  register: z.string(),
  day: z.iso.date(),
  /** 1 at first; one more each time the day was sealed again. */
  revision: z.int().positive(),
  /** `day`: in its turn. `late`: readings came, or came back out of quarantine, after that. */
  reason: z.enum(['day', 'late']),
  /** The leaf before it in the chain; 64 zeros for the first. */
  previous: hex,
  /** The 48 half-hour digests as base64; empty where the day has no reading. */
  digests: z.string(),
  leaf: hex,
});
type SealBody = z.infer<typeof bodySchema>;

/** One link of a register's chain, the `position`th (1 at first). */
export interface Seal extends Omit<SealBody, 'digests'> {
  readonly position: number;
  readonly digests: Buffer;
}

export const firstPrevious = '0'.repeat(64);

/** SHA-256 over everything a seal says, and so over every seal before it. */
export function leafOf(seal: Omit<Seal, 'leaf' | 'position'>): string {
  const { register, day, revision, reason, previous, digests } = seal;
  return createHash('sha256')
    .update(`kadoru meter day 1\n${register}\n${day}\n${revision}\n${reason}\n${previous}\n`)
    .update(digests)
    .digest('hex');
}

/** The date of a midnight in Japan. */
export function dayName(midnight: number): string {
  return new Date(midnight + japanOffsetMs).toISOString().slice(0, 10);
}

export function dayMidnight(day: string): number {
  return Date.parse(`${day}T00:00:00+09:00`);
}

/**
 * A seal as a record. Its id is its place in the chain: a second link in one place is a conflict, so that a chain
 * cannot fork, whenever a gateway was killed.
 */
export function sealRecord(seal: Seal, recordedAt: number): OperatorRecord {
  const { position, digests, ...rest } = seal;
  const [site = '', ...names] = seal.register.split('/');
  const body = { ...rest, digests: digests.equals(emptyDay) ? '' : digests.toString('base64') };
  return {
    site,
    kind: sealKind,
    id: `${names.join('/')}/${position}`,
    subject: seal.register,
    at: dayMidnight(seal.day),
    recordedAt,
    by: 'kadoru-gateway',
    body,
  };
}

/** Throws for a record that this program did not write. */
export function sealOf({ id, body }: OperatorRecord): Seal {
  const { digests: text, ...rest } = bodySchema.parse(body);
  const digests = text === '' ? emptyDay : Buffer.from(text, 'base64');
  if (digests.length !== dayBytes)
    throw new Error(`seal ${id}: ${digests.length} bytes of digests, not ${dayBytes}`);
  return { ...rest, position: Number(id.slice(id.lastIndexOf('/') + 1)), digests };
}
