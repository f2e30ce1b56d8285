import { readFile } from 'node:fs/promises';
import type { HttpConfig } from './config.ts';
import { tokenVariable } from './listeners.ts';
import { maxPasswordLength, minPasswordLength, parsePasswordHash } from './password.ts';
import type { Secret } from './secret.ts';

/** The operator's token cannot be had; the message names the setting and the way out, never the token. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

/** The operator's token from wherever the configuration says; undefined when there is none. Rejects with `TokenError`. */
export async function readOperatorSecret(
  http: Pick<HttpConfig, 'operatorTokenFile' | 'operatorTokenHash'>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Secret | undefined> {
  const { operatorTokenFile: file, operatorTokenHash: hash } = http;
  if (hash !== undefined) return secretFrom(hash, 'http.operatorTokenHash');
  if (file !== undefined) return secretFrom(await firstLine(file), 'http.operatorTokenFile');
  const text = environment[tokenVariable];
  return text === undefined ? undefined : secretFrom(text, tokenVariable);
}

async function firstLine(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).split('\n', 1)[0]?.trim() ?? '';
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TokenError(`http.operatorTokenFile: cannot read ${file} (${why})`, { cause });
  }
}

function secretFrom(text: string, setting: string): Secret {
  if (text.startsWith('$')) {
    const hash = parsePasswordHash(text);
    if (hash !== undefined) return { kind: 'hash', hash };
    throw new TokenError(`${setting}: not a hash that \`kadoru-gateway password\` makes`);
  }
  if (text.length >= minPasswordLength && text.length <= maxPasswordLength)
    return { kind: 'text', text };
  throw new TokenError(
    `${setting}: a token has ${minPasswordLength} to ${maxPasswordLength} characters; this one has ${text.length}`,
  );
}
