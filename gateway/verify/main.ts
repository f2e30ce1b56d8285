#!/usr/bin/env node
import { parseArgs } from 'node:util';
import manifest from '../../package.json' with { type: 'json' };
import type { Finding } from './findings.ts';
import { CannotCheck, messageOf } from './folder.ts';
import { keyIdOf, readKey } from './manifest.ts';
import { verifyClaim } from './verify.ts';

const { version } = manifest;
const usage = `kadoru-verify: checks a claim with nothing but its folder and the public key

  kadoru-verify --key FILE CLAIM     FILE: the public key (Ed25519, PEM or DER); CLAIM: the folder

  exit status 0: verified (確認); 1: findings (不一致あり); 2: it could not be checked (確認できません)

  --help, --version
`;

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help === true) return say(usage);
  if (values.version === true) return say(`${version}\n`);
  const [dir, ...rest] = positionals;
  if (values.key === undefined || dir === undefined || rest.length > 0) {
    process.stderr.write(`kadoru-verify: --key FILE and one CLAIM are needed\n\n${usage}`);
    return 2;
  }
  const key = await readKey(values.key);
  say(`kadoru-verify ${version}  ${dir}\n鍵 key ${keyIdOf(key)}\n`);
  const { findings, claim, tonnes } = await verifyClaim(dir, key, (line) => say(`${line}\n`));
  for (const finding of findings.kept) say(`${lineOf(finding)}\n`);
  const more = findings.count - findings.kept.length;
  if (more > 0) say(`… 他 ${more} 件 and ${more} more\n`);
  if (claim?.fixture === true)
    say('試験用 fixture: 実際の申請ではありません made of test data, no claim\n');
  if (findings.count > 0) {
    say(`不一致 ${findings.count} 件 findings: 確認できません not verified\n`);
    return 1;
  }
  say(`確認 verified: ${claim?.id ?? ''} ${tonnes ?? 0} t-CO2\n`);
  return 0;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        key: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    // What Node adds after the first sentence is about files whose names begin with a dash.
    throw new CannotCheck(`${messageOf(error).split('. ')[0]}; see kadoru-verify --help`);
  }
}

function lineOf({ file, row, what, expected, found }: Finding): string {
  const place = row === undefined ? file : `${file} 行 row ${row}`;
  return `!!  ${place}: ${what}: 正 expected ${expected} / 実 found ${found}`;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const known = error instanceof CannotCheck || error instanceof TypeError;
    process.stderr.write(
      `kadoru-verify: 確認できません cannot check: ${known ? messageOf(error) : String(error)}\n`,
    );
    process.exitCode = 2;
  },
);
