import { Counter, Gauge, type Registry } from 'prom-client';

/** A gauge that is read where the value lives, when somebody asks for the metrics. */
export function measured(
  registry: Registry,
  name: string,
  help: string,
  value: () => number,
): void {
  const collect = (): void => metric.set(value());
  const metric: Gauge = new Gauge({ name, help, registers: [], collect });
  registry.registerMetric(metric);
}

/** A total that is counted where it happens, and read when somebody asks for the metrics. */
export function counted(registry: Registry, name: string, help: string, total: () => number): void {
  const collect = (): void => {
    metric.reset();
    metric.inc(total());
  };
  const metric: Counter = new Counter({ name, help, registers: [], collect });
  registry.registerMetric(metric);
}
