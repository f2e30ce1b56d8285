import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';

/** An Ed25519 key as PKCS 8 is this and its 32 bytes (RFC 8410, section 7). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The pair that signs a simulated claim: of the seed alone, so that the same year has the same signature. */
export function yearKeys(seed: number): { readonly secret: string; readonly open: string } {
  const bytes = createHash('sha256').update(`kadoru simulated year ${seed}`).digest();
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Head, bytes]),
    format: 'der',
    type: 'pkcs8',
  });
  return {
    secret: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    open: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  };
}
