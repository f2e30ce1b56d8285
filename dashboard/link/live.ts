import type { LivePlant } from '#gateway/contract';
import { type Clock, type Instant, instantOf } from '../clock.ts';
import { decodePlant } from './decode.ts';
import { type LinkEvent, type LinkState, openingLink, superviseLink } from './supervise.ts';

/** An open event stream. It reports until closed, and not after. */
export interface Stream {
  close(): void;
}

export interface StreamListener {
  message(data: unknown): void;
  failed(refused: boolean): void;
}

export interface LivePorts {
  readonly clock: Clock;
  random(): number;
  openStream(listener: StreamListener): Stream;
  /** Asks an ordinary resource why the stream was refused; never rejects. */
  isSignedOut(): Promise<boolean>;
}

export interface LiveListener {
  link(state: LinkState): void;
  plant(plant: LivePlant, heard: Instant): void;
}

export interface Live {
  /** To be called about once a second: notices silence and reopens. */
  tick(): void;
  signedIn(): void;
}

/** Keeps one event stream open for as long as the page lives, and says in which state it is. */
export function startLive(ports: LivePorts, listener: LiveListener): Live {
  let state = openingLink(instantOf(ports.clock));
  let stream: Stream | undefined;
  /** The gateway's time of the newest picture of this stream: an older one is not new, however it came to be sent. */
  let newestMs = -Infinity;

  function dispatch(event: LinkEvent): void {
    const step = superviseLink(state, event, instantOf(ports.clock), ports.random());
    if (step.effect !== 'nothing') stream?.close();
    const changed = step.state !== state;
    state = step.state;
    if (step.effect === 'open') stream = openStream();
    if (step.effect === 'probe') void probe();
    if (changed) listener.link(state);
  }

  /** What a new stream says counts from its beginning: the gateway's clock may have been set back. */
  function openStream(): Stream {
    newestMs = -Infinity;
    return ports.openStream(streamListener);
  }

  async function probe(): Promise<void> {
    dispatch({ kind: 'probed', signedOut: await ports.isSignedOut() });
  }

  const streamListener: StreamListener = {
    message(data) {
      const plant = decodePlant(data);
      if (plant === undefined || plant.at < newestMs) return dispatch({ kind: 'unreadable' });
      newestMs = plant.at;
      dispatch({ kind: 'heard' });
      listener.plant(plant, instantOf(ports.clock));
    },
    failed: (refused) => dispatch({ kind: 'failed', refused }),
  };

  stream = openStream();
  listener.link(state);
  return {
    tick: () => dispatch({ kind: 'tick' }),
    signedIn: () => dispatch({ kind: 'signed-in' }),
  };
}
