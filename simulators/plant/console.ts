import { parseCommand, type Command } from './commands.ts';

/** The plant's answers: one JSON object per line on standard output. */
export type Say = (event: string, detail: Readonly<Record<string, unknown>>) => void;

export interface ConsoleOptions {
  readonly say: Say;
  /** Carries a command out; resolves with what the answer tells. A rejection is told and the console goes on. */
  readonly carryOut: (command: Command) => Promise<Readonly<Record<string, unknown>>>;
  /** Called once, by the command `stop`. */
  readonly stop: () => void;
}

/**
 * Answers command lines. Lines are begun in their order; one that takes its time (`pulses`) does not hold up the rest,
 * so every answer repeats its command.
 */
export function answerLine(line: string, { say, carryOut, stop }: ConsoleOptions): void {
  const command = parseCommand(line);
  if (typeof command === 'string') {
    say('refused', { command: line, why: command });
    return;
  }
  if (command.kind === 'stop') {
    stop();
    return;
  }
  carryOut(command).then(
    (detail) => say('done', { command: line, ...detail }),
    (error: unknown) => say('failed', { command: line, why: String(error) }),
  );
}
