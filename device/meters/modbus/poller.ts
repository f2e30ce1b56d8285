import { catalogue } from '#device/contract';
import type { Clock } from '../../clock/clock.ts';
import type { Log } from '../../log.ts';
import { fault, type Measured } from '../../sensors/port.ts';
import { type Block, planBlocks, splitBlock, wordsOf } from './blocks.ts';
import type { ModbusBus, ModbusReply } from './port.ts';
import type { ModbusQuantity, SerialSpec } from './profile.ts';
import { type ReadRegister, readRegister, resolutionOf } from './reading.ts';
import { bitsOf, typeWords } from './words.ts';

export interface PollerSettings {
  readonly id: string;
  readonly unit: number;
  readonly registers: readonly ReadRegister[];
  readonly serial: SerialSpec | undefined;
}

export interface PollerParts {
  readonly bus: ModbusBus;
  readonly clock: Clock;
  readonly log: Log;
}

/** What one round of requests to a meter gave. */
export interface Poll {
  readonly atMs: number;
  readonly readings: ReadonlyMap<ModbusQuantity, Measured>;
  /** As it was last read; undefined for a meter that has none to read. */
  readonly serial: string | undefined;
  /** The unit kept silent, or what it sent was no answer. A bus that is away says nothing about its units. */
  readonly unanswered: string | undefined;
}

/** Codes 10 and 11: a gateway in between got no answer from the unit (V1.1b3, 7). */
const gatewayCodes: ReadonlySet<number> = new Set([10, 11]);

/** Asks one meter for everything that is wanted of it, in as few requests as it allows. */
export class ModbusPoller {
  readonly #settings: PollerSettings;
  readonly #parts: PollerParts;
  readonly #coarse = new Set<ModbusQuantity>();
  #blocks: readonly Block[];
  #serial: string | undefined;
  #serialRefused = false;

  constructor(settings: PollerSettings, parts: PollerParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#blocks = planBlocks(settings.registers);
  }

  /** Never rejects. After a request without an answer the rest of the round is not asked for: it would only wait. */
  async poll(): Promise<Poll> {
    const readings = new Map<ModbusQuantity, Measured>(
      this.#settings.registers.map(({ quantity }) => [quantity, fault('bus-error')]),
    );
    let failed = await this.#checkSerial();
    for (const block of this.#blocks) {
      if (failed !== undefined) break;
      failed = await this.#readBlock(block, readings);
    }
    // Whatever hangs there when it answers again may have one.
    if (failed !== undefined) this.#serialRefused = false;
    return {
      atMs: this.#parts.clock.monotonicMs(),
      readings,
      serial: this.#serial,
      unanswered:
        failed === undefined || !isAboutUnit(failed)
          ? undefined
          : `${failed.why}: ${failed.detail}`,
    };
  }

  /** In every round, before the registers: they are never taken for those of the meter that hung there before. */
  async #checkSerial(): Promise<Failure | undefined> {
    const { serial, id } = this.#settings;
    if (serial === undefined || this.#serialRefused) return undefined;
    const reply = await this.#ask({ ...serial, count: typeWords[serial.type] });
    if (reply.kind === 'failed') return reply;
    if (reply.kind === 'words') {
      this.#serial = String(bitsOf(reply.words, serial));
      return undefined;
    }
    if (!isForGood(reply.code)) return undefined;
    this.#serialRefused = true;
    this.#parts.log.warn(
      { meter: id, exception: reply.code },
      'the meter refuses to say its serial number; an exchanged meter will not be noticed by it',
    );
    return undefined;
  }

  /** Fills in the readings of one block; answers a failure if there was no answer. */
  async #readBlock(
    block: Block,
    readings: Map<ModbusQuantity, Measured>,
  ): Promise<Failure | undefined> {
    const reply = await this.#ask(block);
    if (reply.kind === 'failed') return reply;
    if (reply.kind === 'exception') return this.#refused(block, reply.code, readings);
    for (const read of block.registers) {
      const words = wordsOf(block, read, reply.words);
      readings.set(read.quantity, readRegister(read, words));
      this.#noteResolution(read, words);
    }
    return undefined;
  }

  async #refused(
    block: Block,
    exception: number,
    readings: Map<ModbusQuantity, Measured>,
  ): Promise<Failure | undefined> {
    const quantities = block.registers.map(({ quantity }) => quantity);
    this.#parts.log.debug({ meter: this.#settings.id, quantities, exception }, 'refused');
    if (block.registers.length > 1 && isForGood(exception)) {
      const parts = splitBlock(block);
      this.#blocks = this.#blocks.flatMap((known) => (known === block ? parts : [known]));
      for (const part of parts) {
        const failed = await this.#readBlock(part, readings);
        if (failed !== undefined) return failed;
      }
      return undefined;
    }
    for (const quantity of quantities) readings.set(quantity, fault('no-data'));
    return undefined;
  }

  async #ask(request: Pick<Block, 'function' | 'address' | 'count'>): Promise<ModbusReply> {
    const { function: code, address, count } = request;
    const { unit } = this.#settings;
    const reply = await this.#parts.bus.request({ unit, function: code, address, count });
    if (reply.kind !== 'exception' || !gatewayCodes.has(reply.code)) return reply;
    const detail = `the gateway got no answer (exception ${reply.code})`;
    return { kind: 'failed', why: 'silent', detail };
  }

  #noteResolution(read: ReadRegister, words: readonly number[]): void {
    const { quantity } = read;
    const { unit, kind } = catalogue[quantity];
    const resolution = resolutionOf(read, words);
    if (kind !== 'register' || resolution <= 1 || this.#coarse.has(quantity)) return;
    this.#coarse.add(quantity);
    this.#parts.log.warn(
      { meter: this.#settings.id, quantity, resolution, unit },
      `at this height the meter's float32 register moves in steps of ${resolution.toPrecision(3)} ${unit}; its total stays right`,
    );
  }
}

/** Illegal function, address or value, or a defect (V1.1b3, 7); a busy unit may answer the same request later. */
function isForGood(exception: number): boolean {
  return exception <= 4;
}

/** The request came to no answer; `why` as in `ModbusReply`. */
type Failure = Extract<ModbusReply, { kind: 'failed' }>;

function isAboutUnit({ why }: Failure): boolean {
  return why === 'silent' || why === 'garbled';
}
