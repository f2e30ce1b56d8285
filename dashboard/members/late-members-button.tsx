import { useScript } from '../page/use-script.ts';

/** By then the trends of a first visit are mostly drawn: they come before what few gateways have. */
const laterMs = 2_000;

/** In a script of its own: most gateways have no projects, and the first picture waits for nothing of them. */
export function LateMembersButton({ heard }: { readonly heard: boolean }) {
  const script = useScript(async () => {
    await new Promise((done) => setTimeout(done, laterMs));
    return import('./members-button.tsx');
  });
  return script === 'loading' || script === 'failed' ? null : (
    <script.MembersButton heard={heard} />
  );
}
