/** What the examples of programme routes are made of. */
export const start = Date.parse('2026-04-01T00:00:00+09:00');
export const amounts = {
  wh: 4_210_000,
  unallocatedWh: 0,
  coveredSeconds: 2_592_000,
  missingSeconds: 0,
  openEvents: 0,
};
export const energy = {
  elWh: 3_158_000,
  generatedWh: 4_210_000,
  soldWh: 1_052_000,
  auxiliaryWh: 0,
  coveredSeconds: 2_592_000,
  missingSeconds: 0,
  uncounted: [],
};
export const interval = {
  member: 'home-1',
  meter: 'home-1-g',
  item: 'generated',
  register: 'minato/home-1/generated',
  start,
  end: start + 1_800_000,
  wh: 640,
  unit: 'Wh',
  unallocated: [],
  coveredSeconds: 1800,
  missingSeconds: 0,
  quality: 'good',
  revision: 1,
  openEvents: [],
};
export const project = {
  id: 'minato-pv',
  name: null,
  methodology: 'EN-R-002',
  factorRule: 'all-source',
  appliedOn: '2026-04-01',
  from: '2026-04-01',
  to: '2027-03-31',
  members: 41,
  revision: 1,
};
