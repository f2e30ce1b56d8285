import type { Standing } from '../plant/standing.ts';
import { useTexts } from '../texts/texts.ts';

/** One outline per standing: they differ by shape, so that colour is never the only sign. */
const outlines: Readonly<Record<Standing, string>> = {
  good: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM4.8 8.2l2.3 2.3l4.2-4.6',
  uncertain: 'M8 1.6L15 14H1zM8 6.2v3.9M8 11.6v.9',
  bad: 'M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3zM5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4',
  stale: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM6 5.2v5.6M10 5.2v5.6',
  old: 'M2.2 3v3.6h3.6M2.5 6.4A6 6 0 1 1 2 9M8 4.8v3.6l2.4 1.4',
};

/** What a figure is worth, as a sign and a word. */
export function QualityMark({ standing }: { readonly standing: Standing }) {
  const texts = useTexts();
  return (
    <span class="quality" data-state={standing}>
      <svg class="quality-icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={outlines[standing]} />
      </svg>
      {texts.standing[standing]}
    </span>
  );
}
