import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deviceIdSchema, idSchema } from '#device/contract';
import { healthSchema } from '#gateway/contract';
import { en } from '../../dashboard/first-hour/words/en.ts';
import { ja } from '../../dashboard/first-hour/words/ja.ts';
import { sitesYaml } from '../../dashboard/first-hour/yaml.ts';
import { healthFound } from '../../dashboard/link/health-shape.ts';
import { en as textsEn } from '../../dashboard/texts/en.ts';
import { ja as textsJa } from '../../dashboard/texts/ja.ts';
import { parseConfig } from '../../gateway/config/load.ts';
import { energyQuantities } from '../../gateway/config/meters.ts';
import { assumedOfAnyPack } from '../../gateway/config/plant.ts';

/** What the page offers to paste is what the gateway takes. */
const id = fc
  .stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/)
  .filter((text) => idSchema.safeParse(text).success && deviceIdSchema.safeParse(text).success);
const pack = fc.constant<string[]>(['pressure', 'temperature']);
const meter = fc.subarray<string>([...energyQuantities, 'power'], { minLength: 1 });
const found = fc
  .uniqueArray(fc.record({ site: id, device: id, asset: id, quantities: fc.oneof(pack, meter) }), {
    selector: ({ site, asset }) => `${site}/${asset}`,
    maxLength: 6,
  })
  // The example names: they must not meet an asset of that name.
  .filter((assets) => assets.every(({ asset }) => !['pack-1', 'pv-1'].includes(asset)));

test('the lines to paste are a configuration, and name everything that was heard', () => {
  fc.assert(
    fc.property(found, fc.constantFrom(ja, en), (assets, words) => {
      const yaml = sitesYaml(assets, { pack: true, meter: true }, words.naming);
      const { sites } = parseConfig(yaml, 'gateway.yaml', {});
      const named = sites.flatMap((site) =>
        [...site.packs, ...site.generators, ...site.meters].map(
          (each) => `${site.id}/${each.device}/${each.id}`,
        ),
      );
      for (const { site, device, asset, quantities } of assets)
        if (quantities.some((each) => each !== 'power'))
          expect(named).toContain(`${site}/${device}/${asset}`);
      expect(sites.flatMap(({ packs }) => packs).length).toBeGreaterThan(0);
      expect(sites.flatMap((site) => [...site.generators, ...site.meters]).length).toBeGreaterThan(
        0,
      );
    }),
  );
});

test('everything that is assumed of a pack has words, and the page reads what health tells', () => {
  expect(assumedOfAnyPack.length).toBeGreaterThan(8);
  for (const { field, value } of assumedOfAnyPack)
    for (const texts of [textsJa, textsEn])
      expect(texts.pack.assumedValue[field](value)).toBeTruthy();
  const { devices, unknownAssets, assumptions } = healthSchema.shape;
  const told = {
    devices: devices.parse([
      {
        site: 'keihin',
        device: 'pi-1',
        configured: false,
        state: 'online',
        since: 1,
        reason: 'state',
        lastMeasuredAt: null,
      },
    ]),
    unknownAssets: unknownAssets.parse([
      { site: 'keihin', device: 'pi-1', asset: 'pack-1', quantities: ['pressure'] },
    ]),
    assumptions: assumptions.parse(assumedOfAnyPack),
  };
  expect(healthFound(told)).toBe(true);
});
