import { parseConfig } from '../../config/load.ts';
import { type ConfiguredPack, configuredPack, noStatements } from '../../derive/pack.ts';
import { needsWord } from '../../hydrogen/ledger/segments.ts';
import { emptyLedger, type LedgerState, type PackSample } from '../../hydrogen/ledger/state.ts';
import { step } from '../../hydrogen/ledger/step.ts';
import type { StoredReading } from '../../store/port.ts';
import { reading as sample } from '../../store/suite/samples.ts';
import { Latest } from '../../view/latest.ts';
import { showPack } from '../../view/packs.ts';
import type { PackSituation } from './situation.ts';

export const startMs = Date.parse('2026-06-01T00:00:00+09:00');

export function packWith(settings: object = {}): ConfiguredPack {
  const pack = { id: 'pack-1', device: 'pi-1', cylinders: 30, cylinderLitres: 50, ...settings };
  const text = JSON.stringify({ sites: [{ id: 'keihin', packs: [pack] }] });
  const [config] = parseConfig(text, 'test', {}).sites.flatMap(({ packs }) => packs);
  if (config === undefined) throw new Error('no pack');
  return configuredPack('keihin', config);
}

/** A pack after the given samples (minutes from the start, MPa, degC), looked at `laterMs` after the last. */
export function situationAfter(
  samples: readonly (readonly [minute: number, mpa: number | null, celsius: number])[],
  options: {
    readonly pack?: ConfiguredPack;
    readonly laterMs?: number;
    readonly drawnG?: (minute: number) => number;
    readonly change?: Partial<PackSituation>;
  } = {},
): PackSituation {
  const { pack = packWith(), laterMs = 0, drawnG, change = {} } = options;
  const setup = {
    pack: pack.geometry,
    calibratedAt: null,
    largestDrawNlPerMin: pack.config.largestDrawNlPerMin,
  };
  const latest = new Latest();
  let ledger: LedgerState = emptyLedger;
  let nowMs = startMs;
  for (const [minute, mpa, celsius] of samples) {
    const at = startMs + minute * 60_000;
    const grams = drawnG === undefined ? null : drawnG(minute);
    const sample: PackSample = {
      at,
      pressureMpa: mpa,
      temperatureC: celsius,
      flowNlPerMin: null,
      drawnG: grams,
    };
    ledger = step(setup, ledger, sample).state;
    latest.observe(packReading('pressure', at, mpa));
    latest.observe(packReading('temperature', at, celsius));
    nowMs = at + laterMs;
  }
  const shown = showPack(pack, latest, nowMs, {
    ledger,
    statements: noStatements,
    segmentResolved: ledger.segment !== null && !needsWord(ledger.segment),
    delivery: null,
    calibrationId: undefined,
    siteM3: 295.5,
    alarms: [],
  });
  const filledKg = shown.fullReferenceKg;
  const known = { nowMs, pack, geometry: pack.geometry, shown, ledger };
  return { ...known, draws: [], needle: undefined, filledKg, ...change };
}

export function packReading(
  quantity: 'pressure' | 'temperature',
  at: number,
  value: number | null,
): StoredReading {
  const none = { quality: 'bad', why: 'loop-open' } as const;
  return sample({ asset: 'pack-1', quantity, at, value, ...(value === null ? none : {}) });
}
