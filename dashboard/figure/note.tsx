import type { ComponentChildren } from 'preact';
import { Sign, type SignName } from './sign.tsx';

interface NoteProps {
  readonly kind: string;
  readonly sign: SignName;
  readonly children: ComponentChildren;
}

/** One thing that a person must know before reading the figures below it. */
export function Note({ kind, sign, children }: NoteProps) {
  return (
    <li class="pack-note" data-note={kind}>
      <Sign name={sign} />
      <div>{children}</div>
    </li>
  );
}
