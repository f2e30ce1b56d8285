import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { ClaimQuestionError } from './obstacle.ts';

/** `keys new`: an Ed25519 pair. The private key is for its owner alone; neither file is written over. */
export async function newKeys(
  file: string,
): Promise<{ readonly publicFile: string; readonly keyId: string }> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const publicFile = `${file}.pub.pem`;
  const secret = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const open = publicKey.export({ type: 'spki', format: 'pem' });
  try {
    await writeFile(file, secret, { mode: 0o600, flag: 'wx' });
    await writeFile(publicFile, open, { flag: 'wx' });
  } catch (error) {
    throw new ClaimQuestionError(
      `keys new: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return { publicFile, keyId: keyIdOf(privateKey) };
}

/** Rejects with ClaimQuestionError for what is no Ed25519 private key. */
export async function readKey(file: string): Promise<KeyObject> {
  try {
    const key = createPrivateKey(await readFile(file));
    if (key.asymmetricKeyType === 'ed25519') return key;
    throw new Error(`is a ${key.asymmetricKeyType} key`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ClaimQuestionError(`--key ${file}: ${why}; make one with kadoru-gateway keys new`);
  }
}

/** SHA-256 of the public key as DER (SPKI). */
export function keyIdOf(key: KeyObject): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex');
}
