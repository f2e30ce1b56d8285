import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Clock } from '../clock.ts';
import type { MailConfig } from './config.ts';
import { mailText } from './mail-text.ts';
import type { AlarmKinds, Transition } from './model.ts';
import { Outbox, type OutboxLimits, type Verdict } from './outbox.ts';
import { callsPeople, type Sink, wants } from './sink.ts';

export const defaultMailLimits: Omit<OutboxLimits, 'gatherMs' | 'apartMs'> = {
  waiting: 1000,
  together: 50,
  giveUpAfterMs: 24 * 3_600_000,
  tryMs: 60_000,
  retryMs: { first: 5000, most: 600_000 },
};

/** What the configuration names by file, read. */
export interface MailSecrets {
  readonly password: string | undefined;
  readonly ca: string | undefined;
}

export interface MailParts {
  readonly config: MailConfig;
  readonly secrets: MailSecrets;
  readonly kinds: AlarmKinds;
  readonly limits: OutboxLimits;
  readonly clock: Clock;
  readonly random: () => number;
  readonly settled: (sink: string, seq: number) => void;
  readonly told: (sink: string, failure: string | undefined) => void;
}

/** One sink per address, so that an address that is refused, or put off, does not touch the others. */
export function mailSinks(parts: MailParts): Sink[] {
  const { config, secrets } = parts;
  const transport = openTransport(config, secrets, parts.limits.tryMs);
  return config.to.map((to) => {
    const name = `mail/${to}`;
    const outbox = new Outbox({
      ...parts,
      name,
      settled: (seq) => parts.settled(name, seq),
      told: (failure) => parts.told(name, failure),
      deliver: (batch, signal) => send(transport, { parts, to, batch, signal }),
    });
    return {
      name,
      wants: (transition) => wants(config, transition) && callsPeople(transition),
      offer: (transition) => outbox.offer(transition),
      standing: () => outbox.standing(),
      stop: () => outbox.stop(),
    };
  });
}

type Transport = ReturnType<typeof openTransport>;

function openTransport(
  { host, port, username, insecure }: MailConfig,
  { password, ca }: MailSecrets,
  waitMs: number,
) {
  const secure = port === 465;
  return createTransport({
    host,
    port,
    // RFC 8314: TLS from the first byte on 465, STARTTLS elsewhere, and never anything readable unless it was chosen.
    secure,
    requireTLS: !secure && !insecure,
    opportunisticTLS: insecure,
    tls: { rejectUnauthorized: !insecure, ...(ca === undefined ? {} : { ca }) },
    ...(username === undefined || password === undefined
      ? {}
      : { auth: { user: username, pass: password } }),
    connectionTimeout: waitMs,
    greetingTimeout: waitMs,
    socketTimeout: waitMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

interface Mail {
  readonly parts: Pick<MailParts, 'config' | 'kinds'>;
  readonly to: string;
  readonly batch: readonly Transition[];
  readonly signal: AbortSignal;
}

async function send(transport: Transport, { parts, to, batch, signal }: Mail): Promise<Verdict> {
  const { config, kinds } = parts;
  try {
    await transport.sendMail({
      from: config.from,
      to,
      ...mailText(batch, kinds),
      messageId: messageId(batch, to, config.from),
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal,
    });
    return { kind: 'delivered' };
  } catch (error) {
    return judge(error);
  }
}

/** The same for every try of a batch, so that a mail program shows a duplicate once. */
function messageId(batch: readonly Transition[], to: string, from: string): string {
  const names = batch.map(({ seq, after }) => `${after.occurrence}/${seq}`);
  const digest = createHash('sha256')
    .update([to, ...names].join('\n'))
    .digest('hex');
  return `<${digest.slice(0, 32)}@${from.slice(from.lastIndexOf('@') + 1)}>`;
}

/** A server that turns us away (login, TLS) has not judged the mail: it is sent once somebody has put that right. */
const turnedAwayMs = 900_000;

/** What nodemailer calls a refused sender or recipient, and a refused message. */
const aboutTheMail: ReadonlySet<unknown> = new Set(['EENVELOPE', 'EMESSAGE']);

/** A reply of 5xx is for good, everything else (4xx, network) may pass (RFC 5321, section 4.2.1). */
function judge(error: unknown): Verdict {
  if (!(error instanceof Error)) throw new TypeError(String(error));
  const why = error.message;
  const code = 'code' in error ? error.code : undefined;
  const permanent = 'permanent' in error && error.permanent === true;
  if (permanent && aboutTheMail.has(code)) return { kind: 'never', why };
  return { kind: 'later', why, ...(permanent ? { afterMs: turnedAwayMs } : {}) };
}
