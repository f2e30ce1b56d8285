import { expect, test, vi } from 'vitest';
import { createMqttAccess, type MqttAccessParts } from './mqtt.ts';
import { hashPassword } from './password.ts';
import { HashSlots } from './secret.ts';

vi.setConfig({ testTimeout: 60_000 });

const password = 'correct horse battery staple';
const devices = [
  { site: 'keihin', device: 'pi-1', passwordHash: await hashPassword(password) },
  { site: 'keihin', device: 'pi-2', passwordHash: await hashPassword('another long password') },
];
const from = '192.0.2.1';

function accessWith(parts: Partial<MqttAccessParts> = {}) {
  return createMqttAccess({
    mode: 'credentials',
    devices,
    clock: { monotonicMs: () => 0 },
    ...parts,
  });
}

test('a device is who its password says, and nobody else is anybody', async () => {
  const access = accessWith();
  expect(await access.authenticateDevice('keihin/pi-1', password, from)).toEqual({
    kind: 'admitted',
    identity: { kind: 'device', site: 'keihin', device: 'pi-1' },
  });
  for (const username of ['keihin/pi-2', 'keihin/pi-3', 'pi-1', '', '__proto__', 'keihin/pi-1/'])
    expect(await access.authenticateDevice(username, password, from), username).toEqual({
      kind: 'refused',
      why: 'wrong-credentials',
    });
  expect(await access.authenticateDevice(undefined, undefined, from)).toEqual({
    kind: 'refused',
    why: 'no-credentials',
  });
  expect(access.failedLogins()).toBe(6);
});

test('the gateway logs in with a password that only it has, open or not', async () => {
  for (const mode of ['credentials', 'open-loopback', 'open-by-choice'] as const) {
    const access = accessWith({ mode });
    const { username, password: secret } = access.gatewayLogin;
    expect(await access.authenticateDevice(username, secret, from)).toEqual({
      kind: 'admitted',
      identity: { kind: 'gateway' },
    });
    expect((await access.authenticateDevice(username, 'guess', from)).kind).toBe('refused');
    expect((await access.authenticateDevice(username, undefined, from)).kind).toBe('refused');
  }
  expect(accessWith().gatewayLogin.password).not.toBe(accessWith().gatewayLogin.password);
});

test('an open broker takes anybody as anyone', async () => {
  const access = accessWith({ mode: 'open-loopback', devices: [] });
  for (const username of [undefined, 'keihin/pi-1'])
    expect(await access.authenticateDevice(username, undefined, from)).toEqual({
      kind: 'admitted',
      identity: { kind: 'anyone' },
    });
});

test('a device that guesses must wait; its neighbour behind the same address need not', async () => {
  const access = accessWith({ failureLimits: { failures: 2, windowMs: 1000, entries: 10 } });
  for (let attempt = 0; attempt < 2; attempt += 1)
    await access.authenticateDevice('keihin/pi-1', 'wrong', from);
  expect(await access.authenticateDevice('keihin/pi-1', password, from)).toEqual({
    kind: 'wait',
    waitMs: 1000,
  });
  expect((await access.authenticateDevice('keihin/pi-2', 'another long password', from)).kind).toBe(
    'admitted',
  );
  for (const username of ['a/b', 'c/d']) await access.authenticateDevice(username, 'wrong', from);
  expect((await access.authenticateDevice('e/f', 'wrong', from)).kind).toBe('wait');
});

test('devices that all come back at once wait in line, up to a bound', async () => {
  const access = accessWith({ failureLimits: { failures: 1000, windowMs: 1000, entries: 10 } });
  const few = Array.from({ length: 5 }, () =>
    access.authenticateDevice('keihin/pi-1', password, from),
  );
  expect((await Promise.all(few)).map(({ kind }) => kind)).toEqual(few.map(() => 'admitted'));
  const slots = new HashSlots(3, 2);
  const finish: (() => void)[] = [];
  const task = () => new Promise<boolean>((resolve) => finish.push(() => resolve(true)));
  const verdicts = Array.from({ length: 6 }, () => slots.run(task));
  expect(await verdicts[5]).toBe('busy');
  for (let done = 0; done < 5; done += 1) {
    finish[done]?.();
    expect(await verdicts[done]).toBe('right');
    await Promise.resolve();
  }
  expect(finish).toHaveLength(5);
});
