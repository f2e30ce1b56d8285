import { readFile } from 'node:fs/promises';
import type { AlarmsConfig } from './config.ts';
import type { MailSecrets } from './mail.ts';
import { webhookSecret } from './webhook.ts';

/** Something a configuration names cannot be had; one line per mistake, and never the secret. */
export class AlarmSecretError extends Error {
  override readonly name = 'AlarmSecretError';
}

export interface AlarmSecrets {
  /** In the order of `webhooks`. */
  readonly webhooks: readonly (Uint8Array | undefined)[];
  readonly mail: MailSecrets;
}

/** Reads every file and variable that the configuration names. Rejects with `AlarmSecretError`, all mistakes at once. */
export async function readAlarmSecrets(
  { webhooks, mail }: AlarmsConfig,
  environment: NodeJS.ProcessEnv,
): Promise<AlarmSecrets> {
  const mistakes: string[] = [];
  const read = async (path: string, file: string | undefined): Promise<string | undefined> => {
    if (file === undefined) return undefined;
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      mistakes.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const line = async (path: string, file: string | undefined): Promise<string | undefined> => {
    const text = await read(path, file);
    const first = text?.split('\n', 1)[0]?.trim();
    if (first === '') mistakes.push(`${path}: the first line of ${file} is empty`);
    return first;
  };
  const secrets: (Uint8Array | undefined)[] = [];
  for (const [index, { secretFile, secretVariable: variable }] of webhooks.entries()) {
    const path = `alarms.webhooks.${index}`;
    const text =
      variable === undefined ? await line(`${path}.secretFile`, secretFile) : environment[variable];
    if (variable !== undefined && (text ?? '') === '')
      mistakes.push(`${path}.secretVariable: the environment has no ${variable}`);
    secrets.push(text === undefined ? undefined : webhookSecret(text));
  }
  const password = await line('alarms.mail.passwordFile', mail?.passwordFile);
  const ca = await read('alarms.mail.caFile', mail?.caFile);
  if (mistakes.length > 0) throw new AlarmSecretError(mistakes.join('\n'));
  return { webhooks: secrets, mail: { password, ca } };
}
