import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import {
  claimJsonFiles,
  claimPeopleFiles,
  claimTables,
  manifestFile,
  manifestSchema,
  signatureFile,
} from '#gateway/contract';
import type { Findings } from './findings.ts';
import { CannotCheck, type ClaimFolder, messageOf, Unreadable } from './folder.ts';

/** The public key of a PEM or DER file. */
export async function readKey(path: string): Promise<KeyObject> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new CannotCheck(`${path}: ${messageOf(error)}`);
  });
  const key = publicKeyOf(bytes);
  if (key === undefined) throw new CannotCheck(`${path}: is no public key, neither PEM nor DER`);
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new CannotCheck(`${path}: is a key for ${key.asymmetricKeyType}, not for Ed25519`);
}

function publicKeyOf(bytes: Buffer): KeyObject | undefined {
  try {
    return bytes.includes('-----BEGIN')
      ? createPublicKey(bytes)
      : createPublicKey({ key: bytes, format: 'der', type: 'spki' });
  } catch {
    // OpenSSL's words for it ("asn1 encoding routines: wrong tag") help nobody.
    return undefined;
  }
}

export function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** JSON in the one form it has; undefined where it is not what the schema says. */
export async function readJson<Schema extends z.ZodType>(
  folder: ClaimFolder,
  file: string,
  schema: Schema,
  findings: Findings,
): Promise<z.output<Schema> | undefined> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      await folder.bytes(file),
    );
    const parsed = schema.safeParse(JSON.parse(text));
    if (!parsed.success) {
      for (const { path, message } of parsed.error.issues)
        findings.add({ file, what: `項目 ${path.join('.')}`, expected: message, found: text });
      return undefined;
    }
    const canonical = `${JSON.stringify(parsed.data, null, 2)}\n`;
    const line = firstDifference(canonical, text);
    if (line !== undefined) findings.add({ file, what: '書式 form of the file', ...line });
    return parsed.data;
  } catch (error) {
    const found = error instanceof Unreadable ? error.message : messageOf(error);
    findings.add({ file, what: '読めません not readable', expected: 'JSON in UTF-8', found });
    return undefined;
  }
}

function firstDifference(
  canonical: string,
  text: string,
): { row: number; expected: string; found: string } | undefined {
  if (canonical === text) return undefined;
  const [expected, found] = [canonical.split('\n'), text.split('\n')];
  const at = expected.findIndex((line, index) => line !== found[index]);
  const index = at < 0 ? expected.length : at;
  return {
    row: index + 1,
    expected: expected[index] ?? 'the end of the file',
    found: found[index] ?? 'the end of the file',
  };
}

/** Files missing, added or altered against the manifest, and the manifest's own signature. Answers files and bytes. */
export async function checkManifest(
  folder: ClaimFolder,
  key: KeyObject,
  findings: Findings,
): Promise<{ files: number; bytes: number }> {
  const { files, odd } = await folder.list();
  for (const file of odd)
    findings.add({
      file,
      what: '種類 kind of entry',
      expected: 'a file',
      found: 'a link or device',
    });
  await checkSignature(folder, key, findings);
  const manifest = await readJson(folder, manifestFile, manifestSchema, findings);
  const listed = new Map(manifest?.files.map((entry) => [entry.path, entry]));
  if (manifest !== undefined) {
    const place = { file: manifestFile };
    findings.equal(place, '鍵 keyId', keyIdOf(key), manifest.keyId);
    const order = manifest.files.map(({ path }) => path);
    findings.equal(
      place,
      '順序 order',
      [...new Set(order)].toSorted(byUnits).join(' '),
      order.join(' '),
    );
  }
  const needed = [...claimJsonFiles, ...claimPeopleFiles, ...tableFiles()];
  for (const file of new Set([...needed, ...listed.keys(), manifestFile, signatureFile]))
    if (!files.includes(file))
      findings.add({ file, what: '欠落 missing', expected: 'a file', found: 'none' });
  let bytes = 0;
  for (const file of files.toSorted(byUnits)) {
    if (file === manifestFile || file === signatureFile) continue;
    const actual = await folder.hash(file);
    bytes += actual.bytes;
    const entry = listed.get(file);
    if (entry === undefined)
      findings.add({ file, what: '追加 added', expected: 'in the manifest', found: 'not in it' });
    else if (entry.sha256 !== actual.sha256 || entry.bytes !== actual.bytes)
      findings.add({
        file,
        what: '改変 altered (SHA-256)',
        expected: `${entry.sha256}, ${entry.bytes} bytes`,
        found: `${actual.sha256}, ${actual.bytes} bytes`,
      });
  }
  return { files: files.length, bytes };
}

export function tableFiles(): string[] {
  return Object.values(claimTables).map(({ file }) => file);
}

function byUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

async function checkSignature(
  folder: ClaimFolder,
  key: KeyObject,
  findings: Findings,
): Promise<void> {
  const place = { file: signatureFile, what: '署名 signature' };
  try {
    const text = (await folder.bytes(signatureFile)).toString('latin1');
    const signature = Buffer.from(text, 'base64');
    if (`${signature.toString('base64')}\n` !== text)
      findings.add({ ...place, expected: 'base64 and a line end', found: text });
    if (!verify(null, await folder.bytes(manifestFile), key, signature))
      findings.add({ ...place, expected: `by the key ${keyIdOf(key)}`, found: 'not by this key' });
  } catch (error) {
    findings.add({ ...place, expected: 'a signature of manifest.json', found: messageOf(error) });
  }
}
