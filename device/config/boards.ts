import { z } from 'zod';
import { idSchema } from '#device/contract';

const portSchema = z.string().refine((port) => {
  if (port.startsWith('/')) return true;
  if (!port.startsWith('tcp://') || !URL.canParse(port)) return false;
  const { hostname, port: number, pathname } = new URL(port);
  return hostname !== '' && number !== '' && (pathname === '' || pathname === '/');
}, 'must be a path such as /dev/serial/by-id/usb-... (kadoru-device scan lists them) or tcp://host:port');

const i2cName = /^\/dev\/i2c-(\d{1,3})$/;

/** The number of a bus, however it was written; undefined for what is none. */
export function i2cNumber(written: unknown): number | undefined {
  if (typeof written === 'string') {
    const number = i2cName.exec(written)?.[1];
    return number === undefined ? undefined : Number(number);
  }
  return Number.isInteger(written) ? Number(written) : undefined;
}

const i2cHint = 'must be an I2C bus such as /dev/i2c-1, or its number';
const i2cSchema = z
  .union(
    [z.int(i2cHint).min(0, i2cHint).max(255, i2cHint), z.string().regex(i2cName, i2cHint)],
    i2cHint,
  )
  .transform((written) => i2cNumber(written) ?? 0);

const firmataSchema = z.strictObject({
  id: idSchema,
  kind: z.literal('firmata'),
  port: portSchema,
});

/** This machine's own pins and I2C bus. */
const linuxSchema = z
  .strictObject({
    id: idSchema,
    kind: z.literal('linux'),
    i2c: i2cSchema.optional(),
    chip: z
      .string()
      .regex(/^\/./, 'must be a GPIO chip such as /dev/gpiochip0 (gpiodetect lists them)')
      .optional(),
  })
  .refine(({ i2c, chip }) => i2c !== undefined || chip !== undefined, {
    error: 'needs i2c or chip, or both',
  });

export const boardSchema = z.discriminatedUnion('kind', [firmataSchema, linuxSchema]);
export type BoardConfig = z.infer<typeof boardSchema>;
export type LinuxBoardConfig = z.infer<typeof linuxSchema>;

/** What running with this board opens. */
export function describeBoard(board: BoardConfig): string {
  if (board.kind === 'firmata') return `board ${board.id}: Firmata on ${board.port}`;
  const { id, i2c, chip } = board;
  const parts = [
    ...(i2c === undefined ? [] : [`I2C on /dev/i2c-${i2c}`]),
    ...(chip === undefined ? [] : [`pins of ${chip}`]),
  ];
  return `board ${id}: this machine's own ${parts.join(' and ')}`;
}
