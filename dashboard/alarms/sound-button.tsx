import { useEffect, useState } from 'preact/hooks';
import { useTexts } from '../texts/texts.ts';
import type { Call, Sound } from './sound.ts';

interface SoundButtonProps {
  readonly sound: Sound;
  /** What calls now. */
  readonly call: Call | undefined;
}

/** Between two calls: long enough to talk in between. */
const repeatMs = 4_000;

/**
 * Sound on, off and on trial. After every load it is off, because browsers give no sound before a touch; that it is off
 * is said where a person looks, not left to be found out by an alarm nobody heard.
 */
export function SoundButton({ sound, call }: SoundButtonProps) {
  const texts = useTexts().sound;
  const [state, setState] = useState<'off' | 'on' | 'none'>('off');
  const [played, setPlayed] = useState(0);
  const play = (what: Call): void => {
    sound.play(what);
    setPlayed((count) => count + 1);
  };
  const on = state === 'on';
  useEffect(() => {
    if (!on || call === undefined) return undefined;
    play(call);
    const timer = setInterval(() => play(call), repeatMs);
    return () => clearInterval(timer);
  }, [on, call]);
  const start = (): void =>
    void sound.start().then(
      () => {
        setState('on');
        play('alarm');
      },
      () => setState('none'),
    );
  const stop = (): void => {
    sound.stop();
    setState('off');
  };
  return (
    <div class="sound" data-testid="sound" data-state={state} data-played={played}>
      <button type="button" data-testid="sound-switch" onClick={on ? stop : start}>
        {texts[state]}
      </button>
      {on ? (
        <button type="button" data-testid="sound-test" onClick={() => play('alarm')}>
          {texts.test}
        </button>
      ) : null}
    </div>
  );
}
