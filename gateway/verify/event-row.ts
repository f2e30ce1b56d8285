import type { Findings } from './findings.ts';
import type { RowOf } from './rows.ts';

/** An event with its times and amounts as numbers. */
export interface EventOf {
  readonly row: RowOf<'events'>;
  readonly beforeAt: number;
  readonly beforeWh: bigint;
  readonly at: number;
  readonly afterWh: bigint;
  /** Infinite where nothing counts for itself again. */
  readonly until: number;
  readonly resolution: RowOf<'events'>['cells']['resolution'];
  /** Undefined while it is open, or where it cannot be. */
  readonly adjustmentWh: bigint | undefined;
}

/** Reads an event and works out its adjustment from what settled it; whatever does not fit is a finding. */
export function readEvent(row: RowOf<'events'>, findings: Findings): EventOf {
  const { cells } = row;
  const place = { file: 'events.csv', row: row.row };
  const adjustmentWh = adjustmentOf(row, findings);
  findings.equal(
    place,
    '補正 adjustment_wh',
    adjustmentWh === undefined ? '' : String(adjustmentWh),
    cells.adjustment_wh,
  );
  findings.equal(
    place,
    '記号 id',
    `${cells.register.replaceAll('/', '.')}.${Date.parse(cells.at)}`,
    cells.id,
  );
  if ((cells.by === '') !== (cells.resolution === ''))
    findings.equal(place, '判断した者 by', cells.resolution === '' ? '' : 'somebody', cells.by);
  if (cells.before_at >= cells.at)
    findings.equal(place, '時刻 at', `after ${cells.before_at}`, cells.at);
  return {
    row,
    beforeAt: Date.parse(cells.before_at),
    beforeWh: BigInt(cells.before_wh),
    at: Date.parse(cells.at),
    afterWh: BigInt(cells.after_wh),
    until: cells.until === '' ? Number.POSITIVE_INFINITY : Date.parse(cells.until),
    resolution: cells.resolution,
    adjustmentWh,
  };
}

/** The formulas of the contract (claim-evidence.ts). */
function adjustmentOf({ cells, row }: RowOf<'events'>, findings: Findings): bigint | undefined {
  const place = { file: 'events.csv', row };
  const [before, after] = [BigInt(cells.before_wh), BigInt(cells.after_wh)];
  const number = (text: string) => (text === '' ? undefined : BigInt(text));
  const [final, start, wrap] = [cells.final_wh, cells.start_wh, cells.wrap_at].map(number);
  if (final !== undefined && final < before)
    findings.equal(place, '最終値 final_wh', `${before} or more`, String(final));
  if (start !== undefined && start > after)
    findings.equal(place, '初期値 start_wh', `${after} or less`, String(start));
  switch (cells.resolution) {
    case '':
      return undefined;
    case 'wrap':
    case 'wrapped':
      if (wrap === undefined || wrap <= before || wrap <= after) {
        findings.equal(place, '桁あふれ wrap_at', 'above both values', cells.wrap_at);
        return undefined;
      }
      if (cells.resolution === 'wrap' && !(10n * before > 9n * wrap && 10n * after < wrap))
        findings.equal(place, '桁あふれ wrap', 'from the last tenth to the first', cells.before_wh);
      return wrap;
    case 'reset-to-zero':
      return final ?? before;
    case 'replaced':
    case 'declared-replacement':
      return (final ?? before) - (start ?? after);
    case 'rollback':
      if (after > before)
        findings.equal(place, '後退 rollback', `${before} or less`, cells.after_wh);
      return before - after;
    case 'real':
      if (after < before) findings.equal(place, '上昇 rise', `${before} or more`, cells.after_wh);
      return 0n;
    case 'jitter':
    case 'rejoined':
    case 'error':
      return 0n;
  }
}
