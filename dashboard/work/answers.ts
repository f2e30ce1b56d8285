import type { batchSchema, GaugeReading, PackSegment } from '#gateway/contract';
import { decode } from '../link/decode.ts';
import { drawnAmount, hydrogen } from '../link/pack-shape.ts';
import { amount, figure, flag, listOf, nullable, shape, text, whole } from '../link/shape.ts';

type Batch = (typeof batchSchema)['_output'];
type Beside = NonNullable<GaugeReading['transmitter']>;

const gaugeReading = shape<GaugeReading>({
  id: text,
  by: text,
  recordedAt: whole,
  readAt: whole,
  pressureMpa: figure,
  temperatureC: figure,
  hydrogen,
  transmitter: nullable(
    shape<Beside>({ pressureMpa: figure, differenceMpa: figure, toleranceMpa: amount }),
  ),
});

/** What is shown of it. A state that a newer gateway adds is one without a number. */
interface BatchAnswer extends Pick<Batch, 'drawn' | 'lessThanKg'> {
  readonly state: string;
}

const batch = shape<BatchAnswer>({
  state: text,
  drawn: nullable(drawnAmount),
  lessThanKg: nullable(figure),
});

interface Kilograms {
  readonly kg: number;
}

/** What is shown of a segment that waits. */
export interface Change extends Pick<PackSegment, 'at' | 'waiting'> {
  readonly before: Kilograms | null;
  readonly start: Kilograms;
}

const kilograms = shape<Kilograms>({ kg: figure });
const changes = shape<{ items: Change[] }>({
  items: listOf(
    shape<Change>({ at: whole, waiting: flag, before: nullable(kilograms), start: kilograms }),
    1000,
  ),
});

/** Segments that wait for a person, of a list of all; undefined where it is no such list. */
export const readWaitingChanges = (body: string | undefined): Change[] | undefined =>
  decode(body, changes)?.items.filter(({ waiting }) => waiting);

/** Undefined where the answer is not what the contract promises: it was recorded all the same. */
export const readGaugeAnswer = (body: string): GaugeReading | undefined =>
  decode(body, gaugeReading);

export const readBatchAnswer = (body: string): BatchAnswer | undefined => decode(body, batch);
