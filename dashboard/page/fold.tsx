import type { ComponentChildren } from 'preact';
import { useWide } from './use-wide.ts';

interface FoldProps {
  /** What is in it, in a few words. */
  readonly summary: ComponentChildren;
  readonly testId: string;
  readonly children: ComponentChildren;
}

/** What is looked at second: in sight where there is room, behind a line to touch on a phone. */
export function Fold({ summary, testId, children }: FoldProps) {
  if (useWide()) return <>{children}</>;
  return (
    <details class="fold" data-testid={testId}>
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
