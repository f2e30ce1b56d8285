import type { batchSchema, GaugeReading } from '#gateway/contract';
import { decode } from '../link/decode.ts';
import { drawnAmount, hydrogen } from '../link/pack-shape.ts';
import { amount, figure, nullable, oneOf, shape, text, whole } from '../link/shape.ts';

type Batch = (typeof batchSchema)['_output'];
type Beside = NonNullable<GaugeReading['transmitter']>;

const recorded = { id: text, by: text, recordedAt: whole };

const gaugeReading = shape<GaugeReading>({
  ...recorded,
  readAt: whole,
  pressureMpa: figure,
  temperatureC: figure,
  hydrogen,
  transmitter: nullable(
    shape<Beside>({ pressureMpa: figure, differenceMpa: figure, toleranceMpa: amount }),
  ),
});

const batch = shape<Batch>({
  ...recorded,
  lot: text,
  product: nullable(text),
  from: whole,
  to: whole,
  units: whole,
  state: oneOf<Batch['state']>({
    resolved: true,
    'not-resolved': true,
    unexplained: true,
    running: true,
  }),
  drawn: nullable(drawnAmount),
  lessThanKg: nullable(figure),
  kgPerUnit: nullable(figure),
});

/** Undefined where the answer is not what the contract promises: it was recorded all the same. */
export const readGaugeAnswer = (body: string): GaugeReading | undefined =>
  decode(body, gaugeReading);

export const readBatchAnswer = (body: string): Batch | undefined => decode(body, batch);
