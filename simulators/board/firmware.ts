import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** ATmega328P data sheet (Microchip DS40002061B), AVR memories. */
export const flashBytes = 32 * 1024;

/** An erased flash cell reads as ones. */
const erased = 0xff;

/**
 * Reads an Intel hex file into a flash image of `sizeBytes`; what the file does not write stays erased (0xff).
 *
 * Source: Intel, Hexadecimal Object File Format Specification, rev. A (1988). Start-address records (03, 05) only mean
 * something to a loader and are skipped.
 * @throws Error naming the line: malformed record, wrong length or checksum, address outside the flash, a byte
 *   written twice, data after the end, no end record.
 */
export function parseIntelHex(text: string, sizeBytes: number = flashBytes): Uint8Array {
  const image = new Uint8Array(sizeBytes).fill(erased);
  const written = new Uint8Array(sizeBytes);
  let base = 0;
  let ended = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const fail = (detail: string): Error => new Error(`Intel hex, line ${index + 1}: ${detail}`);
    if (ended) throw fail('there is a record after the end record');
    const record = parseRecord(line.trim(), fail);
    switch (record.kind) {
      case 0x00:
        place(record, base, image, written, fail);
        break;
      case 0x01:
        ended = true;
        break;
      case 0x02:
        base = word(record.data, fail) * 16;
        break;
      case 0x04:
        base = word(record.data, fail) * 0x1_0000;
        break;
      case 0x03:
      case 0x05:
        break;
      default:
        throw fail(`unknown record type ${record.kind}`);
    }
  }
  if (!ended) throw new Error('Intel hex: the end record is missing, the file is cut off');
  return image;
}

interface HexRecord {
  readonly kind: number;
  readonly address: number;
  readonly data: Uint8Array;
}

type Fail = (detail: string) => Error;

function parseRecord(line: string, fail: Fail): HexRecord {
  if (!/^:(?:[0-9A-Fa-f]{2}){5,}$/.test(line))
    throw fail('not a record (":" and pairs of hex digits)');
  const bytes = Buffer.from(line.slice(1), 'hex');
  const count = bytes.readUInt8(0);
  if (bytes.length !== count + 5) {
    throw fail(`the record says ${count} data bytes and holds ${bytes.length - 5}`);
  }
  if (bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0) !== 0) throw fail('wrong checksum');
  return { kind: bytes.readUInt8(3), address: bytes.readUInt16BE(1), data: bytes.subarray(4, -1) };
}

function place(
  { address, data }: HexRecord,
  base: number,
  image: Uint8Array,
  written: Uint8Array,
  fail: Fail,
): void {
  const start = base + address;
  const end = start + data.length;
  if (end > image.length) {
    throw fail(`address 0x${(end - 1).toString(16)} is outside the flash of ${image.length} bytes`);
  }
  if (written.subarray(start, end).includes(1)) {
    throw fail(`address 0x${start.toString(16)} is written twice`);
  }
  image.set(data, start);
  written.fill(1, start, end);
}

function word(data: Uint8Array, fail: Fail): number {
  const [high, low, ...rest] = data;
  if (high === undefined || low === undefined || rest.length > 0) {
    throw fail('an address record holds exactly 2 data bytes');
  }
  return high * 256 + low;
}

/**
 * The unmodified StandardFirmata 2.5 for an ATmega328P at 16 MHz, 57600 baud, from npm package avrgirl-arduino. It is
 * LGPL: used where it is installed, not redistributed.
 * @throws Error saying which package to install.
 */
export function loadStandardFirmata(): Uint8Array {
  const require = createRequire(import.meta.url);
  const file = 'junk/hex/duemilanove328/StandardFirmata.cpp.hex';
  try {
    const folder = new URL('.', `file://${require.resolve('avrgirl-arduino/package.json')}`);
    return parseIntelHex(readFileSync(new URL(file, folder), 'latin1'));
  } catch (error) {
    throw new Error(
      `cannot read the Firmata firmware (${file} of npm package avrgirl-arduino); "npm ci" with the development ` +
        'dependencies installs it',
      { cause: error },
    );
  }
}
