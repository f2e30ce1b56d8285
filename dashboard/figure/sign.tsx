const outlines = {
  /** A triangle: look here. */
  warning: 'M8 1.6L15 14H1zM8 6.2v3.9M8 11.6v.9',
  /** A valve shut across its line. */
  valve: 'M1.5 4.5v7L8 8zM14.5 4.5v7L8 8zM8 8V2.5M5.5 2.5h5',
  /** One thing in the place of another. */
  changed: 'M2 5.5h10M9 2.5l3 3l-3 3M14 11H4M7 8l-3 3l3 3',
  /** An eye: a person read it. */
  eye: 'M1 8c2.5-4 4.7-5 7-5s4.5 1 7 5c-2.5 4-4.7 5-7 5s-4.5-1-7-5zM8 5.8a2.2 2.2 0 1 1 0 4.4a2.2 2.2 0 0 1 0-4.4z',
  /** An octagon with a stroke, as active and heard by nobody. */
  active: 'M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3zM8 4.2v4.6M8 10.8v1',
  /** The same octagon, ticked. */
  acknowledged: 'M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3zM4.8 8.2l2.3 2.3l4.2-4.6',
  /** A circle left by an arrow. */
  returned: 'M13.5 8A5.5 5.5 0 1 1 8 2.5h4M9.6 0.4L12 2.5L9.6 4.8',
  over: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM4.5 8h7',
  shelved: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM8 4.4V8l2.6 1.6',
} as const;

export type SignName = keyof typeof outlines;

/** A small sign beside words that say the same: shape before colour. */
export function Sign({ name }: { readonly name: SignName }) {
  return (
    <svg class="sign" viewBox="0 0 16 16" aria-hidden="true">
      <path d={outlines[name]} />
    </svg>
  );
}
