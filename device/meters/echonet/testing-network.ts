import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { createLog } from '../../log.ts';
import { type ControllerSettings, EchonetController } from './controller.ts';

/** A UDP port that is free on every loopback address, for nodes and controller alike. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '0.0.0.0');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => {
    socket.close(() => resolve());
  });
  return port;
}

/** Short enough for a test, long enough for a busy machine to answer in. */
export const quick = { answerTimeoutMs: 400, retries: 2, searchMs: 400 } as const;

/** A controller on 127.0.0.1 that ends with the test. */
export async function startController(
  port: number,
  overrides: Partial<ControllerSettings> = {},
): Promise<EchonetController> {
  const settings = {
    bind: '127.0.0.1',
    port,
    interface: undefined,
    reopen: { firstMs: 20, longestMs: 100 },
    ...quick,
    ...overrides,
  };
  const controller = new EchonetController(settings, Math.random, createLog('error'));
  onTestFinished(() => controller.stop());
  await controller.start();
  return controller;
}
