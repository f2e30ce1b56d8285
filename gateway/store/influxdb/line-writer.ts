import { RefusedRecords } from '../port.ts';
import { type RefusedLine, writeApart } from './bisect.ts';
import type { InfluxClient } from './client.ts';
import { RefusedLines } from './failure.ts';

/** Writes lines, and says what it means when the server refuses them. Any other failure rejects as the client does. */
export class LineWriter {
  readonly #client: InfluxClient;

  constructor(client: InfluxClient) {
    this.#client = client;
  }

  /** In one request; false where the server refuses one of them and may have stored the others. */
  async together(lines: readonly string[]): Promise<boolean> {
    if (lines.length === 0) return true;
    try {
      await this.#client.write(lines);
      return true;
    } catch (error) {
      if (error instanceof RefusedLines) return false;
      throw error;
    }
  }

  /** All but those the server refuses, which are answered. */
  apart(lines: readonly string[]): Promise<readonly RefusedLine[]> {
    return writeApart((some) => this.#client.write(some), lines);
  }

  /** What must be stored; rejects with RefusedLines until that is so. */
  async own(lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.#client.write(lines);
  }

  /** What a person said; a refusal rejects with RefusedRecords. */
  async said(lines: readonly string[]): Promise<void> {
    try {
      await this.own(lines);
    } catch (error) {
      throw error instanceof RefusedLines ? new RefusedRecords(error.message, error) : error;
    }
  }
}
