/** Alarms: their life cycle, their log and their delivery. */
export { type ActionResult, type Alarms, createAlarms } from './alarms.ts';
export { alarmsSchema, resolveAlarmFiles } from './config.ts';
export { registerAlarmMetrics } from './metrics.ts';
export type { Alarm } from './model.ts';
export { recordLog } from './record-log.ts';
export { AlarmSecretError, readAlarmSecrets } from './secrets.ts';
