import { createHash, type Hash, type KeyObject, sign } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { claimFormat, manifestFile, manifestSchema, signatureFile } from '#gateway/contract';
import { keyIdOf } from './keys.ts';
import { ClaimQuestionError } from './obstacle.ts';

interface Written {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A disk that is asked for several files at once writes them in one go, and there is one for each register. */
const syncsAtOnce = 16;

/**
 * A claim being written, beside the place where it will stand: the folder appears there under its name when it is
 * whole, or not at all. Every byte is hashed on its way to the disk.
 */
export class ClaimFolder {
  readonly #target: string;
  readonly #partial: string;
  readonly #written: Written[] = [];

  private constructor(target: string) {
    this.#target = target;
    this.#partial = `${target}.partial`;
  }

  /** Rejects with ClaimQuestionError where something stands there already: a frozen claim is never written over. */
  static async begin(target: string): Promise<ClaimFolder> {
    if (existsSync(target) && (await readdir(target)).length > 0)
      throw new ClaimQuestionError(`--out ${target}: holds something already; name a new folder`);
    const folder = new ClaimFolder(target);
    await rm(folder.#partial, { recursive: true, force: true });
    await mkdir(folder.#partial, { recursive: true });
    return folder;
  }

  async file(path: string): Promise<ClaimFile> {
    const whole = join(this.#partial, path);
    await mkdir(dirname(whole), { recursive: true });
    const handle = await open(whole, 'wx');
    return new ClaimFile(handle, (bytes, sha256) => this.#written.push({ path, bytes, sha256 }));
  }

  async put(path: string, content: string | Uint8Array): Promise<void> {
    const file = await this.file(path);
    await file.write(content);
    await file.end();
  }

  /** A file for what is not in order yet; it is gone in the end. */
  async scratch(name: string): Promise<FileHandle> {
    return open(join(this.#partial, `.${name}`), 'w+');
  }

  /** Manifest, signature, and the folder under its name. Answers the SHA-256 of the manifest. */
  async seal(key: KeyObject): Promise<string> {
    for (const name of await readdir(this.#partial))
      if (name.startsWith('.')) await rm(join(this.#partial, name));
    const files = this.#written.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    const manifest = manifestSchema.parse({ format: claimFormat, files, keyId: keyIdOf(key) });
    const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
    await this.put(manifestFile, bytes);
    await this.put(signatureFile, `${sign(null, bytes, key).toString('base64')}\n`);
    await this.#settle();
    await rm(this.#target, { recursive: true, force: true });
    await rename(this.#partial, this.#target);
    return createHash('sha256').update(bytes).digest('hex');
  }

  /** What was frozen is to be there after a power cut, too; by now the system has written most of it. */
  async #settle(): Promise<void> {
    for (let done = 0; done < this.#written.length; done += syncsAtOnce)
      await Promise.all(
        this.#written.slice(done, done + syncsAtOnce).map(async ({ path }) => {
          const handle = await open(join(this.#partial, path), 'r+');
          await handle.sync();
          await handle.close();
        }),
      );
  }

  async discard(): Promise<void> {
    await rm(this.#partial, { recursive: true, force: true });
  }
}

const flushAt = 256 * 1024;

/** Gathers writes, so that a row is not a call of the system. */
export class ClaimFile {
  readonly #handle: FileHandle;
  readonly #ended: (bytes: number, sha256: string) => void;
  readonly #hash: Hash = createHash('sha256');
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #bytes = 0;

  constructor(handle: FileHandle, ended: (bytes: number, sha256: string) => void) {
    this.#handle = handle;
    this.#ended = ended;
  }

  async write(content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= flushAt) await this.#flush();
  }

  async end(): Promise<void> {
    await this.#flush();
    await this.#handle.close();
    this.#ended(this.#bytes, this.#hash.digest('hex'));
  }

  async #flush(): Promise<void> {
    if (this.#waitingBytes === 0) return;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await this.#handle.writeFile(bytes);
  }
}
