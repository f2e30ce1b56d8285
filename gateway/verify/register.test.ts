import { describe, expect, test } from 'vitest';
import { midnightOf, writeInstant } from './calendar.ts';
import { readEvent } from './event-row.ts';
import { Findings } from './findings.ts';
import { Register } from './register.ts';
import type { RowOf } from './rows.ts';

const name = 'site/pv/generated';
const start = midnightOf('2026-07-01');
const minute = (minutes: number) => start + minutes * 60_000;
const instant = (minutes: number) => writeInstant(minute(minutes));

type Readings = RowOf<'readings'>['cells'];
type Events = RowOf<'events'>['cells'];

function reading(minutes: number, wh: number | null, more: Partial<Readings> = {}): Readings {
  return {
    register: name,
    at: instant(minutes),
    value: wh === null ? '' : String(wh),
    raw: '',
    quality: wh === null ? 'bad' : 'good',
    why: wh === null ? 'no-data' : '',
    clock: 'synced',
    note: '',
    ...more,
  };
}

function event(
  before: readonly [number, number],
  after: readonly [number, number],
  more: Partial<Events>,
): Events {
  return {
    register: name,
    id: `site.pv.generated.${minute(after[0])}`,
    kind: 'fall',
    before_at: instant(before[0]),
    before_wh: String(before[1]),
    at: instant(after[0]),
    after_wh: String(after[1]),
    until: '',
    final_wh: '',
    start_wh: '',
    wrap_at: '',
    resolution: '',
    by: '',
    adjustment_wh: '',
    note: '',
    ...more,
  };
}

function registerOf(
  readings: readonly Readings[],
  events: readonly Events[] = [],
  corrections: readonly RowOf<'corrections'>['cells'][] = [],
) {
  const findings = new Findings();
  const rows = <Cells>(all: readonly Cells[]) =>
    all.map((cells, index) => ({ row: index + 2, cells }));
  const register = new Register(
    {
      readings: rows(readings),
      corrections: rows(corrections),
      events: rows(events).map((row) => readEvent(row, findings)),
      periodMs: 300_000,
      jitterWh: 10n,
    },
    findings,
  );
  const wh = (minutes: number) => register.valueAt(minute(minutes))?.wh;
  const energy = (from: number, to: number) => {
    const [a, b] = [wh(from), wh(to)];
    if (a === undefined || b === undefined) return undefined;
    return register.energy({ at: minute(from), wh: a }, { at: minute(to), wh: b });
  };
  return { register, findings, wh, energy };
}

describe('between readings', () => {
  test('the floor of the share; at a reading what it shows', () => {
    const { wh } = registerOf([reading(28, 960), reading(33, 1_063)]);
    expect([wh(28), wh(30), wh(32), wh(33)]).toEqual([960n, 1_001n, 1_042n, 1_063n]);
  });

  test('unknown before the first, after the last, and further apart than the period', () => {
    const { wh } = registerOf([reading(10, 5), reading(16, 90), reading(20, 100)]);
    expect([wh(9), wh(13), wh(21), wh(18)]).toEqual([undefined, undefined, undefined, 95n]);
  });

  test('only what counts: neither bad, nor of a clock that was not set, nor nothing', () => {
    const { wh } = registerOf([
      reading(28, 100),
      reading(29, 7, { quality: 'bad' }),
      reading(30, 7, { clock: 'estimated' }),
      reading(31, null),
      reading(32, 104),
    ]);
    expect(wh(30)).toBe(102n);
  });

  test('a corrected reading shows what it should have been, or nothing', () => {
    const said = {
      register: name,
      at: instant(30),
      number: '1',
      by: 'a',
      why: 'b',
      note: '',
    } as const;
    const readings = [reading(28, 100), reading(30, 999), reading(32, 104)];
    const right = registerOf(readings, [], [{ ...said, before_wh: '999', after_wh: '102' }]);
    expect(right.wh(30)).toBe(102n);
    const out = registerOf(readings, [], [{ ...said, before_wh: '999', after_wh: '' }]);
    expect(out.wh(30)).toBe(102n);
    const of = registerOf(readings, [], [{ ...said, before_wh: '998', after_wh: '102' }]);
    expect(of.findings.kept).toMatchObject([{ file: 'corrections.csv', row: 2, expected: '999' }]);
  });
});

describe('events', () => {
  const by = { by: 'operator' } as const;

  test('a reset within a gap: what is known of both sides counts', () => {
    const reset = {
      resolution: 'reset-to-zero',
      final_wh: '1040',
      adjustment_wh: '1040',
      ...by,
    } as const;
    const { energy, findings } = registerOf(
      [reading(0, 1_000), reading(60, 30), reading(63, 45)],
      [event([0, 1_000], [60, 30], reset)],
    );
    expect(findings.kept).toEqual([]);
    expect(energy(0, 63)).toBe(85n);
    expect(energy(60, 63)).toBe(15n);
  });

  test('a boundary inside the step of a wrap', () => {
    const wrap = {
      kind: 'wrap',
      resolution: 'wrap',
      wrap_at: '1000',
      adjustment_wh: '1000',
      by: 'rule',
    } as const;
    const { energy, findings } = registerOf(
      [reading(26, 960), reading(28, 980), reading(32, 20)],
      [event([28, 980], [32, 20], wrap)],
    );
    expect(findings.kept).toEqual([]);
    expect([energy(26, 30), energy(30, 32), energy(26, 32)]).toEqual([40n, 20n, 60n]);
  });

  test('jitter shows the highest value until it is passed, and no more than the last digits', () => {
    const jitter = {
      kind: 'jitter',
      resolution: 'jitter',
      until: instant(33),
      adjustment_wh: '0',
      by: 'rule',
    } as const;
    const dipped = (wh: number) =>
      registerOf(
        [reading(27, 1_000), reading(29, 995), reading(31, wh), reading(33, 1_006)],
        [event([27, 1_000], [29, 995], jitter)],
      );
    const { wh, findings } = dipped(997);
    expect(findings.kept).toEqual([]);
    expect([wh(30), wh(32)]).toEqual([1_000n, 1_003n]);
    expect(dipped(1_300).findings.kept).toMatchObject([{ file: 'readings.csv', row: 4 }]);
  });

  test('a zero that never was: the register goes on from before', () => {
    const zero = {
      resolution: 'rejoined',
      until: instant(32),
      adjustment_wh: '0',
      by: 'rule',
    } as const;
    const { wh, findings } = registerOf(
      [reading(28, 1_000), reading(30, 0), reading(32, 1_008)],
      [event([28, 1_000], [30, 0], zero)],
    );
    expect(findings.kept).toEqual([]);
    expect(wh(30)).toBe(1_004n);
  });

  test('a rollback counts on from where the counter went back to', () => {
    const back = {
      kind: 'rollback',
      resolution: 'rollback',
      adjustment_wh: '30',
      by: 'device',
    } as const;
    const { energy, findings } = registerOf(
      [reading(0, 1_050), reading(3, 1_024)],
      [event([0, 1_050], [3, 1_020], back)],
    );
    expect(findings.kept).toEqual([]);
    expect(energy(0, 3)).toBe(4n);
  });

  test('across an open one nothing is known', () => {
    const { energy, wh, register } = registerOf(
      [reading(28, 1_000), reading(32, 3), reading(34, 9)],
      [event([28, 1_000], [32, 3], {})],
    );
    expect(wh(30)).toBeUndefined();
    expect(energy(28, 34)).toBeUndefined();
    expect(energy(32, 34)).toBe(6n);
    expect(register.openEventIn(minute(29), minute(30))).toBeDefined();
    expect(register.openEventIn(minute(32), minute(34))).toBeUndefined();
  });

  test.each([
    [{ resolution: 'reset-to-zero', adjustment_wh: '1001', ...by }, 'adjustment_wh'],
    [{ resolution: 'reset-to-zero', final_wh: '999', adjustment_wh: '999', ...by }, 'final_wh'],
    [{ resolution: 'replaced', start_wh: '4', adjustment_wh: '996', ...by }, 'start_wh'],
    [{ resolution: 'wrap', wrap_at: '100000', adjustment_wh: '100000', ...by }, 'wrap'],
    [{ resolution: 'wrapped', wrap_at: '900', adjustment_wh: '900', ...by }, 'wrap_at'],
    [{ resolution: 'real', adjustment_wh: '0', ...by }, 'rise'],
    [{ resolution: 'reset-to-zero', adjustment_wh: '1000' }, 'by'],
    [{ id: 'site.pv.generated.1' }, 'id'],
  ] as const)('what cannot be: %o', (more, what) => {
    const { findings } = registerOf(
      [reading(28, 1_000), reading(32, 3)],
      [event([28, 1_000], [32, 3], more)],
    );
    expect(findings.kept.map((finding) => finding.what)).toContainEqual(
      expect.stringMatching(new RegExp(`${what}$`)),
    );
  });
});
