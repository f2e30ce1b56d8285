import { arcPath, pointAt, type Scale, type Tick, ticksOf, angleOf, centre } from './geometry.ts';

/** Radii in units of the drawing. */
const scaleRadius = 160;
const tickEnds: Readonly<Record<Tick['kind'], number>> = { major: 136, medium: 146, minor: 152 };
const numeralRadius = 114;
const zoneRadius = 167;

export interface DialMarks {
  readonly residualPressureMpa: number;
  readonly stopPressureMpa: number;
  readonly fillingPressureMpa: number;
}

interface DialFaceProps extends DialMarks {
  readonly scale: Scale;
  readonly hydrogenText: string;
  readonly gaugeText: string;
}

/** Everything on the dial that does not move. */
export function DialFace(props: DialFaceProps) {
  const { scale, residualPressureMpa, stopPressureMpa, fillingPressureMpa } = props;
  return (
    <g class="dial-scale">
      <path class="dial-residual" d={arcPath(zoneRadius, 0, residualPressureMpa, scale)} />
      <path class="dial-arc" d={arcPath(scaleRadius, 0, scale.rangeMpa, scale)} />
      {ticksOf(scale).map((tick) => (
        <DialTick key={tick.pressureMpa} tick={tick} />
      ))}
      <FillingMark angle={angleOf(fillingPressureMpa, scale)} />
      <StopMark angle={angleOf(stopPressureMpa, scale)} />
      <text class="dial-gas" x="172" y="275">
        {props.hydrogenText}
      </text>
      <text class="dial-unit" x="218" y="276">
        MPa
      </text>
      <text class="dial-kind" x={centre} y="370">
        {props.gaugeText}
      </text>
    </g>
  );
}

function DialTick({ tick }: { readonly tick: Tick }) {
  const outer = pointAt(scaleRadius, tick.angle);
  const inner = pointAt(tickEnds[tick.kind], tick.angle);
  const numeral = pointAt(numeralRadius, tick.angle);
  return (
    <>
      <line class={`tick-${tick.kind}`} x1={outer.x} y1={outer.y} x2={inner.x} y2={inner.y} />
      {tick.kind === 'major' ? (
        <text class="dial-numeral" x={numeral.x} y={numeral.y}>
          {tick.pressureMpa}
        </text>
      ) : null}
    </>
  );
}

function FillingMark({ angle }: { readonly angle: number }) {
  const outer = pointAt(175, angle);
  const inner = pointAt(133, angle);
  return <line class="dial-filling" x1={outer.x} y1={outer.y} x2={inner.x} y2={inner.y} />;
}

/** An index outside the scale, pointing at the pressure at which to stop. */
function StopMark({ angle }: { readonly angle: number }) {
  return (
    <path
      class="dial-stop"
      d="M200 41l-9 -19h18z"
      transform={`rotate(${angle} ${centre} ${centre})`}
    />
  );
}
