import type { ComponentChildren } from 'preact';
import { useTexts } from '../texts/texts.ts';
import { useWide } from '../page/use-wide.ts';

interface EntriesProps {
  readonly name: string;
  readonly asset: string;
  /** What is looked at, before what is written down. */
  readonly look: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The history of something, and everything a person can write down about it; on a phone the latter is folded up. */
export function Entries({ name, asset, look, children }: EntriesProps) {
  const { title } = useTexts().work;
  const wide = useWide();
  return (
    <div class="work-bar" role="group" aria-label={`${title} ${name}`}>
      {look}
      {wide ? (
        <>
          <span aria-hidden="true">{title}</span>
          {children}
        </>
      ) : (
        <details class="work-fold" data-testid={`entries-${asset}`}>
          <summary>{title}</summary>
          <div>{children}</div>
        </details>
      )}
    </div>
  );
}
