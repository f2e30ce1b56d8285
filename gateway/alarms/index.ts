/** Alarms: their life cycle, their log and their delivery. */
export {
  type ActionResult,
  type AlarmCounts,
  type Alarms,
  type AlarmsParts,
  createAlarms,
} from './alarms.ts';
export type { Acknowledge, ActionRefusal, Retire, Shelve, Unshelve } from './actions.ts';
export { type AlarmsConfig, alarmsSchema, resolveAlarmFiles } from './config.ts';
export type { AlarmLog, LogEntry } from './log.ts';
export { registerAlarmMetrics } from './metrics.ts';
export type * from './model.ts';
export type { AlarmProblem } from './problems.ts';
export { type AlarmRecord, recordLog, type RecordStore } from './record-log.ts';
export { type AlarmBroker, alarmTopic, alarmTopicId } from './retained.ts';
export { AlarmSecretError, type AlarmSecrets, readAlarmSecrets } from './secrets.ts';
export type { AlarmEvent, AlarmListener, SinkStanding } from './sink.ts';
