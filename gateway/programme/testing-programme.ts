import type { Entry } from './entry.ts';

/** Test equipment: entries of a small programme of PV homes, changed where a test says so. */

const cited = { document: 'plan', page: '3' };

export const projectEntry = (subject: string, changes: object = {}): Entry => ({
  kind: 'project',
  subject,
  body: {
    methodology: 'EN-R-002',
    factorRule: 'all-source',
    factorYear: { years: 'of-reduction', ...cited },
    auxiliary: { treatment: 'subtracted', ...cited },
    appliedOn: '2026-04-01',
    from: '2026-04-01',
    to: '2027-03-31',
    payment: { kind: 'success-fee', share: '0.70' },
    ...changes,
  },
});

export const memberEntry = (subject: string, changes: object = {}): Entry => ({
  kind: 'member',
  subject,
  body: {
    project: 'minato-pv',
    kind: 'household',
    appliedOn: '2026-04-01',
    admittedOn: '2026-04-01',
    environmentalValueOwner: 'member',
    ...changes,
  },
});

export const deviceEntry = (subject: string, member: string, changes: object = {}): Entry => ({
  kind: 'device',
  subject,
  body: {
    member,
    kind: 'pv',
    maker: 'maker',
    model: 'model',
    serial: `serial of ${subject}`,
    operationStartedOn: '2025-12-01',
    ratedW: 4000,
    gridChargingBattery: false,
    sharedExport: false,
    ...changes,
  },
});

export const meterEntry = (
  subject: string,
  member: string,
  register: string,
  changes: object = {},
): Entry => ({
  kind: 'meter',
  subject,
  body: {
    member,
    device: `${member}-pv`,
    item: 'generated',
    register,
    serial: `serial of ${subject}`,
    class: 'B',
    evidence: { kind: 'specified', markExpires: '2033-03-31' },
    pulses: false,
    from: '2026-04-01',
    ...changes,
  },
});
