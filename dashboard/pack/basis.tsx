import { fixed, japanDate, massText } from '../format.ts';
import { Fold } from '../page/fold.tsx';
import { useTexts } from '../texts/texts.ts';
import type { Pack } from '#gateway/contract';

/** What the figures rest on: small, but never absent. */
export function Basis({ pack }: { readonly pack: Pack }) {
  const texts = useTexts().pack;
  const { nameplate, hydrogen, assumed, calibration, legal } = pack;
  return (
    <Fold testId={`basis-${pack.id}`} summary={texts.basisSummary(assumed.length)}>
      <dl class="basis">
        <div>
          <dt>{texts.basis}</dt>
          <dd>{texts.openCylinders(pack.openCylinders)}</dd>
          {hydrogen === null ? null : <dd>{texts.equation(hydrogen.equation)}</dd>}
          <dd>{texts.uncertainty}</dd>
          <dd>
            {texts.fullReference(massText(pack.fullReferenceKg), fixed(pack.fillingPressureMpa, 1))}
          </dd>
          <dd>
            {calibration === null
              ? texts.notCalibrated
              : texts.calibration(japanDate(calibration.validUntil))}
          </dd>
          <dd>{texts.identity(pack.site, pack.id)}</dd>
        </div>
        {assumed.length === 0 ? null : (
          <div>
            <dt>{texts.assumed}</dt>
            {assumed.map(({ field, value }) => (
              <dd key={field}>{texts.assumedValue[field](value)}</dd>
            ))}
          </div>
        )}
        <div>
          <dt>{texts.nameplate}</dt>
          <dd>
            {texts.nameplateFigures(massText(nameplate.totalKg), massText(nameplate.usableKg))}
          </dd>
        </div>
        <div data-testid={`legal-${pack.id}`}>
          <dt>{texts.legal}</dt>
          <dd>
            {texts.legalFigures(
              fixed(legal.packM3, 1),
              fixed(legal.siteM3, 1),
              fixed(legal.thresholdM3, 0),
            )}
          </dd>
        </div>
      </dl>
    </Fold>
  );
}
