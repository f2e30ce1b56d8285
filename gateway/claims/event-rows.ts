import type { RegisterEvent } from '../energy/event.ts';
import type { Span } from '../store/port.ts';
import type { TracedEvent } from './claim-walk.ts';
import { instant } from './instant.ts';

type Row = Readonly<Record<string, string>>;
type Resolution = NonNullable<RegisterEvent['resolution']>;

/** Whether an event says something of a span: it happened across it, or readings in it were left out for it. */
export function touches({ event, until }: TracedEvent, { from, to }: Span): boolean {
  const end = until ?? event.at;
  return event.beforeAt < to && end >= from;
}

/** An event as `events.csv` has it (`gateway/contract/claim-evidence.ts`). */
export function eventRow(register: string, traced: TracedEvent, note: string): Row {
  const { event, until } = traced;
  const { id, kind, before, beforeAt, at, after, resolution } = event;
  const amounts = resolution === null ? {} : amountsOf(traced, resolution);
  return {
    register,
    id,
    kind,
    before_at: instant(beforeAt),
    before_wh: String(before),
    at: instant(at),
    after_wh: String(after),
    until: until === null ? '' : instant(until),
    final_wh: text(amounts.finalWh),
    start_wh: text(amounts.startWh),
    wrap_at: text(amounts.wrapAt),
    resolution: resolution?.kind ?? '',
    by: resolution?.by ?? '',
    adjustment_wh: resolution === null ? '' : String(adjustmentWh(event, amounts, resolution)),
    note,
  };
}

interface Amounts {
  readonly finalWh?: number | undefined;
  readonly startWh?: number | undefined;
  readonly wrapAt?: number | undefined;
}

function amountsOf({ wrapAt, declared }: TracedEvent, resolution: Resolution): Amounts {
  switch (resolution.kind) {
    case 'wrap':
      return { wrapAt: wrapAt ?? undefined };
    case 'wrapped':
      return { wrapAt: resolution.wrapAt };
    case 'declared-replacement':
      return {
        finalWh: declared?.finalWh ?? undefined,
        startWh: declared?.startWh ?? undefined,
      };
    case 'reset-to-zero':
      return { finalWh: resolution.finalWh };
    case 'replaced':
      return { finalWh: resolution.finalWh, startWh: resolution.startWh };
    case 'error':
    case 'jitter':
    case 'real':
    case 'rejoined':
    case 'rollback':
      return {};
  }
}

/** What the energy of the step is more than the difference of what was shown. */
function adjustmentWh(
  { before, after }: RegisterEvent,
  { finalWh, startWh, wrapAt }: Amounts,
  { kind }: Resolution,
): number {
  switch (kind) {
    case 'wrap':
    case 'wrapped':
      return wrapAt ?? 0;
    case 'reset-to-zero':
      return finalWh ?? before;
    case 'replaced':
    case 'declared-replacement':
      return (finalWh ?? before) - (startWh ?? after);
    case 'rollback':
      return before - after;
    case 'error':
    case 'jitter':
    case 'real':
    case 'rejoined':
      return 0;
  }
}

function text(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}
