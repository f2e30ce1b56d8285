import type { Program } from '../system/program.ts';

/** On SIGUSR2 a program collects its garbage and says what it still holds; for `NODE_OPTIONS`. */
const onSignal = `
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
let times = 0;
process.on('SIGUSR2', () => {
  collect();
  collect();
  times += 1;
  const { rss, heapUsed, external } = process.memoryUsage();
  console.log('collected ' + times + ' ' + JSON.stringify({ rss, heapUsed, external }));
});`;

export const collecting: NodeJS.ProcessEnv = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(onSignal)}`,
};

/** In bytes. */
export interface Held {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** What a program started with `collecting` holds once its garbage is gone. @param time 1 for the first call, then 2, … */
export async function collected(program: Program, time: number): Promise<Held> {
  program.child.kill('SIGUSR2');
  const line = await program.said(new RegExp(`^collected ${time} `));
  const held: Held = JSON.parse(line.slice(line.indexOf('{')));
  return held;
}
