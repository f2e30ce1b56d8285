import type { Registry } from 'prom-client';
import type { Alarms } from '../alarms/index.ts';
import type { Access } from '../access/operator.ts';
import type { ChangeLog } from '../derive/changes.ts';
import type { PackProgress } from '../derive/derivation.ts';
import type { PackBooks } from '../derive/pack-books.ts';
import type { LedgerNow } from '../records/shown/sources.ts';
import type { FuelCellConfig } from '../config/reduction.ts';
import type { ConfiguredMeter } from '../derive/meter.ts';
import type { ConfiguredPack } from '../derive/pack.ts';
import type { RecordDesk } from '../records/desk.ts';
import type { ConfiguredAllotment } from '../records/shown/allotments.ts';
import type { ChainHead } from '../seals/job.ts';
import type { Store, StoredReading } from '../store/port.ts';
import type { FactorRow } from '../emissions/factor.ts';
import type { MeterBoard } from '../view/meter-board.ts';
import type { ReductionBoard } from '../view/reduction-board.ts';
import type { PlantView } from './port.ts';

export interface Clock {
  wallMs(): number;
  monotonicMs(): number;
}

/** Where failures nobody foresaw go; a pino logger fits. */
export interface Log {
  error(details: object, message: string): void;
}

/** Everything that could grow has its bound here. */
export interface HttpLimits {
  readonly bodyBytes: number;
  /** Path and query together. */
  readonly urlChars: number;
  /** Streams of `/readings` at once: each holds a read in the store open. */
  readonly exports: number;
  readonly liveClients: number;
  /** The picture changes no more often than this. */
  readonly liveMinIntervalMs: number;
  /** And is sent at least this often. */
  readonly liveHeartbeatMs: number;
  /** A client that took nothing of a stream for this long is cut off. */
  readonly stuckMs: number;
  /** Items of one answer of `/gaps`. */
  readonly gaps: number;
  /** Lines of one receipt-and-issue book. */
  readonly bookLines: number;
  /** Requests of one token. */
  readonly pullsPerMinute: number;
}

export const defaultLimits: HttpLimits = {
  bodyBytes: 64 * 1024,
  urlChars: 4096,
  exports: 8,
  liveClients: 100,
  liveMinIntervalMs: 250,
  liveHeartbeatMs: 5000,
  stuckMs: 30_000,
  gaps: 10_000,
  bookLines: 5000,
  pullsPerMinute: 120,
};

/** What HTTP is made of. `packs`, `devices` and `sites` are the configured ones. */
export interface AppParts {
  readonly plant: PlantView;
  readonly store: Pick<
    Store,
    | 'readings'
    | 'lastBefore'
    | 'series'
    | 'runs'
    | 'events'
    | 'derived'
    | 'stale'
    | 'records'
    | 'commit'
  >;
  readonly registry: Registry;
  readonly access: Access;
  readonly packs: readonly ConfiguredPack[];
  readonly devices: readonly { readonly site: string; readonly device: string }[];
  readonly sites: readonly string[];
  readonly meters: readonly ConfiguredMeter[];
  /** By `{site}/{generator}`: what a fuel cell's reductions need beside its registers. */
  readonly fuelCells: ReadonlyMap<string, FuelCellConfig>;
  readonly meterBoard: Pick<MeterBoard, 'show' | 'accountOf'>;
  readonly reductionBoard: Pick<ReductionBoard, 'plan' | 'keys' | 'confirmations'>;
  /** The table of emission factors as it is now. */
  readonly factors: () => readonly FactorRow[];
  readonly allotments: readonly ConfiguredAllotment[];
  readonly sealHeads: () => readonly ChainHead[];
  readonly alarms: Pick<Alarms, 'acknowledge' | 'shelve' | 'unshelve' | 'closed'>;
  /** By what a pull goes on where it stopped. */
  readonly pull: { readonly storeId: string; readonly changes: ChangeLog };
  /** What people state goes in here. */
  readonly desk: RecordDesk;
  /** What the packs' derived data say about amounts. */
  readonly books: (pack: ConfiguredPack) => PackBooks;
  /** A pack's ledger as of now, ahead of what is derived. */
  readonly ledger: (pack: ConfiguredPack) => LedgerNow;
  /** Recomputations of the past under way. */
  readonly progress: () => readonly PackProgress[];
  /** Where readings that people entered go once they are stored, so that the picture shows them. */
  readonly arrived: (readings: readonly StoredReading[]) => void;
  /** Folder of the built page; undefined serves the API alone. */
  readonly pageDir: string | undefined;
  /** Another gateway of the group holds the sites: only what is stored is served here. */
  readonly storesOnly?: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly software: string;
  readonly tls: boolean;
  readonly limits: HttpLimits;
}
