import type {
  Generator,
  GeneratorReduction,
  LivePlant,
  Notice,
  PackHistoryPoint,
  ReductionReason,
} from '#gateway/contract';
import { alarms } from './alarm-shape.ts';
import { measured, pack, packHistoryPoint } from './pack-shape.ts';
import { type Check, figure, listOf, nullable, oneOf, shape, text, whole } from './shape.ts';

/*
 * The contract's zod schemas stay in the gateway: the page takes types only, and zod would be larger than the page.
 * These checks are typed by the contract, so that a field added or changed there does not compile here.
 */

/** More than any site has; a message beyond it is not a plant. */
const mostAssets = 500;
const mostNotices = 200;
/** The contract allows at most 2,000 points (gateway/contract/routes.ts). */
export const mostHistoryPoints = 2000;

/** A handful, and one per stand-in of a factor. */
const mostReasons = 100;
const reason = shape<ReductionReason>({ reason: text, detail: text });

const reduction = shape<GeneratorReduction>({
  methodology: text,
  todayKg: nullable(text),
  fiscalYear: whole,
  fiscalYearKg: nullable(text),
  until: nullable(whole),
  provisional: listOf(reason, mostReasons),
  withheld: nullable(reason),
});

const generator = shape<Generator>({
  ...measured,
  id: text,
  name: text,
  site: text,
  kind: oneOf<Generator['kind']>({ pv: true, 'fuel-cell': true }),
  powerW: nullable(figure),
  generatedWh: nullable(whole),
  today: nullable(
    shape<NonNullable<Generator['today']>>({ wh: whole, since: whole, until: whole }),
  ),
  reduction: nullable(reduction),
});

const plant = shape<LivePlant>({
  at: whole,
  sites: listOf(shape<LivePlant['sites'][number]>({ id: text, name: text }), mostAssets),
  packs: listOf(pack, mostAssets),
  generators: listOf(generator, mostAssets),
  alarms,
  problems: listOf(
    shape<Notice>({
      kind: oneOf<Notice['kind']>({
        'store-failing': true,
        'broker-away': true,
        'clock-not-set': true,
        'quarantine-filling': true,
        'quarantine-full': true,
        'device-lost': true,
        'device-silent': true,
        'device-offline': true,
        'device-twice': true,
        'gateway-twice': true,
        'site-held-twice': true,
        'alarm-log-failing': true,
        'alarm-delivery-failing': true,
        'alarm-overflow': true,
        'device-disk': true,
      }),
      subject: text,
      detail: text,
    }),
    mostNotices,
  ),
});

const history = shape<{ items: PackHistoryPoint[] }>({
  items: listOf(packHistoryPoint, mostHistoryPoints),
});

/** The data of one `plant` event; undefined where it is not what the contract promises. Never throws. */
export function decodePlant(data: unknown): LivePlant | undefined {
  return decode(data, plant);
}

/** The body of a history answer; undefined where it is not what the contract promises. Never throws. */
export function decodeHistory(body: unknown): readonly PackHistoryPoint[] | undefined {
  return decode(body, history)?.items;
}

/** Any body by its check; undefined where it does not fit. Never throws. */
export function decode<T>(json: unknown, check: Check<T>): T | undefined {
  if (typeof json !== 'string') return undefined;
  const value = parse(json);
  return check(value) ? value : undefined;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
