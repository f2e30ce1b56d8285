import { CannotCheck } from './folder.ts';
import type { TableRow } from './table.ts';

/** So many rows of one register are held at a time. */
const mostRows = 1_000_000;

/**
 * The rows of a table that is in order of register, taken register by register: no more than one register's rows are held.
 */
export class Grouped<Row extends TableRow<{ readonly register: string }>> {
  readonly #rows: AsyncGenerator<Row>;
  readonly #unasked: (row: Row) => void;
  #next: Row | undefined;
  #begun = false;

  /** `unasked` hears of rows whose register nobody asked for. */
  constructor(rows: AsyncGenerator<Row>, unasked: (row: Row) => void) {
    this.#rows = rows;
    this.#unasked = unasked;
  }

  /** Registers have to be asked for in order. */
  async take(register: string): Promise<Row[]> {
    if (!this.#begun) await this.#step();
    this.#begun = true;
    const taken: Row[] = [];
    for (; this.#next !== undefined; await this.#step()) {
      const row = this.#next;
      if (row.cells.register > register) break;
      if (row.cells.register === register) taken.push(row);
      else this.#unasked(row);
      if (taken.length > mostRows)
        throw new CannotCheck(`more than ${mostRows} rows of ${register}`);
    }
    return taken;
  }

  async rest(): Promise<void> {
    if (!this.#begun) await this.#step();
    for (; this.#next !== undefined; await this.#step()) this.#unasked(this.#next);
  }

  async #step(): Promise<void> {
    const { value, done } = await this.#rows.next();
    this.#next = done === true ? undefined : value;
  }
}
