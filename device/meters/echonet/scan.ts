import type { EchonetMeterConfig } from './config.ts';
import type { EchonetController } from './controller.ts';
import { classOf } from './objects.ts';

/** One object that can be read, as an entry of `meters` to start from. */
export type FoundMeter = Pick<
  EchonetMeterConfig,
  'id' | 'kind' | 'address' | 'object' | 'instance'
>;

export interface FoundNodes {
  readonly meters: readonly FoundMeter[];
  /** Every node that answered, with all its objects: some are no meters. */
  readonly nodes: ReturnType<EchonetController['directory']['entries']>;
}

const idPrefix = { pv: 'pv', 'fuel-cell': 'fc', 'smart-meter': 'grid' } as const;

/** Searches the network once; the controller is started and stopped here. */
export async function scanEchonet(controller: EchonetController): Promise<FoundNodes> {
  await controller.start();
  await controller.search();
  controller.stop();
  const nodes = controller.directory.entries();
  const counts = new Map<string, number>();
  const meters = nodes.flatMap(([address, objects]) =>
    objects.flatMap((found): FoundMeter[] => {
      const object = classOf(found)?.name;
      if (object === undefined) return [];
      const count = (counts.get(object) ?? 0) + 1;
      counts.set(object, count);
      const id = `${idPrefix[object]}-${count}`;
      return [{ id, kind: 'echonet', address, object, instance: found % 256 }];
    }),
  );
  return { meters, nodes };
}
