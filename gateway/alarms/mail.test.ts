import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { alarmsSchema, type MailConfig } from './config.ts';
import { defaultMailLimits, mailSinks } from './mail.ts';
import { mailText } from './mail-text.ts';
import type { OutboxLimits } from './outbox.ts';
import { kinds, nowMs, transition } from './testing-alarms.ts';

const pem = (name: string) =>
  readFileSync(new URL(`../http/testing-${name}.pem`, import.meta.url), 'utf8');
const ca = pem('certificate');

interface Received {
  readonly to: string;
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly text: string;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function smtpError(responseCode: number): Error {
  return Object.assign(new Error(`answer ${responseCode}`), { responseCode });
}

/** A mail server that keeps what it takes, and refuses what `refuse` says. */
async function mailServer(
  options: SMTPServerOptions = {},
  refuse: (to: string, attempt: number) => number | undefined = () => undefined,
) {
  const received: Received[] = [];
  let attempts = 0;
  const server = new SMTPServer({
    key: pem('key'),
    cert: ca,
    authOptional: true,
    logger: false,
    onRcptTo: ({ address }, _session, done) => {
      attempts += 1;
      const code = refuse(address, attempts);
      done(code === undefined ? null : smtpError(code));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push({
          to: session.envelope.rcptTo.map(({ address }) => address).join(),
          secure: session.secure,
          user: session.user === undefined ? undefined : String(session.user),
          text: Buffer.concat(chunks).toString('utf8'),
        });
        done(null);
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = listening.address() as AddressInfo;
  return { received, port, attempts: () => attempts };
}

function mailConfig(changes: Partial<MailConfig>): MailConfig {
  const parsed = alarmsSchema.parse({
    mail: {
      host: 'localhost',
      from: 'kadoru@plant.example.jp',
      to: ['sato@example.jp'],
    },
  });
  if (parsed.mail === undefined) throw new Error('no mail');
  return { ...parsed.mail, ...changes };
}

function sinks(
  config: Partial<MailConfig>,
  limits: Partial<OutboxLimits> = {},
  secrets: { password?: string; ca?: string } = { ca },
) {
  const settled: string[] = [];
  const made = mailSinks({
    config: mailConfig(config),
    secrets: { password: secrets.password, ca: secrets.ca },
    kinds,
    limits: {
      ...defaultMailLimits,
      gatherMs: 20,
      apartMs: 0,
      retryMs: { first: 5, most: 20 },
      ...limits,
    },
    clock: systemClock,
    random: Math.random,
    settled: (sink, seq) => settled.push(`${sink} ${seq}`),
    told: () => undefined,
  });
  closers.push(async () => {
    await Promise.all(made.map((sink) => sink.stop()));
  });
  const offer = (...seqs: number[]) => {
    for (const seq of seqs) for (const sink of made) sink.offer(transition(seq));
  };
  return { made, settled, offer };
}

describe('delivery', () => {
  test('alarms that come together are one mail, encrypted, to everybody', async () => {
    const { received, port } = await mailServer();
    const { settled, offer, made } = sinks({ port, to: ['sato@example.jp', 'suzuki@example.jp'] });
    offer(1, 2, 3);
    await vi.waitFor(() => expect(settled).toHaveLength(2), 20_000);
    expect(settled.toSorted()).toEqual(['mail/sato@example.jp 3', 'mail/suzuki@example.jp 3']);
    expect(received.map(({ to }) => to).toSorted()).toEqual([
      'sato@example.jp',
      'suzuki@example.jp',
    ]);
    for (const { secure, text } of received) {
      expect(secure).toBe(true);
      expect(text).toContain('Auto-Submitted: auto-generated');
    }
    expect(made[0]?.standing()).toMatchObject({ delivered: 3, waiting: 0, failed: 0 });
  });

  test('two mails keep a distance; what comes meanwhile goes with the second', async () => {
    const times: number[] = [];
    const { received, port } = await mailServer({}, () => {
      times.push(performance.now());
      return undefined;
    });
    const { settled, offer } = sinks({ port }, { apartMs: 600, gatherMs: 0 });
    offer(1);
    await vi.waitFor(() => expect(settled).toHaveLength(1), 20_000);
    offer(2);
    offer(3);
    await vi.waitFor(() => expect(settled).toHaveLength(2), 20_000);
    expect(received).toHaveLength(2);
    // Between the beginnings of two deliveries; the first one opened its connection a little before it was seen here.
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(300);
  });

  test('an address that is put off is tried again; one refused for good is counted; both leave others alone', async () => {
    let putOff = 0;
    const { received, port } = await mailServer({}, (to) => {
      if (to.startsWith('gone')) return 550;
      if (!to.startsWith('grey')) return undefined;
      putOff += 1;
      return putOff <= 2 ? 451 : undefined;
    });
    const to = ['gone@example.jp', 'grey@example.jp', 'sato@example.jp'];
    const { made, settled, offer } = sinks({ port, to });
    offer(1);
    await vi.waitFor(() => expect(settled).toHaveLength(3), 20_000);
    expect(received.map(({ to }) => to).toSorted()).toEqual(['grey@example.jp', 'sato@example.jp']);
    const [gone, grey] = made.map((sink) => sink.standing());
    expect(gone).toMatchObject({ failed: 1, delivered: 0, retries: 0 });
    expect(grey).toMatchObject({ failed: 0, delivered: 1, retries: 2 });
    expect(putOff).toBe(3);
  });

  test('a server that is away is asked again and again', async () => {
    const away = await mailServer();
    await closers.pop()?.();
    const { made, offer, settled } = sinks({ port: away.port });
    offer(1);
    await vi.waitFor(() => expect(made[0]?.standing().retries).toBeGreaterThan(1), 20_000);
    expect(made[0]?.standing().lastError).toContain('ECONNREFUSED');
    expect(settled).toEqual([]);
  });

  test('a try repeats the Message-ID, so that a duplicate shows as one', async () => {
    const ids: (string | undefined)[] = [];
    let mails = 0;
    const { port } = await mailServer({
      onData: (stream, _session, done) => {
        let text = '';
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
        stream.on('end', () => {
          ids.push(/^Message-ID: (.*)$/im.exec(text)?.[1]);
          mails += 1;
          done(mails === 1 ? smtpError(451) : null);
        });
      },
    });
    const { settled, offer } = sinks({ port });
    offer(1);
    await vi.waitFor(() => expect(settled).toHaveLength(1), 20_000);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toMatch(/^<[0-9a-f]{32}@plant\.example\.jp>/);
    expect(ids[1]).toBe(ids[0]);
  });
});

describe('encryption', () => {
  test('a server without STARTTLS gets no mail', async () => {
    const { received, port } = await mailServer({ disabledCommands: ['STARTTLS'] });
    const { made, offer } = sinks({ port });
    offer(1);
    await vi.waitFor(() => expect(made[0]?.standing().retries).toBeGreaterThan(0), 20_000);
    expect(received).toEqual([]);
  });

  test('nor does one whose certificate nobody vouches for', async () => {
    const { received, port } = await mailServer();
    const { made, offer } = sinks({ port }, {}, {});
    offer(1);
    await vi.waitFor(() => expect(made[0]?.standing().retries).toBeGreaterThan(0), 20_000);
    expect(made[0]?.standing().lastError).toMatch(/self-signed|certificate/);
    expect(received).toEqual([]);
  });

  test('unless it was chosen', async () => {
    const { received, port } = await mailServer({ disabledCommands: ['STARTTLS'] });
    const { settled, offer } = sinks({ port, insecure: true }, {}, {});
    offer(1);
    await vi.waitFor(() => expect(settled).toHaveLength(1), 20_000);
    expect(received[0]?.secure).toBe(false);
  });
});

describe('login', () => {
  const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, _session, done) =>
    password === 'right' ? done(null, { user: username }) : done(smtpError(535));
  const login = { authOptional: false, onAuth };

  test('with the password from the file', async () => {
    const { received, port } = await mailServer(login);
    const { settled, offer } = sinks({ port, username: 'kadoru' }, {}, { ca, password: 'right' });
    offer(1);
    await vi.waitFor(() => expect(settled).toHaveLength(1), 20_000);
    expect(received[0]?.user).toBe('kadoru');
  });

  test('a wrong password loses no mail: it waits', async () => {
    const { received, port } = await mailServer(login);
    const { made, offer } = sinks({ port, username: 'kadoru' }, {}, { ca, password: 'wrong' });
    offer(1);
    await vi.waitFor(() => expect(made[0]?.standing().retries).toBe(1), 20_000);
    expect(made[0]?.standing()).toMatchObject({ waiting: 1, failed: 0 });
    expect(received).toEqual([]);
  });
});

describe('text', () => {
  test('Japanese first, then English; values, thresholds, Japan time and occurrence', () => {
    const { subject, text } = mailText([transition(1)], kinds);
    expect(subject).toBe('[カードル 緊急] 停止圧力 発生 keihin/pack-1 (stop pressure raised)');
    expect(text).toContain('■ 緊急: 停止圧力 発生');
    expect(text).toContain('値: 1.05 MPa  しきい値: 1.1 MPa');
    expect(text).toContain('2026-12-01 12:00:00 +09:00');
    expect(text).toContain(`occurrence: keihin/pack-1/stop/${nowMs}-1`);
    expect(text.indexOf('停止圧力')).toBeLessThan(text.indexOf('stop pressure'));
  });

  test('the subject is about the worst, and says how many more', () => {
    const note = transition(1, { kind: 'half-mass', priority: 'note' });
    const { subject } = mailText([note, transition(2)], kinds);
    expect(subject).toContain('緊急');
    expect(subject).toContain('他1件');
  });

  test('an unknown value is said to be unknown', () => {
    const { sighting } = transition(1).after;
    const { text } = mailText([transition(1, { sighting: { ...sighting, value: null } })], kinds);
    expect(text).toContain('値: 不明');
    expect(text).toContain('value: unknown');
  });
});
