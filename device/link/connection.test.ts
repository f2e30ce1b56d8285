import { expect, test } from 'vitest';
import { connectMqtt } from './connection.ts';

test.each(['passwordFile', 'caFile'] as const)(
  'without its %s there is no attempt, and the setting is named with the way out',
  async (setting) => {
    const broker = { url: 'mqtt://127.0.0.1:9', clientId: 'a', [setting]: '/nowhere/file' };
    const will = { topic: 'a', payload: 'b' };
    const connecting = connectMqtt(broker, will, () => undefined, new AbortController().signal);
    await expect(connecting).rejects.toThrow(
      `mqtt.${setting} /nowhere/file cannot be read (ENOENT): put it there, or correct mqtt.${setting}`,
    );
  },
);
