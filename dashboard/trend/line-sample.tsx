/** A piece of a line as the chart draws it, for its key. */
export function LineSample({ kind }: { readonly kind: 'pressure' | 'total' }) {
  return (
    <svg class={`line-sample line-${kind}`} viewBox="0 0 26 8" aria-hidden="true">
      <line x1="0" y1="4" x2="26" y2="4" />
    </svg>
  );
}
