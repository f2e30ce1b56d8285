import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JudgedTime, systemProbe } from '../clock/time-source.ts';
import type { Board, I2cRead } from '../board/port.ts';
import { Ads1115, configWord, countsToVolts, fullScales, signedCounts } from './ads1115.ts';

/** The chip's registers behind a board port; conversions finish after a number of status reads. */
class ChipOnBoard implements Board {
  readonly id = 'uno';
  readonly counts = new Map<number, number>();
  config = 0x8583;
  statusReadsToFinish = 2;
  answering = true;
  conversionsAtOnce = 0;
  mostAtOnce = 0;
  #left = 0;

  state() {
    return { kind: 'ready', firmware: 'test' } as const;
  }

  i2cWrite(_address: number, [register = 0, high = 0, low = 0]: readonly number[]): boolean {
    if (register !== 1) return true;
    this.config = (high << 8) | low;
    this.#left = this.statusReadsToFinish;
    this.conversionsAtOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.conversionsAtOnce);
    return true;
  }

  async i2cRead(address: number, register: number): Promise<I2cRead> {
    await Promise.resolve();
    if (!this.answering || address !== 0x48) return { kind: 'failed', detail: 'no answer' };
    if (register === 1) {
      this.#left -= 1;
      return bytes(this.#left > 0 ? this.config & 0x7fff : this.config);
    }
    this.conversionsAtOnce -= 1;
    return bytes((this.counts.get((this.config >> 12) & 0b111) ?? 0) & 0xffff);
  }

  watch(): void {
    throw new Error('a converter watches no pin');
  }

  start(): void {}

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

function bytes(word: number): I2cRead {
  return { kind: 'bytes', bytes: [word >> 8, word & 0xff] };
}

function adcOn(board: Board): Ads1115 {
  return new Ads1115(board, new JudgedTime(systemProbe), { address: 0x48, timeoutMs: 500 });
}

test('the config word selects input and gain as the data sheet has it', () => {
  expect(configWord(0, 4.096).toString(16)).toBe('c383');
  expect(configWord(3, 0.256).toString(16)).toBe('fb83');
});

test('conversions of several channels take turns and do not mix', async () => {
  const board = new ChipOnBoard();
  board.counts.set(0b100, 9_535).set(0b101, -8);
  const adc = adcOn(board);
  const samples = await Promise.all([
    adc.channel(0, 4.096).read(),
    adc.channel(1, 4.096).read(),
    adc.channel(0, 4.096).read(),
  ]);
  expect(samples).toEqual([
    { kind: 'converted', counts: 9_535, volts: 9_535 * 125e-6 },
    { kind: 'converted', counts: -8, volts: -0.001 },
    { kind: 'converted', counts: 9_535, volts: 9_535 * 125e-6 },
  ]);
  expect(board.mostAtOnce).toBe(1);
});

test('an absent chip, an unfinished conversion and a chip that was reset are failures; the next reading works', async () => {
  const board = new ChipOnBoard();
  const channel = adcOn(board).channel(0, 4.096);
  board.answering = false;
  expect(await channel.read()).toMatchObject({ kind: 'failed', detail: 'no answer' });
  board.answering = true;
  board.statusReadsToFinish = Infinity;
  expect(await channel.read()).toMatchObject({
    kind: 'failed',
    detail: expect.stringContaining('not finished'),
  });
  board.statusReadsToFinish = 1;
  const write = board.i2cWrite.bind(board);
  board.i2cWrite = () => {
    board.config = 0x8583;
    return true;
  };
  expect(await channel.read()).toMatchObject({
    kind: 'failed',
    detail: expect.stringContaining('was reset'),
  });
  board.i2cWrite = write;
  expect(await channel.read()).toMatchObject({ kind: 'converted' });
});

test('counts are two’s complement, and volts follow the full scale', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -32_768, max: 32_767 }),
      fc.constantFrom(...fullScales),
      (counts, fullScale) => {
        const word = counts & 0xffff;
        expect(signedCounts([word >> 8, word & 0xff])).toBe(counts);
        expect(countsToVolts(counts, fullScale)).toBeCloseTo((counts * fullScale) / 32_768, 12);
      },
    ),
  );
});
