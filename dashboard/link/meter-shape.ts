import type { Meter, MeterReading, ShownRegisterEvent } from '#gateway/contract';
import { figure, flag, listOf, nullable, oneOf, shape, text, whole } from './shape.ts';

type Identity = Meter['identity'];
type Evidence = NonNullable<Meter['evidence']>;
type Specified = Extract<Evidence, { kind: 'specified' }>;
type Calibrated = Extract<Evidence, { kind: 'calibrated' }>;
type Resolution = NonNullable<ShownRegisterEvent['resolution']>;
type Metered = NonNullable<MeterReading['metered']>;

/** More registers than 500 generators and a site's connection have. */
const mostMeters = 4000;
/** A page of the gateway holds at most 200 (gateway/contract/route.ts). */
const mostOfAPage = 200;

const registerEvent = shape<ShownRegisterEvent>({
  id: text,
  meter: text,
  at: whole,
  kind: text,
  before: whole,
  beforeAt: whole,
  after: whole,
  resolution: nullable(shape<Pick<Resolution, 'kind' | 'by'>>({ kind: text, by: text })),
});

const specified = shape<Specified>({
  kind: oneOf<Specified['kind']>({ specified: true }),
  markExpires: text,
  mark: oneOf<Specified['mark']>({ valid: true, soon: true, expired: true }),
});
const calibrated = shape<Calibrated>({
  kind: oneOf<Calibrated['kind']>({ calibrated: true }),
  document: text,
});

const total = shape<NonNullable<Meter['month']>>({
  start: whole,
  wh: whole,
  coveredSeconds: whole,
});

const meter = shape<Meter>({
  meter: text,
  name: text,
  device: nullable(text),
  identity: shape<Identity>({
    maker: nullable(text),
    model: nullable(text),
    serial: nullable(text),
    saidSerial: nullable(text),
    wrapAt: nullable(whole),
    ratedW: nullable(figure),
    class: nullable(oneOf<NonNullable<Identity['class']>>({ A: true, B: true, C: true })),
  }),
  evidence: nullable((value: unknown): value is Evidence => specified(value) || calibrated(value)),
  reportingPeriod: shape<Meter['reportingPeriod']>({ seconds: whole, assumed: flag }),
  registerWh: nullable(whole),
  readAt: nullable(whole),
  today: nullable(shape<NonNullable<Meter['today']>>({ wh: whole, since: whole, until: whole })),
  halfHour: nullable(total),
  month: nullable(total),
  fiscalYear: nullable(total),
  openEvents: listOf(registerEvent, mostOfAPage),
  openEventCount: whole,
});

export const meterList = shape<{ items: Meter[] }>({ items: listOf(meter, mostMeters) });

export const registerEventList = shape<{ items: ShownRegisterEvent[] }>({
  items: listOf(registerEvent, mostOfAPage),
});

const meterReading = shape<MeterReading>({
  id: text,
  by: text,
  recordedAt: whole,
  meter: text,
  at: whole,
  wh: whole,
  photoSha256: nullable(text),
  metered: nullable(shape<Metered>({ at: whole, wh: whole, differenceWh: whole, agrees: flag })),
});

/** An uploaded table has at most 2,000 rows (gateway/http/energy/reading-table.ts). */
export const meterReadingsTaken = shape<{ items: MeterReading[] }>({
  items: listOf(meterReading, 2000),
});
