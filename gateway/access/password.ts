import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * Cost of a new hash: 16 MiB and five passes, one of the equivalent minimum settings of the OWASP Password Storage
 * Cheat Sheet (scrypt), and the one that fits a gateway of 200 MB.
 */
const cost = { log2N: 14, blockSize: 8, passes: 5 } as const;
/** What a configured hash may ask for: 128 MiB at most, so that a hash cannot exhaust the machine. */
const highest = { log2N: 17, blockSize: 8, passes: 16 } as const;
const saltBytes = 16;
const keyBytes = 32;

export const minPasswordLength = 12;
export const maxPasswordLength = 1024;

export interface PasswordHash {
  readonly log2N: number;
  readonly blockSize: number;
  readonly passes: number;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** Fails with a plain sentence on a password too short to protect a plant, or absurdly long. */
export class PasswordError extends Error {
  override readonly name = 'PasswordError';
}

/**
 * Hash of a password or token for a configuration file, in the PHC string format
 * (`$scrypt$ln=14,r=8,p=5$salt$key`). Rejects with `PasswordError`.
 */
export async function hashPassword(
  text: string,
  random: (bytes: number) => Buffer = randomBytes,
): Promise<string> {
  if (text.length < minPasswordLength || text.length > maxPasswordLength)
    throw new PasswordError(
      `a password has ${minPasswordLength} to ${maxPasswordLength} characters; this one has ${text.length}`,
    );
  const salt = random(saltBytes);
  const key = await derive(text, { ...cost, salt }, keyBytes);
  const parameters = `ln=${cost.log2N},r=${cost.blockSize},p=${cost.passes}`;
  return `$scrypt$${parameters}$${unpadded(salt)}$${unpadded(key)}`;
}

/** Reads what `hashPassword` wrote; undefined for anything else, costs above the limits included. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const pattern =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43})$/;
  const [, ln, r, p, salt, key] = pattern.exec(text) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  const [log2N, blockSize, passes] = [Number(ln), Number(r), Number(p)];
  const affordable =
    log2N <= highest.log2N && blockSize <= highest.blockSize && passes <= highest.passes;
  if (!affordable || log2N < 1 || blockSize < 1 || passes < 1) return undefined;
  const bytes = { salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
  return { log2N, blockSize, passes, ...bytes };
}

/** Whether the text is the password behind the hash; compared in constant time. */
export async function verifyPassword(text: string, hash: PasswordHash): Promise<boolean> {
  if (text.length > maxPasswordLength) return false;
  return timingSafeEqual(await derive(text, hash, hash.key.length), hash.key);
}

function derive(
  text: string,
  { log2N, blockSize, passes, salt }: Omit<PasswordHash, 'key'>,
  bytes: number,
): Promise<Buffer> {
  const N = 2 ** log2N;
  // scrypt needs 128 * N * r bytes (RFC 7914, section 2) and Node refuses at exactly its limit.
  const options = { N, r: blockSize, p: passes, maxmem: 256 * N * blockSize };
  return new Promise((resolve, reject) => {
    scrypt(text, salt, bytes, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** PHC strings carry base64 without padding. */
function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
