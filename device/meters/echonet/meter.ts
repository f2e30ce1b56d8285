import { setTimeout as sleep } from 'node:timers/promises';
import { channelId, type ChannelId, type QuantityName } from '#device/contract';
import type { Clock } from '../../clock/clock.ts';
import type { Log } from '../../log.ts';
import type { Asset, ChannelDescription } from '../../sampling/asset.ts';
import { fault, type Measured } from '../../sensors/port.ts';
import type { Announcement } from './controller.ts';
import { introductionCodes } from './identity.ts';
import { MeterKnowledge } from './knowledge.ts';
import type { Facts, Measurement, ObjectClass } from './objects.ts';
import { epc, hex, nodeProfile } from './properties.ts';
import type { GetAnswer } from './requests.ts';

export interface EchonetMeterSettings {
  readonly id: string;
  readonly object: ObjectClass;
  readonly instance: number;
  /** Undefined: what the node has. */
  readonly quantities: readonly QuantityName[] | undefined;
  readonly sampleIntervalMs: number;
}

export interface EchonetMeterParts {
  get(address: string, object: number, codes: readonly number[]): Promise<GetAnswer>;
  /** Where the meter is; undefined while nobody knows. */
  locate(): Promise<string | undefined>;
  /** The meter was not there: look for it again. */
  lost(address: string): void;
  readonly clock: Clock;
  readonly log: Log;
  /** `describe` answers something else than before. */
  readonly identityChanged: () => void;
}

interface Value {
  readonly edt: Uint8Array;
  readonly atMs: number;
}

/** The sampler gives an asset 2 s or 0.9 of its interval; the meter itself knows better why it has nothing. */
const longestWaitMs = 1_800;
const shareOfInterval = 0.8;
/** A value that came too late for its frame goes with the next one, `uncertain`, unless it is older than this. */
const staleAfterMs = 120_000;
/** Once for the meter that was known, once for the one that turned out to stand there. */
const mostMeetings = 2;

/** One object of one ECHONET Lite node as an asset: registers and power, and who it is. */
export class EchonetMeter implements Asset {
  readonly id: string;
  readonly sampleIntervalMs: number;
  readonly #settings: EchonetMeterSettings;
  readonly #parts: EchonetMeterParts;
  readonly #object: number;
  readonly #knowledge: MeterKnowledge;
  #met = false;
  #silent = false;
  #address: string | undefined;
  #trouble: string | undefined;
  #described: string;
  #polling: Promise<void> | undefined;
  /** Came, and is in no frame yet; and what of it came before the present sample. */
  #values = new Map<number, Value>();
  #late: ReadonlyMap<number, Value> = new Map();

  constructor(settings: EchonetMeterSettings, parts: EchonetMeterParts) {
    this.id = settings.id;
    this.sampleIntervalMs = settings.sampleIntervalMs;
    this.#settings = settings;
    this.#parts = parts;
    this.#object = settings.object.code * 256 + settings.instance;
    this.#knowledge = new MeterKnowledge(settings.object, settings.quantities);
    this.#described = JSON.stringify(this.describe());
  }

  /** Grows as the meter becomes known, and changes when another one takes its place. */
  describe(): readonly ChannelDescription[] {
    const { object, instance } = this.#settings;
    const { measurements, identity, wrapAt } = this.#knowledge;
    const address = this.#address === undefined ? {} : { address: this.#address };
    const details = { sensor: 'echonet', object: object.name, instance, ...address, ...identity };
    return measurements.map(({ quantity, kind }) => ({
      channel: channelId(this.id, quantity),
      details: kind === 'register' && wrapAt !== undefined ? { ...details, wrapAt } : details,
    }));
  }

  /**
   * Asks and waits a while. What did not come in time is `no-data`, `bus-error` once the node was silent through all
   * retries; what came after its frame goes with the next, `uncertain`.
   */
  async sample(): Promise<ReadonlyMap<ChannelId, Measured>> {
    this.#late = this.#takeValues();
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = undefined;
    });
    const waitMs = Math.min(longestWaitMs, this.sampleIntervalMs * shareOfInterval);
    const patience = new AbortController();
    const enough = sleep(waitMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([this.#polling, enough]);
    patience.abort();
    const fresh = this.#takeValues();
    this.#tellIdentity();
    return new Map(
      this.#knowledge.measurements.map((measurement) => [
        channelId(this.id, measurement.quantity),
        this.#reading(measurement, fresh.get(measurement.epc), this.#late.get(measurement.epc)),
      ]),
    );
  }

  /** A value of this object is as good as an answer; a node that lists its objects anew has just started. */
  announced({ address, object, properties }: Announcement): void {
    if (address !== this.#address) return;
    if (object === nodeProfile && properties.some((said) => said.epc === epc.instanceListNotice))
      this.#met = false;
    // Until the next poll has seen the serial, a value after a start may be another meter's.
    if (object !== this.#object || !this.#met) return;
    const given = properties.filter(({ edt }) => edt.length > 0);
    this.#keep(new Map(given.map(({ epc, edt }) => [epc, edt])));
  }

  /** Before the frame is made: what a meter is stands in the frame of the first reading that it gave. */
  #tellIdentity(): void {
    const described = JSON.stringify(this.describe());
    if (described === this.#described) return;
    this.#described = described;
    this.#parts.identityChanged();
  }

  #takeValues(): ReadonlyMap<number, Value> {
    const values = this.#values;
    this.#values = new Map();
    return values;
  }

  #reading(measurement: Measurement, fresh: Value | undefined, late: Value | undefined): Measured {
    if (fresh !== undefined) return this.#knowledge.read(measurement, fresh.edt);
    const nowMs = this.#parts.clock.monotonicMs();
    if (late === undefined || nowMs - late.atMs > staleAfterMs)
      return fault(this.#silent ? 'bus-error' : 'no-data');
    const read = this.#knowledge.read(measurement, late.edt);
    return read.quality === 'good' ? { ...read, quality: 'uncertain', why: 'stale' } : read;
  }

  async #poll(): Promise<void> {
    const address = await this.#parts.locate();
    this.#address = address;
    for (let meeting = 0; meeting < mostMeetings; meeting += 1) {
      const answered = address !== undefined && (await this.#ask(address));
      this.#heard(answered);
      if (this.#met || !answered) return;
    }
  }

  /** Answers whether the node did. Leaves `met` false where another meter answered than the one that was known. */
  async #ask(address: string): Promise<boolean> {
    if (!this.#met) {
      const introduced = await this.#parts.get(address, this.#object, introductionCodes);
      if (introduced.kind === 'silent') return false;
      this.#meet(introduced.properties);
    }
    const answer = await this.#parts.get(address, this.#object, this.#knowledge.readingCodes);
    if (answer.kind === 'silent') return false;
    this.#met = this.#knowledge.isOf(answer.properties);
    if (this.#met) this.#keep(answer.properties);
    return true;
  }

  #meet(properties: Facts): void {
    const { log } = this.#parts;
    const before = this.#knowledge.serial;
    this.#knowledge.meet(properties);
    this.#met = true;
    const { serial, identity, missing } = this.#knowledge;
    const fields = { meter: this.id, address: this.#address, ...identity };
    if (before !== undefined && before !== serial) {
      // What the last one said late is not this one's.
      this.#late = new Map();
      this.#values.clear();
      log.warn({ ...fields, before }, 'another meter stands here now; its register is another one');
    } else log.info(fields, 'meter found');
    for (const { quantity, epc } of missing)
      log.error(
        { meter: this.id, quantity, property: hex(epc, 2) },
        'the node has no such property: its channel stays without data',
      );
  }

  #keep(properties: Facts): void {
    const atMs = this.#parts.clock.monotonicMs();
    for (const [code, edt] of properties) {
      this.#knowledge.learn(code, edt);
      if (this.#knowledge.measurements.some(({ epc }) => epc === code))
        this.#values.set(code, { edt, atMs });
    }
    const trouble = this.#knowledge.troubleWith((code) => properties.get(code));
    if (trouble !== undefined && trouble !== this.#trouble)
      this.#parts.log.error({ meter: this.id, trouble }, 'values of this meter cannot be used');
    this.#trouble = trouble;
  }

  #heard(answered: boolean): void {
    const { log } = this.#parts;
    const fields = { meter: this.id, address: this.#address };
    if (answered && this.#silent) log.info(fields, 'node answers again');
    if (!answered && !this.#silent)
      log.warn(fields, this.#address === undefined ? 'no such node found' : 'node is silent');
    this.#silent = !answered;
    if (answered) return;
    // Whoever answers after a silence says first who it is.
    this.#met = false;
    if (this.#address !== undefined) this.#parts.lost(this.#address);
  }
}
