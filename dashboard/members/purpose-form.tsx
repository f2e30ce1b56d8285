import { useId, useState } from 'preact/hooks';
import { purposeLength } from './pull.ts';
import { useWords } from './words/words.ts';

interface PurposeFormProps {
  readonly busy: boolean;
  readonly ask: (purpose: string) => void;
}

/** Says that looking is recorded before anybody looks, and asks why. */
export function PurposeForm({ busy, ask }: PurposeFormProps) {
  const words = useWords();
  const id = useId();
  const [typed, setTyped] = useState<string | undefined>();
  const [wrong, setWrong] = useState(false);
  const purpose = typed ?? words.defaultPurpose;
  const submit = (event: Event): void => {
    event.preventDefault();
    const { length } = purpose.trim();
    const fits = length >= purposeLength.least && length <= purposeLength.most;
    setWrong(!fits);
    if (fits) ask(purpose.trim());
  };
  return (
    <form class="members-ask" onSubmit={submit} noValidate>
      <p>{words.recorded}</p>
      <div class="field">
        <label for={id}>{words.purpose}</label>
        <input
          id={id}
          name="purpose"
          type="text"
          value={purpose}
          maxLength={purposeLength.most}
          aria-required="true"
          aria-invalid={wrong}
          aria-describedby={`${id}-hint ${id}-error`}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <p class="field-hint" id={`${id}-hint`}>
          {words.purposeHint}
        </p>
        <p class="field-error" id={`${id}-error`} role="alert">
          {wrong ? words.purposeMissing : ''}
        </p>
      </div>
      <button type="submit" class="main-button" disabled={busy}>
        {words.show}
      </button>
    </form>
  );
}
