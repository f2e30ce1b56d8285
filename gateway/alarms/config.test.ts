import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alarmsSchema, resolveAlarmFiles } from './config.ts';
import { readAlarmSecrets } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'kadoru-alarms-'));
afterAll(() => rmSync(folder, { recursive: true }));

function mistakes(config: unknown): string[] {
  const parsed = alarmsSchema.safeParse(config);
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.')).toSorted();
}

const mail = { host: 'mail.example.jp', from: 'kadoru@example.jp', to: ['sato@example.jp'] };

test('nothing is needed', () => {
  expect(alarmsSchema.parse({})).toEqual({ webhooks: [], shelveMostHours: 8 });
});

test('the example of the README is one', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const [, example = ''] = /```yaml\n([^]*?)```/.exec(readme) ?? [];
  expect(mistakes(parse(example).alarms)).toEqual([]);
});

test('every mistake is told at once, with its path', () => {
  expect(
    mistakes({
      webhooks: [
        { url: 'ftp://example.jp/' },
        { url: 'https://user:password@example.jp/' },
        { url: 'https://example.jp/', secretFile: 'a', secretVariable: 'B' },
        { url: 'https://example.jp/2', priorities: ['loud'] },
        { url: 'no address' },
      ],
      mail: { ...mail, to: ['sato', 'x@example.jp'], username: 'kadoru', port: 0 },
      shelveMostHours: 25,
      pager: true,
    }),
  ).toEqual([
    '',
    'mail.passwordFile',
    'mail.port',
    'mail.to.0',
    'shelveMostHours',
    'webhooks.0.url',
    'webhooks.1.url',
    'webhooks.2.secretVariable',
    'webhooks.3.priorities.0',
    'webhooks.4.url',
  ]);
});

test('what does not go together is refused', () => {
  expect(mistakes({ mail: { ...mail, username: 'kadoru' } })).toEqual(['mail.passwordFile']);
  expect(mistakes({ mail: { ...mail, passwordFile: 'p' } })).toEqual(['mail.username']);
  const open = { ...mail, username: 'kadoru', passwordFile: 'p', insecure: true };
  expect(mistakes({ mail: open })).toEqual(['mail.insecure']);
  expect(mistakes({ mail: { ...mail, to: ['a@example.jp', 'a@example.jp'] } })).toEqual([
    'mail.to.1',
  ]);
  const twice = { url: 'https://example.jp/' };
  expect(mistakes({ webhooks: [twice, twice] })).toEqual(['webhooks.1.url']);
});

test('files are found from the configuration file, and read', async () => {
  writeFileSync(join(folder, 'secret'), 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n');
  writeFileSync(join(folder, 'password'), 'right\n');
  writeFileSync(join(folder, 'ca.pem'), 'PEM\n');
  const config = resolveAlarmFiles(
    alarmsSchema.parse({
      webhooks: [
        { url: 'https://example.jp/1', secretFile: 'secret' },
        { url: 'https://example.jp/2', secretVariable: 'HOOK' },
        { url: 'https://example.jp/3' },
      ],
      mail: { ...mail, username: 'kadoru', passwordFile: 'password', caFile: 'ca.pem' },
    }),
    (path) => join(folder, path),
  );
  const secrets = await readAlarmSecrets(config, { HOOK: 'plain' });
  expect(secrets.mail).toEqual({ password: 'right', ca: 'PEM\n' });
  expect(
    secrets.webhooks.map((secret) => secret && Buffer.from(secret).toString('base64')),
  ).toEqual([
    'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    Buffer.from('plain').toString('base64'),
    undefined,
  ]);
});

test('secrets that cannot be had are told all at once, and not shown', async () => {
  writeFileSync(join(folder, 'empty'), '\n');
  const config = alarmsSchema.parse({
    webhooks: [
      { url: 'https://example.jp/1', secretFile: join(folder, 'empty') },
      { url: 'https://example.jp/2', secretVariable: 'HOOK' },
    ],
    mail: { ...mail, username: 'kadoru', passwordFile: join(folder, 'none') },
  });
  await expect(readAlarmSecrets(config, {})).rejects.toThrow(
    /webhooks\.0\.secretFile[^]*webhooks\.1\.secretVariable[^]*mail\.passwordFile/,
  );
});
