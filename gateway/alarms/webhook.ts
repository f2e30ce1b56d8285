import { createHash, createHmac } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { WebhookConfig } from './config.ts';
import type { Transition } from './model.ts';
import { Outbox, type OutboxLimits, type Verdict } from './outbox.ts';
import { calls, type Sink, wants } from './sink.ts';

export const defaultWebhookLimits: OutboxLimits = {
  waiting: 1000,
  together: 1,
  gatherMs: 0,
  apartMs: 0,
  giveUpAfterMs: 24 * 3_600_000,
  tryMs: 10_000,
  retryMs: { first: 1000, most: 300_000 },
};

export interface WebhookParts {
  readonly config: WebhookConfig;
  readonly secret: Uint8Array | undefined;
  readonly limits: OutboxLimits;
  readonly clock: Clock;
  readonly random: () => number;
  readonly settled: (seq: number) => void;
  readonly told: (failure: string | undefined) => void;
}

/** Names a receiver without showing its path, which may be a secret. */
export function webhookName(url: string): string {
  const digest = createHash('sha256').update(url).digest('hex');
  return `webhook/${new URL(url).host}/${digest.slice(0, 8)}`;
}

/** POSTs every transition to one address. */
export function webhookSink(parts: WebhookParts): Sink {
  const { config, secret, clock } = parts;
  const name = webhookName(config.url);
  const outbox = new Outbox({
    ...parts,
    name,
    deliver: async (batch, signal) => {
      for (const transition of batch) {
        const request = webhookRequest(transition, secret, clock.wallMs());
        const verdict = await post(config.url, request, signal, clock);
        if (verdict.kind !== 'delivered') return verdict;
      }
      return { kind: 'delivered' };
    },
  });
  return {
    name,
    wants: (transition) => wants(config, transition) && calls(transition),
    offer: (transition) => outbox.offer(transition),
    standing: () => outbox.standing(),
    stop: () => outbox.stop(),
  };
}

interface WebhookRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Headers and signature after Standard Webhooks (standard-webhooks specification 1.0): receivers have ready-made checks
 * for it. `webhook-id` is the same however often a transition is sent.
 */
export function webhookRequest(
  { after, ...transition }: Transition,
  secret: Uint8Array | undefined,
  nowMs: number,
): WebhookRequest {
  // A header holds ASCII only; our ids are.
  const id = encodeURI(`${after.occurrence}/${transition.seq}`);
  const timestamp = String(Math.floor(nowMs / 1000));
  const body = JSON.stringify({
    type: `alarm.${transition.change}`,
    timestamp: new Date(transition.at).toISOString(),
    data: { ...transition, alarm: after },
  });
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
  };
  if (secret === undefined) return { headers, body };
  return {
    headers: { ...headers, 'webhook-signature': signature(id, timestamp, body, secret) },
    body,
  };
}

export function signature(id: string, timestamp: string, body: string, secret: Uint8Array): string {
  const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return `v1,${mac}`;
}

/** `whsec_` marks a secret in base64, as Standard Webhooks gives it; anything else is the secret itself. */
export function webhookSecret(text: string): Uint8Array {
  const prefix = 'whsec_';
  return text.startsWith(prefix)
    ? Buffer.from(text.slice(prefix.length), 'base64')
    : Buffer.from(text);
}

async function post(
  url: string,
  { headers, body }: WebhookRequest,
  signal: AbortSignal,
  clock: Clock,
): Promise<Verdict> {
  // A redirect may lead anywhere, and would turn the POST into a GET.
  const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
  // Whatever it says, nobody here reads it.
  await answer.body?.cancel();
  return judge(answer, clock.wallMs());
}

/** Request time-out, too early, too many requests: the other answers of 4xx say that asking again is no use. */
const worthAnother: ReadonlySet<number> = new Set([408, 425, 429]);

function judge({ status, headers }: Response, nowMs: number): Verdict {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const why = `answered ${status}`;
  if (status >= 300 && status < 400)
    return { kind: 'never', why: `${why}: redirects are not followed, configure the new address` };
  if (status < 500 && !worthAnother.has(status)) return { kind: 'never', why };
  const afterMs = retryAfterMs(headers.get('retry-after'), nowMs);
  return { kind: 'later', why, ...(afterMs === undefined ? {} : { afterMs }) };
}

/** RFC 9110, section 10.2.3: seconds or a date. Nobody puts us off for more than an hour. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, 3_600_000) : undefined;
}
