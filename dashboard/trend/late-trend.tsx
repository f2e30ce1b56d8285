import { useScript } from '../page/use-script.ts';
import { useTexts } from '../texts/texts.ts';
import type { TrendProps } from './trend.tsx';

interface LateTrendProps extends TrendProps {
  readonly packId: string;
}

/** The trend, in its room. It comes in a script of its own: figures are wanted before it, and do not wait for it. */
export function LateTrend({ packId, ...props }: LateTrendProps) {
  const texts = useTexts();
  const script = useScript(() => import('./trend.tsx'));
  return (
    <div class="trend" data-testid={`trend-${packId}`}>
      {script === 'loading' || script === 'failed' ? (
        <>
          <div class="trend-chart" />
          <p class="trend-note">{script === 'failed' ? texts.work.failed : texts.trend.loading}</p>
        </>
      ) : (
        <script.TrendPanel {...props} />
      )}
    </div>
  );
}
