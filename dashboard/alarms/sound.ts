/** What calls: a process alarm, or that nothing is heard any more. They sound different, and equally loud. */
export type Call = 'alarm' | 'stopped';

export interface Sound {
  /** To be called from a touch: browsers give no sound before one. Rejects where there is no sound at all. */
  start(): Promise<void>;
  play(call: Call): void;
  stop(): void;
}

/** Frequencies in Hz, one after another: what hearing with age keeps best lies between 500 and 1000 Hz (IEC 60601-1-8). */
const tunes: Readonly<Record<Call, readonly number[]>> = {
  alarm: [880, 660, 880, 660],
  stopped: [520, 520, 520],
};
const toneS = 0.22;
const volume = 0.35;

/** Tones made by the browser itself: nothing is fetched, so they also work when the gateway is gone. */
export function browserSound(): Sound {
  let context: AudioContext | undefined;
  return {
    async start() {
      context ??= new AudioContext();
      await context.resume();
    },
    play(call) {
      const playing = context;
      if (playing?.state !== 'running') return;
      for (const [index, hertz] of tunes[call].entries())
        tone(playing, hertz, playing.currentTime + index * toneS * 1.25);
    },
    stop: () => void context?.suspend(),
  };
}

function tone(context: AudioContext, hertz: number, startS: number): void {
  const source = context.createOscillator();
  const gain = context.createGain();
  source.frequency.value = hertz;
  // Without a slope the loudspeaker clicks.
  gain.gain.setValueAtTime(0, startS);
  gain.gain.linearRampToValueAtTime(volume, startS + 0.02);
  gain.gain.setValueAtTime(volume, startS + toneS - 0.02);
  gain.gain.linearRampToValueAtTime(0, startS + toneS);
  source.connect(gain).connect(context.destination);
  source.start(startS);
  source.stop(startS + toneS);
}
