import type { ProgrammeKind } from '../records/programme-kinds.ts';

/** The kinds that a folder of tables fills, in the order in which one names the other. */
export const tableKinds = ['project', 'member', 'device', 'meter'] as const;
export type TableKind = (typeof tableKinds)[number] & ProgrammeKind;

export const fileOf: { readonly [Kind in TableKind]: string } = {
  project: 'projects.csv',
  member: 'members.csv',
  device: 'devices.csv',
  meter: 'meters.csv',
};

export interface Column {
  readonly name: string;
  /** Where in the record's body it goes. */
  readonly path: string;
  readonly as: 'text' | 'number' | 'yes-no' | 'list';
  /** A table without this column is refused; an empty cell is left to the record's own shape. */
  readonly needed: boolean;
}

function column(name: string, path: string, options: Partial<Omit<Column, 'name' | 'path'>> = {}) {
  return { name, path, as: 'text', needed: true, ...options } as const;
}
const optional = { needed: false } as const;
const list = { as: 'list', needed: false } as const;

/** What the tables' columns are called. */
export const columnsOf: { readonly [Kind in TableKind]: readonly Column[] } = {
  project: [
    column('name', 'name', optional),
    column('methodology', 'methodology'),
    column('fuel', 'fuel', optional),
    column('factor_rule', 'factorRule'),
    column('factor_year', 'factorYear.years'),
    column('factor_year_document', 'factorYear.document'),
    column('factor_year_page', 'factorYear.page'),
    column('auxiliary', 'auxiliary.treatment'),
    column('auxiliary_document', 'auxiliary.document'),
    column('auxiliary_page', 'auxiliary.page'),
    column('applied_on', 'appliedOn'),
    column('from', 'from'),
    column('to', 'to'),
    column('payment', 'payment.kind'),
    column('share', 'payment.share', optional),
  ],
  member: [
    column('project', 'project'),
    column('kind', 'kind'),
    column('applied_on', 'appliedOn'),
    column('admitted_on', 'admittedOn'),
    column('left_on', 'leftOn', optional),
    column('monitored_from', 'monitoredFrom', optional),
    column('value_owner', 'environmentalValueOwner'),
    column('subsidies', 'subsidies', list),
    column('subsidies_taking_value', 'subsidiesTakingValue', list),
    column('investment_yen', 'payback.investmentYen', { as: 'number', needed: false }),
    column('subsidy_yen', 'payback.subsidyYen', { as: 'number', needed: false }),
    column('saving_yen_per_year', 'payback.savingYenPerYear', { as: 'number', needed: false }),
    column('other_schemes', 'otherSchemes', list),
  ],
  device: [
    column('member', 'member'),
    column('kind', 'kind'),
    column('maker', 'maker'),
    column('model', 'model'),
    column('serial', 'serial'),
    column('fuel', 'fuel', optional),
    column('operation_started_on', 'operationStartedOn'),
    column('rated_w', 'ratedW', { as: 'number' }),
    column('grid_charging_battery', 'gridChargingBattery', { as: 'yes-no' }),
    column('shared_export', 'sharedExport', { as: 'yes-no' }),
  ],
  meter: [
    column('member', 'member'),
    column('device', 'device'),
    column('item', 'item'),
    column('register', 'register'),
    column('serial', 'serial'),
    column('class', 'class'),
    column('evidence', 'evidence.kind', optional),
    column('mark_expires', 'evidence.markExpires', optional),
    column('calibration_document', 'evidence.document', optional),
    column('pulses', 'pulses', { as: 'yes-no' }),
    column('from', 'from'),
    column('to', 'to', optional),
  ],
};

/** The column that holds a field of a body; of a part without its own, the first of it. */
export function columnAt(kind: TableKind, path: string): string {
  if (path === 'id') return 'id';
  const columns = columnsOf[kind];
  const exact = columns.find((each) => each.path === path);
  const part = columns.find((each) => each.path.startsWith(`${path}.`));
  const whole = columns.find((each) => path.startsWith(`${each.path}.`));
  return (exact ?? part ?? whole)?.name ?? path;
}
