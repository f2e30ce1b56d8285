import { fixed } from '../format.ts';
import { useTexts } from '../texts/texts.ts';
import type { Pack } from '#gateway/contract';

/** What the three marks on the dial mean, with their pressures in MPa gauge. */
export function DialKey({ pack }: { readonly pack: Pack }) {
  const texts = useTexts().pack;
  return (
    <ul class="dial-key">
      <li>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path class="dial-residual" d="M2 8h12" />
        </svg>
        {texts.residualZone} <b>0–{fixed(pack.residualPressureMpa, 1)}</b>
      </li>
      <li>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path class="dial-stop" d="M8 14L2.5 3h11z" />
        </svg>
        {texts.stopMark} <b>{fixed(pack.stopPressureMpa, 2)}</b>
      </li>
      <li>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path class="dial-filling" d="M8 1v14" />
        </svg>
        {texts.fillingMark} <b>{fixed(pack.fillingPressureMpa, 1)}</b>
      </li>
    </ul>
  );
}
