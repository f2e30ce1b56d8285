/** Where the chunks of a stream come from. */
export interface ChunkSource {
  /** The next chunk, or undefined at the end. A rejection breaks the stream off. */
  next(): Promise<Uint8Array | undefined>;
  /** Called exactly once, however the stream ends. */
  ended(how: StreamEnd): void;
}

/** `stuck`: the reader took nothing for too long. `failed`: the source rejected. */
export type StreamEnd =
  | { readonly kind: 'complete' | 'gone' | 'stuck' }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface StreamOptions {
  readonly stuckMs: number;
  /** Ends the connection without the end that a complete answer has. Undefined where there is no connection. */
  readonly breakOff: (() => void) | undefined;
}

/**
 * A body that asks its source for a chunk only when the socket wants one, so that the reader's pace reaches the
 * store. It holds one chunk; a reader that takes nothing for `stuckMs` is cut off.
 */
export function pacedStream(
  source: ChunkSource,
  options: StreamOptions,
): ReadableStream<Uint8Array> {
  let state: 'running' | 'ended' = 'running';
  let stuckTimer: NodeJS.Timeout | undefined;

  const end = (how: StreamEnd): boolean => {
    clearTimeout(stuckTimer);
    if (state === 'ended') return false;
    state = 'ended';
    source.ended(how);
    return true;
  };
  const breakOff = (controller: ReadableStreamDefaultController, how: StreamEnd): void => {
    if (!end(how)) return;
    // Erroring the stream would do, but node-server prints every such error to the console.
    if (options.breakOff === undefined) controller.error(new Error(`broken off: ${how.kind}`));
    else options.breakOff();
  };

  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        clearTimeout(stuckTimer);
        try {
          const chunk = await source.next();
          if (state === 'ended') return;
          if (chunk === undefined) {
            end({ kind: 'complete' });
            controller.close();
            return;
          }
          controller.enqueue(chunk);
          stuckTimer = setTimeout(() => breakOff(controller, { kind: 'stuck' }), options.stuckMs);
        } catch (error) {
          breakOff(controller, { kind: 'failed', error });
        }
      },
      cancel: () => void end({ kind: 'gone' }),
    },
    { highWaterMark: 0 },
  );
}
