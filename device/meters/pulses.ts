import { channelId, type ChannelId, type FrameEvent, type QuantityName } from '#device/contract';
import type { Board, PinEvent } from '../board/port.ts';
import type { Clock } from '../clock/clock.ts';
import type { Log } from '../log.ts';
import type { Asset, ChannelDescription } from '../sampling/asset.ts';
import { fault, type Measured } from '../sensors/port.ts';
import { type PulseLine, stepPulseLine } from './pulse-edges.ts';
import { pulseSeen, type PulsePower, samplePower, startPower } from './pulse-power.ts';
import { loadRegister, type SavedRegister, saveRegister } from './register-file.ts';
import {
  addPulse,
  adoptRate,
  formatPulseRate,
  type PulseRate,
  registerAt,
  whPerPulse,
} from './register.ts';

export interface PulseMeterSettings {
  readonly id: string;
  readonly quantity: QuantityName;
  readonly pin: number;
  readonly rate: PulseRate;
  readonly minimumWidthMs: number;
  readonly sampleIntervalMs: number;
  readonly file: string;
  /** A reading from the meter's display. */
  readonly display?: { readonly wh: number; readonly asOfMs: number } | undefined;
}

interface StartingRegister {
  readonly start: SavedRegister;
  /** The file that `start` comes from, if it does. */
  readonly persisted: SavedRegister | undefined;
}

/** Counts S0 pulses into a register that survives restarts. Create with `openPulseMeter`. */
export class PulseMeter implements Asset {
  readonly id: string;
  readonly sampleIntervalMs: number;
  readonly #settings: PulseMeterSettings;
  readonly #clock: Clock;
  readonly #log: Log;
  #saved: SavedRegister;
  #dirty: boolean;
  #line: PulseLine = { kind: 'unknown' };
  #power: PulsePower | undefined;
  /** Pulses may have come unseen since the last reading: after a start, and after the board was away. */
  #gap = true;
  /** What the file said at the start; undefined if there was none or the display was newer. */
  readonly #persisted: SavedRegister | undefined;
  #glitches = 0;
  #saving: Promise<void> = Promise.resolve();

  constructor(
    settings: PulseMeterSettings,
    { start, persisted }: StartingRegister,
    board: Board,
    clock: Clock,
    log: Log,
  ) {
    this.id = settings.id;
    this.sampleIntervalMs = settings.sampleIntervalMs;
    this.#settings = settings;
    this.#clock = clock;
    this.#log = log;
    this.#saved = start;
    this.#dirty = true;
    this.#persisted = persisted;
    board.watch({ pin: settings.pin, pull: 'up' }, (event) => this.#take(event));
  }

  get wh(): number {
    return this.#saved.register.wh;
  }

  /** Trusted wall time at which the register was last known; 0 if it never was. */
  get asOfMs(): number {
    return this.#saved.asOfMs;
  }

  get glitches(): number {
    return this.#glitches;
  }

  describe(): readonly ChannelDescription[] {
    const { quantity, rate } = this.#settings;
    const details = { sensor: 'pulses', pulsesPerKwh: formatPulseRate(rate) };
    return [
      { channel: this.#channel(quantity), details },
      { channel: this.#channel('power'), details },
    ];
  }

  /**
   * While the board is away both are unknown. The first register reading after a gap is `uncertain`: pulses may be
   * missing before it, none after it.
   */
  sample(): Promise<ReadonlyMap<ChannelId, Measured>> {
    const [register, power] = this.#line.kind === 'unknown' ? this.#unknown() : this.#known();
    return Promise.resolve(
      new Map([
        [this.#channel(this.#settings.quantity), register],
        [this.#channel('power'), power],
      ]),
    );
  }

  /**
   * For the first frame after an unclean stop: pulses counted after `from` (epoch ms, 0 if never known) were not
   * saved, so the register may stand lower than it did. Nothing if it does not go on from its file.
   */
  rollbackEvents(): readonly FrameEvent[] {
    if (this.#persisted === undefined) return [];
    const { register, asOfMs: from } = this.#persisted;
    const channel = this.#channel(this.#settings.quantity);
    return [{ kind: 'register-rollback', channel, from, wh: register.wh, why: 'unclean stop' }];
  }

  /** Writes the register if it has moved. Rejects when the disk does. */
  save(): Promise<void> {
    this.#saving = this.#saving.catch(() => undefined).then(() => this.#write());
    return this.#saving;
  }

  #channel(quantity: QuantityName): ChannelId {
    return channelId(this.id, quantity);
  }

  #unknown(): [Measured, Measured] {
    // Never seen since the start, or seen and gone.
    const why = this.#power === undefined ? 'no-data' : 'bus-error';
    return [fault(why), fault(why)];
  }

  #known(): [Measured, Measured] {
    const { register, pulses } = this.#saved;
    const value = { value: register.wh, raw: pulses };
    const reading: Measured = this.#gap
      ? { ...value, quality: 'uncertain', why: 'no-data' }
      : { ...value, quality: 'good' };
    this.#gap = false;
    const nowMs = this.#clock.monotonicMs();
    const sampled = samplePower(
      this.#power ?? startPower(nowMs),
      nowMs,
      whPerPulse(this.#settings.rate),
    );
    this.#power = sampled.power;
    const { watts } = sampled;
    const power: Measured =
      watts === undefined
        ? fault('no-data')
        : { value: Math.round(watts * 10) / 10, quality: 'good' };
    return [reading, power];
  }

  #take(event: PinEvent): void {
    const { line, happened } = stepPulseLine(this.#line, event, this.#settings.minimumWidthMs);
    this.#line = line;
    switch (happened) {
      case 'nothing':
        return;
      case 'found':
        this.#power = startPower(this.#clock.monotonicMs());
        return;
      case 'lost':
        this.#gap = true;
        return;
      case 'glitch':
        this.#glitches += 1;
        this.#log.warn(
          { meter: this.id, glitches: this.#glitches },
          'pulse too short, not counted',
        );
        return;
      case 'pulse':
        this.#count(event);
    }
  }

  #count(event: PinEvent): void {
    const { register, pulses, asOfMs } = this.#saved;
    this.#saved = { register: addPulse(register, this.#settings.rate), pulses: pulses + 1, asOfMs };
    this.#dirty = true;
    if (event.kind === 'level' && this.#power !== undefined)
      this.#power = pulseSeen(this.#power, event.atMs);
  }

  async #write(): Promise<void> {
    if (!this.#dirty) return;
    const asOfMs = this.#clock.trusted() ? this.#clock.wallMs() : this.#saved.asOfMs;
    this.#saved = { ...this.#saved, asOfMs: Math.round(asOfMs) };
    this.#dirty = false;
    await saveRegister(this.#settings.file, this.#saved).catch((error: unknown) => {
      this.#dirty = true;
      throw error;
    });
  }
}

/**
 * Loads the persisted register, or starts from the display reading if that is newer, or from 0. Rejects on an unreadable
 * register file: a count of energy is not guessed.
 */
export async function openPulseMeter(
  settings: PulseMeterSettings,
  board: Board,
  clock: Clock,
  log: Log,
): Promise<PulseMeter> {
  const { id, file, rate, display } = settings;
  const persisted = await loadRegister(file);
  const start = startingRegister(persisted, display, rate);
  if (persisted !== undefined && display !== undefined && start.asOfMs === persisted.asOfMs)
    log.info(
      { meter: id, displayAsOfMs: display.asOfMs, persistedAsOfMs: persisted.asOfMs },
      'the display reading in the configuration is older than the persisted register and is not used; ' +
        'to use a new one, stop this program, read the display, set register.asOf to that moment, and start',
    );
  log.info({ meter: id, wh: start.register.wh, asOfMs: start.asOfMs }, 'register starts');
  const goesOn = persisted !== undefined && start.asOfMs === persisted.asOfMs;
  const starting = { start, persisted: goesOn ? persisted : undefined };
  return new PulseMeter(settings, starting, board, clock, log);
}

/** Whichever is newer, the persisted register or the display reading; without either a register of 0. */
export function startingRegister(
  persisted: SavedRegister | undefined,
  display: PulseMeterSettings['display'],
  rate: PulseRate,
): SavedRegister {
  if (display !== undefined && display.asOfMs > (persisted?.asOfMs ?? -Infinity))
    return {
      register: registerAt(display.wh, rate),
      pulses: persisted?.pulses ?? 0,
      asOfMs: display.asOfMs,
    };
  if (persisted === undefined) return { register: registerAt(0, rate), pulses: 0, asOfMs: 0 };
  return { ...persisted, register: adoptRate(persisted.register, rate) };
}
