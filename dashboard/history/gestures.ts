/** What a hand asks for: the plot's width is 1. */
export interface GestureListener {
  /** Zooms about a point, which stays where it is. */
  zoom(factor: number, about: number): void;
  /** Moves by a part of the span. */
  move(part: number): void;
}

interface Finger {
  readonly id: number;
  readonly x: number;
}

const wheelStep = 1.25;

/** Wheel, one finger that moves and two that zoom, over a plot. Mouse drags are uPlot's. Answers how to stop. */
export function watchGestures(over: HTMLElement, listener: GestureListener): () => void {
  let fingers: readonly Finger[] = [];
  const part = (x: number): number => {
    const { left, width } = over.getBoundingClientRect();
    return width === 0 ? 0 : (x - left) / width;
  };
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    listener.zoom(event.deltaY > 0 ? wheelStep : 1 / wheelStep, part(event.clientX));
  };
  const down = ({ pointerType, pointerId: id, clientX }: PointerEvent): void => {
    if (pointerType === 'mouse' || fingers.length === 2) return;
    over.setPointerCapture(id);
    fingers = [...fingers, { id, x: part(clientX) }];
  };
  const move = ({ pointerId, clientX }: PointerEvent): void => {
    const before = fingers;
    if (!before.some(({ id }) => id === pointerId)) return;
    fingers = before.map((each) => (each.id === pointerId ? { ...each, x: part(clientX) } : each));
    tell(before, fingers, listener);
  };
  const up = ({ pointerId }: PointerEvent): void => {
    fingers = fingers.filter(({ id }) => id !== pointerId);
  };
  over.addEventListener('wheel', wheel, { passive: false });
  over.addEventListener('pointerdown', down);
  over.addEventListener('pointermove', move);
  for (const kind of ['pointerup', 'pointercancel'] as const) over.addEventListener(kind, up);
  return () => {
    over.removeEventListener('wheel', wheel);
    over.removeEventListener('pointerdown', down);
    over.removeEventListener('pointermove', move);
    for (const kind of ['pointerup', 'pointercancel'] as const) over.removeEventListener(kind, up);
  };
}

/** Fingers closer than this would zoom without end. */
const leastApart = 0.02;

function tell(
  before: readonly Finger[],
  after: readonly Finger[],
  listener: GestureListener,
): void {
  const [a, b] = before;
  const [c, d] = after;
  if (a === undefined || c === undefined) return;
  if (b === undefined || d === undefined) return listener.move(a.x - c.x);
  const apart = Math.max(leastApart, Math.abs(a.x - b.x));
  listener.zoom(apart / Math.max(leastApart, Math.abs(c.x - d.x)), (c.x + d.x) / 2);
  listener.move((a.x + b.x - c.x - d.x) / 2);
}
