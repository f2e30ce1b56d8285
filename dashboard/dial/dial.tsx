import { useId, useMemo } from 'preact/hooks';
import { needleText, pressureText } from '../format.ts';
import type { PackView } from '../plant/pack-view.ts';
import { reasonOf } from '../plant/standing.ts';
import { useTexts } from '../texts/texts.ts';
import { whyText } from '../texts/why.ts';
import { DialFace } from './dial-face.tsx';
import { angleOf, centre, type Scale, scaleFor } from './geometry.ts';
import { NeedleHand } from './needle-hand.tsx';

/** Straight down, behind the digits, where no scale is: a needle resting at the pin would read as no pressure. */
const parkedAngle = -180;

/** A Bourdon gauge: the pressure at a glance, or plainly that there is none to show. */
export function Dial({ view }: { readonly view: PackView }) {
  const texts = useTexts();
  const hatch = useId();
  const metal = useId();
  const { pack, pressure } = view;
  const scale = scaleFor(pack.fillingPressureMpa);
  const known = pressure.value;
  return (
    <svg
      class="dial"
      viewBox="0 0 400 400"
      role="img"
      aria-label={useDialText(view)}
      data-testid={`dial-${pack.id}`}
      data-state={pressure.standing}
      data-pressure-mpa={known ?? undefined}
    >
      <Hatch id={hatch} />
      <Metal id={metal} />
      <circle class="dial-bezel" cx={centre} cy={centre} r="197" fill={`url(#${metal})`} />
      <circle class="dial-rim" cx={centre} cy={centre} r="186" />
      <circle class="dial-plate" cx={centre} cy={centre} r="181" />
      <circle class="dial-veil" cx={centre} cy={centre} r="181" fill={`url(#${hatch})`} />
      <FaceOf pack={pack} scale={scale} />
      <NeedleHand
        angle={known === null ? parkedAngle : angleOf(known, scale)}
        state={known === null ? 'parked' : pressure.standing}
      />
      <rect class="dial-window" x="136" y="288" width="128" height="48" rx="4" />
      <text class={known === null ? 'dial-digits dial-word' : 'dial-digits'} x={centre} y="313">
        {known === null ? texts.pack.unknown : digitsOf(pack)(known)}
      </text>
      <circle class="dial-hub" cx={centre} cy={centre} r="17" />
      <circle class="dial-screw" cx={centre} cy={centre} r="5" />
    </svg>
  );
}

/** Some seventy elements that change with the configuration or the language only. */
function FaceOf({ pack, scale }: { readonly pack: PackView['pack']; readonly scale: Scale }) {
  const { hydrogen, gauge } = useTexts().pack;
  const { residualPressureMpa, stopPressureMpa, fillingPressureMpa } = pack;
  const marks = { residualPressureMpa, stopPressureMpa, fillingPressureMpa };
  return useMemo(
    () => <DialFace {...marks} scale={scale} hydrogenText={hydrogen} gaugeText={gauge} />,
    [scale, residualPressureMpa, stopPressureMpa, fillingPressureMpa, hydrogen, gauge],
  );
}

/** The texture of a face that must not be read as a fresh, good value. */
function Hatch({ id }: { readonly id: string }) {
  return (
    <defs>
      <pattern
        id={id}
        width="12"
        height="12"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <line class="dial-hatch" x1="0" y1="0" x2="0" y2="12" />
      </pattern>
    </defs>
  );
}

/** The ring around the glass, lit from above. */
function Metal({ id }: { readonly id: string }) {
  return (
    <defs>
      <linearGradient id={id} x1="0.2" y1="0" x2="0.8" y2="1">
        <stop class="metal-lit" offset="0" />
        <stop class="metal-middle" offset="0.5" />
        <stop class="metal-shaded" offset="1" />
      </linearGradient>
    </defs>
  );
}

/** A needle is read to a few hundredths at best. */
function digitsOf({ source }: PackView['pack']): (pressureMpa: number) => string {
  return source === 'manual' ? needleText : pressureText;
}

function useDialText({ pack, pressure }: PackView): string {
  const texts = useTexts();
  const { standing, value } = pressure;
  if (value === null) {
    return texts.pack.dialUnknown(whyText(texts, pack, reasonOf(pressure) ?? 'missing'));
  }
  return standing === 'old'
    ? texts.pack.dialOld(digitsOf(pack)(value))
    : texts.pack.dialText(digitsOf(pack)(value), texts.standing[standing]);
}
