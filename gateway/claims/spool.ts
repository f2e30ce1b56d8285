import type { FileHandle } from 'node:fs/promises';
import type { ClaimFolder } from './folder.ts';
import { type AnyTable, headerLine } from './table-text.ts';

interface Part {
  readonly key: string;
  readonly at: number;
  readonly bytes: number;
}

const chunkBytes = 256 * 1024;

/**
 * A table whose rows come register by register, in the order in which members are walked, and stand by register in the
 * end. Rows wait on the disk; memory holds where each register's are.
 */
export class TableSpool {
  readonly #table: AnyTable;
  readonly #scratch: FileHandle;
  readonly #parts: Part[] = [];
  #size = 0;

  private constructor(table: AnyTable, scratch: FileHandle) {
    this.#table = table;
    this.#scratch = scratch;
  }

  static async begin(folder: ClaimFolder, table: AnyTable): Promise<TableSpool> {
    return new TableSpool(table, await folder.scratch(table.file));
  }

  /** All rows of a register, in their order. */
  async add(register: string, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const bytes = Buffer.from(lines.join(''));
    await this.#scratch.write(bytes, 0, bytes.length, this.#size);
    this.#parts.push({ key: register, at: this.#size, bytes: bytes.length });
    this.#size += bytes.length;
  }

  async finish(folder: ClaimFolder): Promise<void> {
    const file = await folder.file(this.#table.file);
    await file.write(headerLine(this.#table));
    for (const part of this.#parts.toSorted((a, b) => (a.key < b.key ? -1 : 1)))
      for (let done = 0; done < part.bytes; done += chunkBytes) {
        const chunk = Buffer.alloc(Math.min(chunkBytes, part.bytes - done));
        await this.#scratch.read(chunk, 0, chunk.length, part.at + done);
        await file.write(chunk);
      }
    await file.end();
  }

  /** Twice is harmless. */
  async close(): Promise<void> {
    await this.#scratch.close();
  }
}
