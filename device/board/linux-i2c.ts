import type { PromisifiedBus } from 'i2c-bus';
import type { I2cRead } from './port.ts';

/** What is used of a bus of the i2c-bus package. */
export type I2cBus = Pick<PromisifiedBus, 'i2cWrite' | 'readI2cBlock' | 'close'>;

/** Loaded only where a board needs it: the package is compiled at the machine it is for (README). */
export async function openI2cBus(number: number): Promise<I2cBus> {
  const { default: i2c } = await import('i2c-bus');
  return i2c.openPromisified(number);
}

/** What waits for the bus. A converter has one question and one write in flight. */
const mostWaiting = 64;

/**
 * A bus of this machine, one transfer after the other: i2c-bus works in threads, where a read could overtake the write
 * before it. After any failure the bus is opened anew, so that an adapter that was unplugged comes back.
 */
export class LinuxI2c {
  readonly #number: number;
  readonly #open: (number: number) => Promise<I2cBus>;
  readonly #timeoutMs: number;
  #bus: I2cBus | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(number: number, open: (number: number) => Promise<I2cBus>, timeoutMs: number) {
    this.#number = number;
    this.#open = open;
    this.#timeoutMs = timeoutMs;
  }

  /** False when too much waits. */
  write(address: number, bytes: readonly number[]): boolean {
    const buffer = Buffer.from(bytes);
    const written = this.#inTurn((bus) => bus.i2cWrite(address, buffer.length, buffer));
    // A chip that did not take it is noticed when it is read.
    written?.catch(() => undefined);
    return written !== undefined;
  }

  /** Never rejects. Register and answer are one transfer (repeated start). */
  async read(address: number, register: number, count: number): Promise<I2cRead> {
    const chip = `I2C 0x${address.toString(16)} of bus ${this.#number}`;
    const buffer = Buffer.alloc(count);
    const read = this.#inTurn((bus) => bus.readI2cBlock(address, register, count, buffer));
    if (read === undefined)
      return { kind: 'failed', detail: `${chip}: more than ${mostWaiting} transfers wait` };
    const answered = read.then(
      ({ bytesRead }): I2cRead =>
        bytesRead === count
          ? { kind: 'bytes', bytes: [...buffer] }
          : { kind: 'failed', detail: `${chip}: ${bytesRead} of ${count} bytes` },
      (error: unknown): I2cRead => ({ kind: 'failed', detail: `${chip}: ${reason(error)}` }),
    );
    return this.#soon(answered, chip);
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    await this.#drop();
  }

  #inTurn<T>(transfer: (bus: I2cBus) => Promise<T>): Promise<T> | undefined {
    if (this.#waiting >= mostWaiting) return undefined;
    this.#waiting += 1;
    const turn = this.#last
      .catch(() => undefined)
      .then(async () => {
        try {
          this.#bus ??= await this.#open(this.#number);
          return await transfer(this.#bus);
        } catch (error) {
          await this.#drop();
          throw error;
        } finally {
          this.#waiting -= 1;
        }
      });
    this.#last = turn;
    return turn;
  }

  async #drop(): Promise<void> {
    const bus = this.#bus;
    this.#bus = undefined;
    await bus?.close().catch(() => undefined);
  }

  /** A bus that hangs (a clock line held low) keeps its turn; whoever asked hears of it. */
  #soon(answered: Promise<I2cRead>, chip: string): Promise<I2cRead> {
    return new Promise((resolve) => {
      const timer = setTimeout(
        () =>
          resolve({ kind: 'failed', detail: `${chip}: no answer within ${this.#timeoutMs} ms` }),
        this.#timeoutMs,
      );
      void answered.then((read) => {
        clearTimeout(timer);
        resolve(read);
      });
    });
  }
}

/** What the kernel answers when no chip acknowledges its address; it differs between bus drivers. */
const nobody = new Set(['EREMOTEIO', 'ENXIO', 'EIO']);

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return nobody.has(code) ? `no chip answers (${code}); is it connected?` : error.message;
}
