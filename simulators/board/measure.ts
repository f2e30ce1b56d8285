/** What the simulated board costs: `npx tsx simulators/board/measure.ts`. The figures go into README.md. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBoard } from './board.ts';
import { loadStandardFirmata } from './firmware.ts';
import { idleWiring } from './idle-wiring.ts';
import { runInRealTime } from './realtime.ts';
import { serveTcp } from './serve-tcp.ts';

const firmware = loadStandardFirmata();
const clock = { monotonicMs: () => performance.now() };
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Best and median of `runs`: on a machine that others use, the best is what the board costs. */
function measureFreeRunning(runs: number): void {
  const board = createBoard({ firmware, wiring: idleWiring });
  board.runMs(4000);
  const ratios = Array.from({ length: runs }, () => {
    const before = cpuMs();
    board.runMs(1000);
    return 1000 / (cpuMs() - before);
  }).toSorted((a, b) => b - a);
  const middle = ratios[Math.floor(runs / 2)];
  say(`free running: best ${ratios[0]?.toFixed(2)}, median ${middle?.toFixed(2)} x real time`);
}

async function measureSlice(sliceMs: number): Promise<void> {
  const board = createBoard({ firmware, wiring: idleWiring });
  const server = await serveTcp(board, { port: 0 });
  const [host = '', port = ''] = server.address.split(':');
  const pacer = runInRealTime({ board, clock, sliceMs });
  const socket = connect({ host, port: Number(port), noDelay: true });
  await once(socket, 'data');
  await sleep(500);

  const before = { ranMs: pacer.ranMs, slippedMs: pacer.slippedMs, cpuMs: cpuMs() };
  await sleep(5000);
  const share = (cpuMs() - before.cpuMs) / (pacer.ranMs - before.ranMs);
  const slippedMs = pacer.slippedMs - before.slippedMs;
  const answers = await measureAnswers(socket);
  say(
    `slice ${sliceMs} ms: ${(share * 100).toFixed(0)} % of one core, slip ${slippedMs.toFixed(0)} ms ` +
      `in 5 s; answer to a query after ${answers[50]?.toFixed(1)} ms (median of 100)`,
  );
  pacer.stop();
  socket.destroy();
  await server.close();
}

/** How long a one-byte query takes to be answered, sorted; not in step with the slices. */
async function measureAnswers(socket: NodeJS.ReadWriteStream): Promise<readonly number[]> {
  const answers: number[] = [];
  for (let query = 0; query < 100; query += 1) {
    await sleep(10 + (query % 7));
    const askedMs = clock.monotonicMs();
    socket.write(Uint8Array.of(0xf9));
    await once(socket, 'data');
    answers.push(clock.monotonicMs() - askedMs);
  }
  return answers.toSorted((a, b) => a - b);
}

measureFreeRunning(20);
for (const sliceMs of [1, 2, 4, 8]) await measureSlice(sliceMs);
say(`resident: ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
