import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from './ports.ts';

test('a port that is taken is told with its option and a way out; a free one is answered', async () => {
  const port = await freePort(0, '--http-port');
  expect(port).toBeGreaterThan(0);
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  await expect(freePort(port, '--http-port')).rejects.toThrow(
    new RegExp(`--http-port ${port}: .*already in use.*npm start -- --http-port ${port + 1}`),
  );
  server.close();
  await once(server, 'close');
  expect(await freePort(port, '--http-port')).toBe(port);
});
