import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A claim is a few files and a folder of digests: more entries than this are none. */
const mostFiles = 100_000;
const largestJson = 64 * 1024 * 1024;
const longestLine = 64 * 1024;

/** Why it cannot be said whether the claim holds. */
export class CannotCheck extends Error {
  override readonly name = 'CannotCheck';
}

/** What cannot be read as what it claims to be: a finding, not the end. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly row: number | undefined;
  constructor(message: string, row?: number) {
    super(message);
    this.row = row;
  }
}

/** The claim's folder: paths are relative to it, with `/`. */
export class ClaimFolder {
  readonly #dir: string;
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Every entry but folders; links and devices are `odd`. */
  async list(): Promise<{ readonly files: readonly string[]; readonly odd: readonly string[] }> {
    const entries = await readdir(this.#dir, { withFileTypes: true, recursive: true }).catch(
      (error: unknown) => {
        throw new CannotCheck(`${this.#dir}: ${messageOf(error)}`);
      },
    );
    if (entries.length > mostFiles)
      throw new CannotCheck(`${this.#dir}: more than ${mostFiles} entries`);
    const named = entries.map((entry) => {
      const path = join(entry.parentPath, entry.name).slice(join(this.#dir, '/').length);
      return { entry, path: path.replaceAll('\\', '/') };
    });
    return {
      files: named.filter(({ entry }) => entry.isFile()).map(({ path }) => path),
      odd: named
        .filter(({ entry }) => !entry.isFile() && !entry.isDirectory())
        .map(({ path }) => path),
    };
  }

  async hash(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of this.chunks(path)) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    return { bytes, sha256: hash.digest('hex') };
  }

  async *chunks(path: string, chunkBytes = 256 * 1024): AsyncGenerator<Buffer> {
    const stream = createReadStream(join(this.#dir, path), { highWaterMark: chunkBytes });
    for await (const chunk of stream) if (Buffer.isBuffer(chunk)) yield chunk;
  }

  /** The whole of a small file. */
  async bytes(path: string): Promise<Buffer> {
    const { size } = await stat(join(this.#dir, path)).catch((error: unknown) => {
      throw new Unreadable(messageOf(error));
    });
    if (size > largestJson) throw new Unreadable(`is longer than ${largestJson} bytes`);
    return readFile(join(this.#dir, path));
  }

  /** Lines without their end, and the row of each; throws `Unreadable`. */
  async *lines(path: string): AsyncGenerator<{ readonly row: number; readonly text: string }> {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    let row = 0;
    let rest = '';
    try {
      for await (const chunk of this.chunks(path)) {
        const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = parts.pop() ?? '';
        for (const text of parts) yield { row: (row += 1), text };
        if (rest.length > longestLine) throw new Unreadable('a line has no end', row + 1);
      }
      rest += decoder.decode();
    } catch (error) {
      if (error instanceof Unreadable) throw error;
      throw new Unreadable(messageOf(error), row + 1);
    }
    if (rest !== '') throw new Unreadable('the last line has no end', row + 1);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
