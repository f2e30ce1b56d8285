import { z } from 'zod';

/** Beyond 8,192 kWh float32 no longer tells every Wh: a demonstration should not stand there. */
const mostWh = 8_000_000;

/** The meter at the household's connection to the grid: an Eastron SDM230 behind a Modbus TCP gateway. */
export const gridMeterSchema = z.strictObject({
  listen: z
    .string()
    .regex(/^tcp:\/\/[^/:]+:\d{1,5}$/, 'write tcp://127.0.0.1:1502')
    .default('tcp://127.0.0.1:0'),
  serial: z.int().min(1).max(0xffff_ffff).default(1_500_001),
  startsAtImportedWh: z.int().min(0).max(mostWh).default(3_456_789),
  startsAtExportedWh: z.int().min(0).max(mostWh).default(1_111_111),
});
