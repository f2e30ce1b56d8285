import { expect, onTestFinished, test, vi } from 'vitest';
import { createController } from '../../device/meters/echonet/assembly.ts';
import { unsigned } from '../../device/meters/echonet/frame.ts';
import { parseScenario } from '../scenarios/scenario.ts';
import { serveFuelCell } from './fuel-cell-node.ts';

const { fuelCell } = parseScenario('fuelCell: { address: 127.0.0.61 }', 'test');
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const object = 0x027c01;

test('what the world’s fuel cell did is read over ECHONET Lite, and commands reach its node', async () => {
  const meters = { powerW: 650, generatedWh: 2_345_678, gasDm3: 543_210, gasDm3PerH: 150 };
  const trouble = vi.fn<() => void>();
  const node = await serveFuelCell(fuelCell, () => meters, trouble);
  if (node === undefined) throw new Error('127.0.0.61 is an address of every Linux machine');
  onTestFinished(() => node.close());
  const controller = createController({ bind: '127.0.0.60', port: node.where.port }, quiet);
  onTestFinished(() => controller.stop());
  await controller.start();
  const read = async (): Promise<Record<string, number> | string> => {
    const answer = await controller.get(node.where.address, object, [0xc4, 0xc5, 0xc8]);
    if (answer.kind === 'silent') return answer.kind;
    const entries = [...answer.properties].map(([epc, edt]) => [epc.toString(16), unsigned(edt)]);
    return Object.fromEntries(entries);
  };
  expect(await read()).toEqual({ c4: 650, c5: 2_345_678, c8: 543_210 });
  meters.generatedWh += 1;
  expect(await read()).toMatchObject({ c5: 2_345_679 });
  node.obey({ what: 'partial' });
  expect(await read()).toEqual({ c4: 650 });
  node.obey({ what: 'answer' });
  node.obey({ what: 'reset' });
  expect(await read()).toEqual({ c4: 650, c5: 0, c8: 0 });
  expect(trouble).not.toHaveBeenCalled();
});

test('a machine without the address is told so, and everything else goes on', async () => {
  const told: unknown[] = [];
  // TEST-NET-3 (RFC 5737): nobody has it.
  const elsewhere = { ...fuelCell, address: '203.0.113.9' };
  const meters = () => ({ powerW: 0, generatedWh: 0, gasDm3: 0, gasDm3PerH: 0 });
  expect(await serveFuelCell(elsewhere, meters, (error) => told.push(error))).toBeUndefined();
  expect(String(told[0])).toMatch(/203\.0\.113\.9:0: bind EADDRNOTAVAIL/);
});
