/** The wire contract v1: what a device and a gateway say to each other. Schemas, names and limits; no I/O. */
export * from './catalogue.ts';
export * from './frame.ts';
export * from './ids.ts';
export * from './messages.ts';
export * from './topics.ts';
