import { useEffect, useRef } from 'preact/hooks';
import { centre } from './geometry.ts';
import { isSettled, moveNeedle, type Needle } from './needle.ts';

/** The pointer. It travels to `angle` as a gauge's would, or at once where the person asked for less motion. */
export function NeedleHand({ angle, state }: { readonly angle: number; readonly state: string }) {
  const group = useRef<SVGGElement>(null);
  const needle = useRef<Needle>({ angle, speed: 0 });

  useEffect(() => {
    const turn = (next: Needle): void => {
      needle.current = next;
      group.current?.setAttribute('transform', `rotate(${next.angle} ${centre} ${centre})`);
    };
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return turn({ angle, speed: 0 });
    return animate(needle.current, angle, turn);
  }, [angle]);

  return (
    <g class="needle" data-state={state} ref={group}>
      <path class="needle-shadow" d={pointer} transform="translate(3 4)" />
      <path class="needle-hand" d={pointer} />
    </g>
  );
}

const pointer = 'M200 46l4.2 112l4.6 74a9 9 0 0 1 -17.6 0l4.6 -74z';

/** Answers how to stop it. */
function animate(from: Needle, target: number, turn: (needle: Needle) => void): () => void {
  let needle = from;
  let beforeMs: number | undefined;
  let request = requestAnimationFrame(function frame(nowMs) {
    needle = moveNeedle(needle, target, (nowMs - (beforeMs ?? nowMs)) / 1000);
    beforeMs = nowMs;
    if (isSettled(needle, target)) return turn({ angle: target, speed: 0 });
    turn(needle);
    request = requestAnimationFrame(frame);
  });
  return () => cancelAnimationFrame(request);
}
