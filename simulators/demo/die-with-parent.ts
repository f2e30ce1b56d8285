/**
 * Runs inside a child before its program: when the channel to the parent closes, whatever ended the parent, the child
 * asks itself to stop as SIGTERM would, and ends itself where that takes too long. It must not refer to anything
 * outside itself: it travels as text.
 */
function dieWithParent(): void {
  process.on('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 10_000).unref();
  });
  process.channel?.unref();
}

/**
 * Value for node's `--import`: makes any program end with the process that spawned it over an `ipc` channel, without a
 * word about simulators in that program.
 */
export const dieWithParentImport = `data:text/javascript,${encodeURIComponent(`(${dieWithParent.toString()})()`)}`;
