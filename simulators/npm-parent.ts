import { readFileSync } from 'node:fs';

const lookEveryMs = 1000;

/**
 * Calls back once the `npm` that started this process is gone. A killed `npm` takes nothing with it, and the shell that
 * npm puts in between stays: all there is to see is that our parent, or the parent's parent, changed. Does nothing
 * where no `npm` started us. Where there is no /proc only the parent is watched.
 */
export function onNpmGone(environment: NodeJS.ProcessEnv, gone: () => void): void {
  if (environment['npm_lifecycle_event'] === undefined) return;
  const line = ancestry();
  const timer = setInterval(() => {
    if (ancestry() === line) return;
    clearInterval(timer);
    gone();
  }, lookEveryMs);
  timer.unref();
}

function ancestry(): string {
  return `${process.ppid} ${parentOf(process.ppid) ?? 'unknown'}`;
}

function parentOf(pid: number): string | undefined {
  try {
    return /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    // No /proc on this system, or the process has just ended: then our own parent changes too.
    return undefined;
  }
}
