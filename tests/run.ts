import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { installPeers } from './install-peers.ts';
import { missingPackages } from './peers.ts';

/** `npm test`: the house's checks and every test; closes with `N passed, N failed`. */
interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

const checks = [
  { name: 'types', command: ['tsc'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'unused code', command: ['knip'] },
];
const report = '.artifacts/vitest.json';

async function main(): Promise<void> {
  installPeers(missingPackages());
  // Beside the first tests, which leave cores idle; one after the other, so that they do not take them all.
  const checked = checkHouse();
  mkdirSync('.artifacts', { recursive: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const status = await run([
    'vitest',
    'run',
    '--config',
    'tests/vitest.config.ts',
    ...reporters,
    ...process.argv.slice(2),
  ]);
  const tallies = [...(await checked), tests(status)];
  const sum = (count: (tally: Tally) => number) =>
    tallies.reduce((total, tally) => total + count(tally), 0);
  const skipped = tallies.flatMap((tally) => tally.skipped);
  for (const name of skipped) console.log(`skipped: ${name}`);
  const failed = sum((tally) => tally.failed);
  const tail = skipped.length === 0 ? '' : `, ${skipped.length} skipped`;
  console.log(`\n${sum((tally) => tally.passed)} passed, ${failed} failed${tail}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function checkHouse(): Promise<Tally[]> {
  const tallies: Tally[] = [];
  for (const { name, command } of checks) {
    const { status, said } = await quietly(command);
    const ok = status === 0;
    console.log(`${said}${ok ? 'ok    ' : 'FAILED'} ${name}`);
    tallies.push({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] });
  }
  return tallies;
}

function tests(status: number): Tally {
  const results: {
    numPassedTests: number;
    numFailedTests: number;
    testResults: { assertionResults: { status: string; fullName: string }[] }[];
  } = JSON.parse(readFileSync(report, 'utf8'));
  const skipped = results.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .flatMap(({ status: state, fullName }) =>
      state === 'passed' || state === 'failed' ? [] : fullName,
    );
  // A file that does not even load has no failed test in it, but the run has failed.
  const failed = Math.max(results.numFailedTests, status === 0 ? 0 : 1);
  return { passed: results.numPassedTests, failed, skipped };
}

/** The exit status of a program of node_modules; its output is ours. */
async function run([program = '', ...args]: readonly string[]): Promise<number> {
  return ended(spawn(`node_modules/.bin/${program}`, args, { stdio: 'inherit' }));
}

/** The same with what it said, whole: tests are talking meanwhile. */
async function quietly([program = '', ...args]: readonly string[]) {
  const child = spawn(`node_modules/.bin/${program}`, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { status: await ended(child), said };
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

await main();
