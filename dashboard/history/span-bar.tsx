import type { TimeSpan } from '../trend/shape.ts';
import { isNewest, moved, nameOf, spanNames, zoomed } from './span.ts';
import type { SpanState } from './use-span.ts';
import { useWords } from './words/words.ts';

interface SpanBarProps extends SpanState {
  readonly nowMs: number;
}

/** Spans with a name, and small steps from where one is: for keyboard, mouse and gloves alike. */
export function SpanBar({ span, set, choose, nowMs }: SpanBarProps) {
  const words = useWords();
  const newestShown = isNewest(span, nowMs);
  const named = newestShown ? nameOf(span) : undefined;
  const step = (name: string, text: string, change: (known: TimeSpan) => TimeSpan) => (
    <button
      type="button"
      aria-label={name}
      title={name}
      disabled={text === '▶' && newestShown}
      onClick={() => set(change)}
    >
      {text}
    </button>
  );
  return (
    <div class="span-bar">
      <div role="group" aria-label={words.spanLabel}>
        {spanNames.map((name) => (
          <button
            key={name}
            type="button"
            data-testid={`span-${name}`}
            aria-pressed={name === named}
            onClick={() => choose(name)}
          >
            {words.spans[name]}
          </button>
        ))}
      </div>
      <div>
        {step(words.back, '◀', (known) => moved(known, -0.5, nowMs))}
        {step(words.forth, '▶', (known) => moved(known, 0.5, nowMs))}
        {step(words.closer, '＋', (known) => zoomed(known, 0.5, 0.5, nowMs))}
        {step(words.wider, '−', (known) => zoomed(known, 2, 0.5, nowMs))}
      </div>
    </div>
  );
}
