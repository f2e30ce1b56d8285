import type { LivePlant } from '#gateway/contract';
import { EnergyPanel } from '../energy/energy-panel.tsx';
import { Sign } from '../figure/sign.tsx';
import { GeneratorPanel } from '../generator/generator-panel.tsx';
import { LateMembersButton } from '../members/late-members-button.tsx';
import { SiteMeterPanel } from '../meter/site-meter-panel.tsx';
import { metersOf, siteMeters } from '../plant/meters.ts';
import { packKey, type PageState } from '../plant/state.ts';
import { useTexts } from '../texts/texts.ts';
import { Fold } from './fold.tsx';

interface DevicesProps {
  readonly plant: LivePlant;
  readonly meters: PageState['meters'];
  readonly heard: boolean;
  readonly gatewayNowMs: number;
}

/** What is generated and where it goes: each site first, then what each device and register says of itself. */
export function Devices({ plant, meters: known, heard, gatewayNowMs }: DevicesProps) {
  const texts = useTexts();
  const { meters, energy, failed } = known;
  const metersHeard = heard && !failed;
  const ofSites = siteMeters(meters, plant.generators);
  const count = plant.generators.length + ofSites.length;
  const waiting = meters.reduce((sum, { openEventCount }) => sum + openEventCount, 0);
  return (
    <section class="generators" aria-label={texts.page.generators}>
      {failed ? <p class="notice">{texts.meter.failed}</p> : null}
      {energy.map((site) => (
        <EnergyPanel
          key={site.site}
          energy={site}
          generators={plant.generators.filter((each) => each.site === site.site)}
          heard={metersHeard}
          liveHeard={heard}
          gatewayNowMs={gatewayNowMs}
        />
      ))}
      {known.asked ? <LateMembersButton heard={heard} /> : null}
      {count === 0 ? null : (
        <Fold testId="devices" summary={<Summary count={count} waiting={waiting} />}>
          {plant.generators.map((generator) => (
            <GeneratorPanel
              key={packKey(generator)}
              generator={generator}
              meters={metersOf(meters, generator)}
              heard={heard}
              metersHeard={metersHeard}
              gatewayNowMs={gatewayNowMs}
            />
          ))}
          {ofSites.map((each) => (
            <SiteMeterPanel
              key={`${each.site}/${each.asset}`}
              siteMeter={each}
              heard={metersHeard}
              gatewayNowMs={gatewayNowMs}
            />
          ))}
        </Fold>
      )}
    </section>
  );
}

/** What waits for a person is said before anything is unfolded. */
function Summary({ count, waiting }: { readonly count: number; readonly waiting: number }) {
  const texts = useTexts().page;
  return (
    <>
      {texts.devices(count)}
      {waiting === 0 ? null : (
        <span class="badge badge-alarms">
          <Sign name="changed" />
          {texts.devicesWaiting(waiting)}
        </span>
      )}
    </>
  );
}
