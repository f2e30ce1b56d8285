import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../gateway/verify/findings.ts';
import { verifyClaim } from '../../gateway/verify/verify.ts';
import { signFolder } from './folder-writer.ts';
import { writeGoldenClaim } from './golden/folder.ts';

/** The golden claim and its key, to be tampered with: every change is made to a copy. */
export class Tampering {
  readonly top = mkdtempSync(join(tmpdir(), 'kadoru-adversary-'));
  readonly golden = join(this.top, 'golden');
  readonly keyFile = join(this.top, 'public.pem');
  readonly privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  #copies = 0;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    this.privateKey = privateKey;
    this.#publicKey = publicKey;
    writeGoldenClaim(this.golden, privateKey);
    writeFileSync(this.keyFile, publicKey.export({ type: 'spki', format: 'pem' }));
  }

  /** Of the untouched claim. */
  get files(): string[] {
    return readdirSync(this.golden, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.golden.length + 1));
  }

  copy(): string {
    this.#copies += 1;
    const dir = join(this.top, `copy-${this.#copies}`);
    cpSync(this.golden, dir, { recursive: true });
    return dir;
  }

  /** What is found after somebody was at the claim. */
  async findingsAfter(change: (dir: string) => void): Promise<readonly Finding[]> {
    const dir = this.copy();
    change(dir);
    const { findings } = await verifyClaim(dir, this.#publicKey, () => {});
    rmSync(dir, { recursive: true });
    return findings.kept;
  }

  /** Changes a file, and signs the whole anew where `key` is not null. */
  edit(
    file: string,
    change: (text: string) => string,
    key: KeyObject | null = this.privateKey,
  ): (dir: string) => void {
    return (dir) => {
      const before = readFileSync(join(dir, file), 'utf8');
      const after = change(before);
      if (after === before) throw new Error(`${file} stayed as it was`);
      writeFileSync(join(dir, file), after);
      if (key !== null) signFolder(dir, key);
    };
  }

  /** The row of the untouched claim that begins so. */
  rowOf(file: string, start: string): number {
    const lines = readFileSync(join(this.golden, file), 'utf8').split('\n');
    return lines.findIndex((line) => line.startsWith(start)) + 1;
  }

  remove(): void {
    rmSync(this.top, { recursive: true, force: true });
  }
}

export function replace(a: string, b: string): (text: string) => string {
  return (text) => text.replace(a, b);
}
