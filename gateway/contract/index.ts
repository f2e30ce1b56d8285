/** The HTTP contract v1: what a gateway answers to a page, a partner or a program. Schemas and names; no I/O. */
export * from './alarm.ts';
export type { ClaimStanding } from './claim-routes.ts';
export * from './claim-tables.ts';
export * from './claim.ts';
export * from './energy.ts';
export * from './generator.ts';
export * from './health.ts';
export * from './live.ts';
export * from './notice.ts';
export * from './pack-records.ts';
export * from './pack.ts';
export * from './problem.ts';
export * from './programme.ts';
export * from './readings.ts';
export * from './reduction.ts';
export * from './route.ts';
export * from './routes.ts';
export type { ClaimTable } from './claim-table.ts';
