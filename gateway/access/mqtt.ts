import { randomBytes } from 'node:crypto';
import type { DeviceCredential } from './config.ts';
import { FailureTable, type FailureLimits } from './failures.ts';
import type { AccessMode } from './listeners.ts';
import { parsePasswordHash, type PasswordHash } from './password.ts';
import { HashSlots, SecretCheck } from './secret.ts';
import type { MqttIdentity } from './topics.ts';

export interface MqttAccessParts {
  readonly mode: AccessMode;
  readonly devices: readonly DeviceCredential[];
  readonly clock: { monotonicMs(): number };
  readonly random?: (bytes: number) => Buffer;
  readonly failureLimits?: FailureLimits;
}

type MqttAdmission =
  | { readonly kind: 'admitted'; readonly identity: MqttIdentity }
  | { readonly kind: 'refused'; readonly why: 'no-credentials' | 'wrong-credentials' }
  | { readonly kind: 'wait'; readonly waitMs: number };

/** Who may connect to the embedded broker. What a client may then do is decided by `mayPublish`, `maySubscribe`. */
export interface MqttAccess {
  readonly mode: AccessMode;
  /** What the gateway's own client logs in with: made at start, never written anywhere. */
  readonly gatewayLogin: { readonly username: string; readonly password: string };
  /** `from` is the peer's address; failures are counted by it and the name. */
  authenticateDevice(
    username: string | undefined,
    password: string | undefined,
    from: string,
  ): Promise<MqttAdmission>;
  failedLogins(): number;
}

/** No device can have this name: `_` cannot begin an id. */
const gatewayUsername = '_gateway';

/** After a restart every device comes back at once: they wait in line rather than being sent away. */
const mostWaiting = 100;

/** A hash nobody knows a password for, at the cost of a real one: an unknown device takes as long to refuse. */
const nobody: PasswordHash = {
  log2N: 14,
  blockSize: 8,
  passes: 5,
  salt: Buffer.alloc(16),
  key: Buffer.alloc(32),
};

export function createMqttAccess(parts: MqttAccessParts): MqttAccess {
  return new EmbeddedMqttAccess(parts);
}

class EmbeddedMqttAccess implements MqttAccess {
  readonly mode: AccessMode;
  readonly gatewayLogin: { readonly username: string; readonly password: string };
  /** By username: `{site}/{device}`. */
  readonly #devices = new Map<string, { identity: MqttIdentity; check: SecretCheck }>();
  readonly #gatewayCheck: SecretCheck;
  readonly #nobodyCheck: SecretCheck;
  readonly #failures: FailureTable;
  readonly #now: () => number;

  constructor({ mode, devices, clock, random = randomBytes, failureLimits }: MqttAccessParts) {
    const slots = new HashSlots(mostWaiting);
    this.mode = mode;
    this.#now = () => clock.monotonicMs();
    this.#failures = new FailureTable(failureLimits);
    this.#nobodyCheck = new SecretCheck({ kind: 'hash', hash: nobody }, slots);
    const password = random(32).toString('base64url');
    this.gatewayLogin = { username: gatewayUsername, password };
    this.#gatewayCheck = new SecretCheck({ kind: 'text', text: password }, slots);
    for (const { site, device, passwordHash } of devices) {
      const hash = parsePasswordHash(passwordHash);
      if (hash === undefined) throw new Error(`${site}/${device}: not a password hash`);
      const check = new SecretCheck({ kind: 'hash', hash }, slots);
      this.#devices.set(`${site}/${device}`, { identity: { kind: 'device', site, device }, check });
    }
  }

  failedLogins(): number {
    return this.#failures.total;
  }

  async authenticateDevice(
    username: string | undefined,
    password: string | undefined,
    from: string,
  ): Promise<MqttAdmission> {
    if (username === gatewayUsername) return this.#admitGateway(password ?? '');
    if (this.mode !== 'credentials') return { kind: 'admitted', identity: { kind: 'anyone' } };
    if (username === undefined || password === undefined)
      return { kind: 'refused', why: 'no-credentials' };
    return this.#admitDevice(username, password, from);
  }

  /** No limit on tries: the password has 256 bits, and a local attacker must not lock the gateway out of itself. */
  async #admitGateway(password: string): Promise<MqttAdmission> {
    const verdict = await this.#gatewayCheck.check(password);
    if (verdict === 'right') return { kind: 'admitted', identity: { kind: 'gateway' } };
    return { kind: 'refused', why: 'wrong-credentials' };
  }

  async #admitDevice(username: string, password: string, from: string): Promise<MqttAdmission> {
    const known = this.#devices.get(username);
    // Unknown names share one account, so that inventing names neither fills the table nor gains tries.
    const account = known === undefined ? '' : username;
    const waitMs = this.#failures.waitMs(from, account, this.#now());
    if (waitMs > 0) return { kind: 'wait', waitMs };
    const verdict = await (known?.check ?? this.#nobodyCheck).check(password);
    if (verdict === 'right' && known !== undefined)
      return { kind: 'admitted', identity: known.identity };
    if (verdict === 'busy') return { kind: 'wait', waitMs: 1000 };
    this.#failures.record(from, account, this.#now());
    return { kind: 'refused', why: 'wrong-credentials' };
  }
}
