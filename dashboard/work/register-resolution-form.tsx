import { useState } from 'preact/hooks';
import type { ShownRegisterEvent } from '#gateway/contract';
import { japanClock, japanMoment, registerText } from '../format.ts';
import { registerResolutionPath } from '../link/paths.ts';
import { registerResolutionFields } from './meter-fields.ts';
import { nameOf, useMeterNames } from './meter-names.ts';
import type { MeterFormProps } from './meter-reading-form.tsx';
import { personField, WorkForm } from './work-form.tsx';
import { useWords } from './words/words.ts';

interface RegisterResolutionFormProps extends MeterFormProps {
  readonly event: ShownRegisterEvent;
}

/** What a person says of an event; each kind tells what it does to the energy. */
export function RegisterResolutionForm(props: RegisterResolutionFormProps) {
  const { meters, event, nowMs, close } = props;
  const words = useWords();
  const names = useMeterNames(meters);
  const { resolution, events } = words.meter;
  const [kind, setKind] = useState('');
  const step = events.step(registerText(event.before), registerText(event.after));
  const moment = japanMoment(event.at, nowMs, japanClock);
  return (
    <WorkForm
      title={resolution.title}
      explain={resolution.explain}
      about={words.id(`${nameOf(names, event.meter)} ${moment} ${step}`)}
      fields={[...registerResolutionFields(words, event, kind), personField(words)]}
      path={registerResolutionPath(event.id)}
      identified={false}
      typed={(values) => setKind(values['kind'] ?? '')}
      close={close}
    />
  );
}
