import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../programme/cli.ts';
import { sealCheckCommand, sealHeadsCommand } from '../seals/command.ts';
import { claimsCommand } from './command.ts';
import { newKeys } from './keys.ts';

export const claimTopics = ['seals', 'claims', 'keys'];

export const claimUsage = `
  kadoru-gateway seals heads --config FILE  how far every register is sealed: keep what it prints
  kadoru-gateway seals check --config FILE [--meter SITE/ASSET/QUANTITY] [--heads FILE]
                                            compare the store with its seals, and with heads handed out before
  kadoru-gateway keys new --out FILE        an Ed25519 pair: FILE (private, 0600) and FILE.pub.pem
  kadoru-gateway claims draft --config FILE --project P --fiscal-year YEAR [--fixture] [--acknowledge …]
                                            calculate, and list what is in the way of freezing
  kadoru-gateway claims freeze --config FILE --project P --fiscal-year YEAR --out DIR --key FILE
      [--frozen-at TIME] [--by NAME] [--fixture] [--acknowledge RULE:DOCUMENT:PAGE[:REASON,REASON]]…
  kadoru-gateway claims correct --config FILE --claim ID --out DIR --key FILE [as freeze]
                                            a new claim in the place of one, with its effect in tonnes
  kadoru-gateway claims advance --config FILE --claim ID --to STATE --on DATE [--by NAME]
      applied, verified [--verifier NAME] [--document TEXT], issued --tonnes N --serials FIRST..LAST, allocated,
      held --account TEXT
  kadoru-gateway claims list --config FILE
`;

const options = {
  config: { type: 'string' },
  meter: { type: 'string' },
  heads: { type: 'string' },
  project: { type: 'string' },
  'fiscal-year': { type: 'string' },
  out: { type: 'string' },
  key: { type: 'string' },
  'frozen-at': { type: 'string' },
  by: { type: 'string' },
  fixture: { type: 'boolean' },
  acknowledge: { type: 'string', multiple: true },
  claim: { type: 'string' },
  to: { type: 'string' },
  on: { type: 'string' },
  document: { type: 'string' },
  verifier: { type: 'string' },
  tonnes: { type: 'string' },
  serials: { type: 'string' },
  account: { type: 'string' },
} as const;

/** `seals`, `claims` and `keys`. Answers the exit code; rejects with UsageError, ClaimQuestionError, StoreError. */
export async function claimCommand(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<number> {
  const { values, positionals } = parsed(args);
  const [topic, action = '', ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`unknown: ${rest.join(' ')}`);
  if (topic === 'keys' && action === 'new' && values.out !== undefined) {
    const file = resolve(values.out);
    const { publicFile, keyId } = await newKeys(file);
    say(`${file} (private), ${publicFile}; key ${keyId}`);
    return 0;
  }
  if (values.config === undefined || topic === 'keys')
    throw new UsageError(
      topic === 'keys' ? 'keys new needs --out FILE' : '--config FILE is needed',
    );
  const config = loadConfig(values.config, environment);
  if (topic === 'claims') return claimsCommand(config, action, values, say);
  if (action === 'heads') return sealHeadsCommand(config, say);
  if (action === 'check') return sealCheckCommand(config, values, say);
  throw new UsageError(`seals ${action}: there is heads and check`);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
