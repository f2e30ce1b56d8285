import { useEffect, useState } from 'preact/hooks';
import type { LivePlant } from '#gateway/contract';
import { callingOf } from '../alarms/order.ts';
import { Overview } from '../pack/overview.tsx';
import { PackPanel } from '../pack/pack-panel.tsx';
import { panelId } from '../pack/panel-id.ts';
import { memoryOf, packKey, type PageState } from '../plant/state.ts';
import { useTexts } from '../texts/texts.ts';
import { useWide } from './use-wide.ts';

interface PacksProps {
  readonly state: PageState;
  readonly plant: LivePlant;
  readonly heard: boolean;
  readonly gatewayNowMs: number;
}

/** Every pack; of several there is an overview first, and on a phone one panel at a time below it. */
export function Packs({ state, plant, heard, gatewayNowMs }: PacksProps) {
  const texts = useTexts().page;
  const wide = useWide();
  const { packs, alarms } = plant;
  const [chosen, choose] = useState<string | undefined>();
  // The panel is on the page only after it was chosen: the link alone would lead nowhere.
  useEffect(() => {
    const pack = packs.find((each) => packKey(each) === chosen);
    if (pack !== undefined) document.getElementById(panelId(pack))?.scrollIntoView();
  }, [chosen]);
  const several = packs.length > 1;
  const single = several && !wide;
  const open = packs.find((each) => packKey(each) === chosen) ?? packs[0];
  const common = { heard, gatewayNowMs };
  return (
    <>
      {several ? (
        <Overview
          {...common}
          state={state}
          packs={packs}
          alarms={alarms}
          current={single ? open : undefined}
          choose={(pack) => choose(packKey(pack))}
        />
      ) : null}
      <section class="packs" aria-label={texts.packs}>
        {packs
          .filter((pack) => !single || pack === open)
          .map((pack) => (
            <PackPanel
              {...common}
              key={packKey(pack)}
              pack={pack}
              calling={callingOf(pack, alarms, gatewayNowMs)}
              memory={memoryOf(state, packKey(pack))}
            />
          ))}
      </section>
    </>
  );
}
