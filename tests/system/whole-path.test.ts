import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Generator, Pack } from '#gateway/contract';
import { describeWithPeers } from '../peers.ts';
import { temporaryFolder } from './program.ts';
import { startWholePlant, type WholePlant } from './whole-plant.ts';

/** From the real firmware to the HTTP answer: what the plant truly holds, and what the gateway says it holds. */
function theWholePath(listen: () => string): void {
  let plant: WholePlant;
  beforeAll(async () => {
    plant = await startWholePlant({ listen: listen() });
  }, 120_000);
  afterAll(() => plant.end());

  const packWhere = (what: string, wanted: (pack: Pack) => boolean) =>
    plant.until(what, async () => {
      const pack = await plant.gateway.pack();
      return wanted(pack) ? pack : undefined;
    });

  test.each([
    [18.28, 20],
    [9.5, 31],
    [1.2, 4],
  ])(
    '%d MPa at %d degC: pressure within 0.02 MPa, mass within 0.05 kg of the truth',
    { timeout: 120_000 },
    async (mpa, celsius) => {
      await plant.tell(`set temperature ${celsius}`);
      const truth = await plant.tell(`set pressure ${mpa}`);
      const near = (pack: Pack) =>
        Math.abs((pack.pressureMpa ?? Number.NaN) - truth.pressureMpa) < 0.02 &&
        Math.abs((pack.temperatureC ?? Number.NaN) - truth.gasC) < 0.5;
      const pack = await packWhere(`${mpa} MPa`, near);
      expect(Math.abs((pack.hydrogen?.totalKg ?? Number.NaN) - truth.hydrogenKg)).toBeLessThan(
        0.05,
      );
      expect(pack.quality).toBe('good');
    },
  );

  test('500 of 500 pulses are counted', { timeout: 300_000 }, async () => {
    /** Register less pulses sent: constant while none is lost and none is made up, whatever the sun adds meanwhile. */
    const difference = async () => {
      const sent = (await plant.tell('truth')).pulsesEmitted;
      const { items }: { items: Generator[] } = await (
        await plant.gateway.get('/api/v1/generators')
      ).json();
      const wh = items[0]?.generatedWh ?? undefined;
      const { pulsesEmitted, pulsesPending } = await plant.tell('truth');
      return wh === undefined || pulsesEmitted !== sent || pulsesPending > 0
        ? undefined
        : { sent, lag: sent - wh };
    };
    const before = await plant.until('the register at rest', async () => {
      const first = await difference();
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const second = await difference();
      return first !== undefined && first.lag === second?.lag ? second : undefined;
    });
    await plant.tell('pulses 500');
    const after = await plant.until('every pulse in the register', async () => {
      const now = await difference();
      return now?.lag === before.lag ? now : undefined;
    });
    expect(after.sent - before.sent).toBeGreaterThanOrEqual(500);
  });

  test.each([
    ['cut pressure', 'mend pressure', 'loop-open'],
    ['short pressure', 'mend pressure', 'loop-short'],
    ['adc absent', 'adc present', 'bus-error'],
    ['cut temperature', 'mend temperature', 'loop-open'],
  ])(
    '%s is a null with its reason, and comes back by itself',
    { timeout: 120_000 },
    async (fault, repair, why) => {
      await packWhere('a good figure', ({ quality }) => quality === 'good');
      await plant.tell(fault);
      const broken = await packWhere(why, (pack) => pack.why === why);
      expect(broken.hydrogen).toBeNull();
      await plant.tell(repair);
      await packWhere(
        'recovery',
        ({ quality, hydrogen }) => quality === 'good' && hydrogen !== null,
      );
    },
  );

  test.each([
    ['unplug', 'replug'],
    ['reset', undefined],
  ])(
    'the board: %s is survived without a new process',
    { timeout: 180_000 },
    async (fault, repair) => {
      await packWhere('a good figure', ({ quality }) => quality === 'good');
      const pid = plant.device.child.pid;
      await plant.tell(fault);
      await packWhere('unknown', ({ quality }) => quality === 'bad');
      if (repair !== undefined) await plant.tell(repair);
      await packWhere('recovery', ({ quality }) => quality === 'good');
      expect(plant.device.child.pid).toBe(pid);
      expect(plant.device.child.exitCode).toBeNull();
    },
  );
}

describeWithPeers('the whole path, Firmata over TCP', [], () =>
  theWholePath(() => 'tcp://127.0.0.1:0'),
);

describeWithPeers('the whole path, a serial port', ['socat'], () => {
  const folder = temporaryFolder();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  theWholePath(() => `pty:${join(folder, 'ttyKADORU')}`);
});
