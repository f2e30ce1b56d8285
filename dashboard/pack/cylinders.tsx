import type { Pack } from '#gateway/contract';
import { useTexts } from '../texts/texts.ts';

/** In a row of the drawing, and their distance in its units. */
const perRow = 15;
const pitch = 20;
const radius = 8;

/**
 * The pack from above, the open cylinders filled and the closed ones empty and crossed. Only their numbers are known: the
 * closed ones are drawn last.
 */
export function Cylinders({ pack }: { readonly pack: Pack }) {
  const texts = useTexts().pack;
  const { cylinders, openCylinders } = pack;
  const said = texts.cylinders(openCylinders, cylinders - openCylinders);
  const [columns, rows] = [Math.min(perRow, cylinders), Math.ceil(cylinders / perRow)];
  return (
    <figure
      class="cylinders"
      data-testid={`cylinders-${pack.id}`}
      data-open={openCylinders}
      data-closed={cylinders - openCylinders}
    >
      <svg viewBox={`0 0 ${columns * pitch} ${rows * pitch}`} aria-hidden="true">
        {Array.from({ length: cylinders }, (_, index) => (
          <Cylinder key={index} index={index} open={index < openCylinders} />
        ))}
      </svg>
      <figcaption>{said}</figcaption>
    </figure>
  );
}

interface CylinderProps {
  readonly index: number;
  readonly open: boolean;
}

function Cylinder({ index, open }: CylinderProps) {
  const x = ((index % perRow) + 0.5) * pitch;
  const y = (Math.floor(index / perRow) + 0.5) * pitch;
  const arm = radius * Math.SQRT1_2;
  return (
    <g class={open ? 'cylinder-open' : 'cylinder-closed'}>
      <circle cx={x} cy={y} r={radius} />
      {open ? (
        <circle class="cylinder-valve" cx={x} cy={y} r={radius / 4} />
      ) : (
        <path
          d={`M${x - arm} ${y - arm}l${2 * arm} ${2 * arm}m0 ${-2 * arm}l${-2 * arm} ${2 * arm}`}
        />
      )}
    </g>
  );
}
