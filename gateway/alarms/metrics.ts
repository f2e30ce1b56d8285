import { Counter, Gauge, type Registry } from 'prom-client';
import { counted, measured } from '../metrics.ts';
import type { Alarms } from './alarms.ts';
import type { SinkStanding } from './sink.ts';

/** Registers what Prometheus sees of the alarms. */
export function registerAlarmMetrics(
  registry: Registry,
  alarms: Pick<Alarms, 'counts' | 'sinks'>,
): void {
  const gauge = (name: string, help: string, value: keyof ReturnType<Alarms['counts']>) =>
    measured(registry, name, help, () => alarms.counts()[value]);
  gauge('kadoru_alarms_open', 'Alarms that are not over', 'open');
  gauge('kadoru_alarms_unacknowledged', 'Of these, not acknowledged', 'unacknowledged');
  gauge('kadoru_alarms_shelved', 'Alarms set aside for a time', 'shelved');
  gauge('kadoru_alarm_log_waiting', 'Entries the alarm log has not taken yet', 'logWaiting');
  counted(
    registry,
    'kadoru_alarms_turned_away_total',
    'Alarms for which there was no room',
    () => alarms.counts().turnedAwayTotal,
  );
  counted(
    registry,
    'kadoru_alarm_log_dropped_total',
    'Entries the alarm log never took',
    () => alarms.counts().logDropped,
  );
  perSink(registry, alarms);
}

function perSink(registry: Registry, alarms: Pick<Alarms, 'sinks'>): void {
  const waiting = new Gauge({
    name: 'kadoru_alarm_deliveries_waiting',
    help: 'Alarm messages that wait, by receiver',
    labelNames: ['sink'],
    registers: [registry],
    collect: () => {
      waiting.reset();
      for (const { name: sink, waiting: count } of alarms.sinks()) waiting.set({ sink }, count);
    },
  });
  const total = (name: string, help: string, value: (standing: SinkStanding) => number): void => {
    const counter = new Counter({
      name: `kadoru_alarm_deliveries_${name}_total`,
      help,
      labelNames: ['sink'],
      registers: [registry],
      collect: () => {
        counter.reset();
        for (const standing of alarms.sinks())
          counter.inc({ sink: standing.name }, value(standing));
      },
    });
  };
  total('delivered', 'Alarm messages delivered', ({ delivered }) => delivered);
  total('failed', 'Alarm messages refused for good or given up', ({ failed }) => failed);
  total('dropped', 'Alarm messages pushed out by newer ones', ({ dropped }) => dropped);
  total('retried', 'Tries that did not succeed and were repeated', ({ retries }) => retries);
}
