import { setTimeout as sleep } from 'node:timers/promises';
import { channelId, type ChannelId } from '#device/contract';
import type { Asset, ChannelDescription } from '../../sampling/asset.ts';
import { fault, type Measured } from '../../sensors/port.ts';
import { afterRound, freshPatience, isSuspect, type Patience, pauseMs } from './patience.ts';
import { ModbusPoller, type Poll, type PollerParts, type PollerSettings } from './poller.ts';

export interface ModbusMeterSettings extends PollerSettings {
  readonly sampleIntervalMs: number;
  /** How long before a sampling instant this meter is asked, so that its bus has time for all. */
  readonly leadMs: number;
  readonly maker: string | undefined;
  readonly model: string | undefined;
  readonly profile: string;
  /** The serial number that is expected here. */
  readonly configuredSerial: string | undefined;
}

export interface ModbusMeterParts extends PollerParts {
  /** What `describe` answers has changed. */
  readonly identityChanged: () => void;
}

/** The first frame waits this long for a first reading; no later one waits at all. */
const firstWaitMs = 1_500;
/** A reading may be this much older than the lead before it counts as none: the sampler may be late. */
const lateMs = 1_000;

/**
 * A meter on a Modbus line. It is asked shortly before each sampling instant and its answer is handed out once, so that
 * a slow bus never holds up a frame; a unit that keeps silent is asked after the instant, when nobody else waits.
 */
export class ModbusMeter implements Asset {
  readonly id: string;
  readonly sampleIntervalMs: number;
  readonly #settings: ModbusMeterSettings;
  readonly #parts: ModbusMeterParts;
  readonly #poller: ModbusPoller;
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> | undefined;
  #latest: Poll | undefined;
  #patience: Patience = freshPatience;
  #serial: string | undefined;
  #asked = false;
  #stopped = false;

  constructor(settings: ModbusMeterSettings, parts: ModbusMeterParts) {
    this.id = settings.id;
    this.sampleIntervalMs = settings.sampleIntervalMs;
    this.#settings = settings;
    this.#parts = parts;
    this.#poller = new ModbusPoller(settings, parts);
    this.#serial = settings.configuredSerial;
  }

  describe(): readonly ChannelDescription[] {
    const { registers, maker, model, profile } = this.#settings;
    const serial = this.#serial;
    const identity = {
      sensor: 'modbus',
      profile,
      ...(maker !== undefined && { maker }),
      ...(model !== undefined && { model }),
      ...(serial !== undefined && { serial }),
    };
    return registers.map(({ quantity, register: { wrapAt } }) => ({
      channel: channelId(this.id, quantity),
      details: { ...identity, ...(wrapAt !== undefined && { wrapAt }) },
    }));
  }

  async sample(): Promise<ReadonlyMap<ChannelId, Measured>> {
    const instantMs = this.#parts.clock.monotonicMs();
    if (!this.#asked) {
      this.#asked = true;
      await Promise.race([this.#poll(), sleep(firstWaitMs)]);
    }
    const poll = this.#take();
    this.#schedule(instantMs + this.sampleIntervalMs - this.#settings.leadMs);
    return new Map(
      this.#settings.registers.map(({ quantity }) => [
        channelId(this.id, quantity),
        poll?.readings.get(quantity) ??
          fault(this.#patience.unanswered > 0 ? 'bus-error' : 'no-data'),
      ]),
    );
  }

  /** No request is begun after it. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** The answer for this instant, once; anything older is none. */
  #take(): Poll | undefined {
    const poll = this.#latest;
    this.#latest = undefined;
    const { leadMs } = this.#settings;
    if (poll === undefined || this.#parts.clock.monotonicMs() - poll.atMs > leadMs + lateMs)
      return undefined;
    if (poll.serial !== undefined && poll.serial !== this.#serial) this.#meet(poll.serial);
    return poll;
  }

  #meet(serial: string): void {
    const { id, unit, configuredSerial } = this.#settings;
    const { log, identityChanged } = this.#parts;
    const before = this.#serial;
    this.#serial = serial;
    const fields = { meter: id, unit, before, serial, configured: configuredSerial };
    if (before === undefined) log.info(fields, 'the meter says its serial number');
    else
      log.warn(
        fields,
        'another meter answers here: its serial number is not the one before. Its totals are not those of the old meter; enter the exchange at the gateway',
      );
    identityChanged();
  }

  /** @param leadAtMs when this meter has to be asked for the next instant. */
  #schedule(leadAtMs: number): void {
    if (this.#stopped || this.#polling !== undefined) return;
    clearTimeout(this.#timer);
    const nowMs = this.#parts.clock.monotonicMs();
    const untilNextMs = Math.max(0, leadAtMs - nowMs);
    const delayMs = isSuspect(this.#patience) ? pauseMs(this.#patience, nowMs) : untilNextMs;
    // A pause that ends later is looked at again after the next instant.
    if (delayMs <= untilNextMs) this.#timer = setTimeout(() => void this.#poll(), delayMs);
  }

  #poll(): Promise<void> {
    this.#polling ??= this.#ask().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async #ask(): Promise<void> {
    const poll = await this.#poller.poll();
    this.#latest = poll;
    const suspectBefore = isSuspect(this.#patience);
    this.#patience = afterRound(this.#patience, poll.unanswered === undefined, poll.atMs);
    const suspect = isSuspect(this.#patience);
    const { id, unit } = this.#settings;
    const { bus, log } = this.#parts;
    if (suspect && !suspectBefore)
      log.warn(
        { meter: id, bus: bus.id, unit, why: poll.unanswered },
        'the meter does not answer; its channels are unknown, and it is asked more seldom',
      );
    if (suspectBefore && !suspect)
      log.info({ meter: id, bus: bus.id, unit }, 'the meter answers again');
  }
}
