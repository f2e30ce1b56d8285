import { useScript } from '../page/use-script.ts';
import type { GuideProps } from './guide.tsx';

/** In a script of its own: once everything is configured nobody needs it. */
export function LateGuide(props: GuideProps) {
  const script = useScript(() => import('./guide.tsx'));
  return script === 'loading' || script === 'failed' ? null : <script.Guide {...props} />;
}
