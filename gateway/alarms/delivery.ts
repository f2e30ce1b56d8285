import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { AlarmsConfig } from './config.ts';
import { defaultMailLimits, mailSinks } from './mail.ts';
import type { AlarmKinds, Transition } from './model.ts';
import type { OutboxLimits } from './outbox.ts';
import type { AlarmSecrets } from './secrets.ts';
import type { Sink, SinkStanding } from './sink.ts';
import { defaultWebhookLimits, webhookName, webhookSink } from './webhook.ts';

export interface DeliveryParts {
  readonly config: AlarmsConfig;
  readonly secrets: AlarmSecrets;
  readonly kinds: AlarmKinds;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly webhookLimits?: OutboxLimits;
  readonly mailLimits?: OutboxLimits;
  /** Everything up to `seq` is settled for this sink. */
  readonly settled: (sink: string, seq: number) => void;
}

/** Webhooks and mail: whoever must hear of every transition. */
export class Delivery {
  readonly #sinks: readonly Sink[];
  readonly #parts: DeliveryParts;
  readonly #missed = new Map<string, number>();

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#sinks = [...webhooks(parts), ...mails(parts)];
  }

  offer(transition: Transition): void {
    for (const sink of this.#sinks) if (sink.wants(transition)) sink.offer(transition);
  }

  /**
   * Offers again what an earlier life of this program did not settle. A sink that is new begins with what happens
   * from now on; what is too old to be tried for any more is counted as failed.
   */
  resume(
    recent: readonly Transition[],
    cursors: ReadonlyMap<string, number>,
    lastSeq: number,
  ): void {
    const oldestAt = this.#parts.clock.wallMs() - resumeMostMs;
    for (const sink of this.#sinks) {
      const cursor = cursors.get(sink.name);
      if (cursor === undefined) {
        this.#parts.settled(sink.name, lastSeq);
        continue;
      }
      const unsettled = recent.filter((each) => each.seq > cursor && sink.wants(each));
      const fresh = unsettled.filter(({ at }) => at >= oldestAt);
      this.#missed.set(sink.name, unsettled.length - fresh.length);
      for (const transition of fresh) sink.offer(transition);
    }
  }

  standings(): SinkStanding[] {
    return this.#sinks.map((sink) => {
      const standing = sink.standing();
      return { ...standing, failed: standing.failed + (this.#missed.get(sink.name) ?? 0) };
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#sinks.map((sink) => sink.stop()));
  }
}

const resumeMostMs = 24 * 3_600_000;

function webhooks(parts: DeliveryParts): Sink[] {
  const { config, secrets, clock, random, settled } = parts;
  return config.webhooks.map((webhook, index) => {
    const name = webhookName(webhook.url);
    return webhookSink({
      config: webhook,
      secret: secrets.webhooks[index],
      limits: parts.webhookLimits ?? defaultWebhookLimits,
      clock,
      random,
      settled: (seq) => settled(name, seq),
      told: (failure) => tell(parts, name, failure),
    });
  });
}

function mails(parts: DeliveryParts): Sink[] {
  const { config, secrets, kinds, clock, random, settled, log } = parts;
  const { mail } = config;
  if (mail === undefined) return [];
  if (mail.insecure)
    log.warn(
      { host: mail.host },
      'alarms.mail.insecure: mail may go unencrypted, and the server’s certificate is not checked, by choice',
    );
  const limits = parts.mailLimits ?? {
    ...defaultMailLimits,
    gatherMs: mail.gatherSeconds * 1000,
    apartMs: mail.apartSeconds * 1000,
  };
  const told = (sink: string, failure: string | undefined) => tell(parts, sink, failure);
  return mailSinks({
    config: mail,
    secrets: secrets.mail,
    kinds,
    limits,
    clock,
    random,
    settled,
    told,
  });
}

function tell({ log }: DeliveryParts, sink: string, failure: string | undefined): void {
  if (failure === undefined) log.info({ sink }, 'alarms are delivered again');
  else log.warn({ sink, failure }, 'alarms cannot be delivered');
}
