import type { ConfiguredPack, PackStatements } from '../derive/pack.ts';
import type { OperatorRecord } from '../store/port.ts';
import type { RecordDesk } from './desk.ts';
import { withdrawalBodySchema } from './kinds.ts';

interface Known {
  readonly version: number;
  readonly statements: PackStatements;
}
/** Asked for at every frame, changed a few times a year. */
const known = new WeakMap<RecordDesk, WeakMap<ConfiguredPack, Known>>();

/** What the records say about how a pack's readings are converted. */
export function statementsOf(desk: RecordDesk, pack: ConfiguredPack): PackStatements {
  const ofDesk = known.get(desk) ?? new WeakMap<ConfiguredPack, Known>();
  const before = ofDesk.get(pack);
  if (before !== undefined && before.version === desk.version) return before.statements;
  const statements = gather(desk, pack);
  known.set(desk, ofDesk.set(pack, { version: desk.version, statements }));
  return statements;
}

function gather(desk: RecordDesk, { site, config }: ConfiguredPack): PackStatements {
  const calibrations = desk.of('calibration', site, config.id).map(({ at, body }) => ({
    fromMs: at,
    validUntilMs: body.validUntil,
    points: body.points,
    ...(body.expandedUncertaintyMpa === undefined
      ? {}
      : { expandedUncertaintyMpa: body.expandedUncertaintyMpa }),
  }));
  const delivered = desk
    .of('delivery', site, config.id)
    .map(({ at, body }) => ({ fromMs: at, open: body.openCylinders }));
  const found = desk
    .of('segment-resolution', site, config.id)
    .flatMap(({ body: { openCylinders, segmentAt } }) =>
      openCylinders === undefined ? [] : { fromMs: segmentAt, open: openCylinders },
    );
  const cylinders = [...delivered, ...found].toSorted((a, b) => a.fromMs - b.fromMs);
  return { calibrations, cylinders };
}

/** From when on a record changes what is derived; undefined where it does not. */
export function changesFrom(desk: RecordDesk, record: OperatorRecord): number | undefined {
  const { site, kind, at, body } = record;
  if (kind === 'calibration' || kind === 'delivery') return at;
  if (kind === 'segment-resolution' && body['openCylinders'] !== undefined) return at;
  if (kind !== 'withdrawal') return undefined;
  const taken = withdrawalBodySchema.parse(body);
  const back = desk.find(site, taken.kind, taken.id);
  return back === undefined ? undefined : changesFrom(desk, back);
}
