import { useState } from 'preact/hooks';
import { type EnergyUnit, energyParts, energyUnits, energyValue } from './energy.ts';
import { canHash, hashPhoto } from './photo.ts';
import { useWords } from './words/words.ts';

export interface SpecialInputProps {
  /** What the field's label and its words below refer to. */
  readonly common: {
    readonly id: string;
    readonly name: string;
    readonly 'aria-required': boolean;
    readonly 'aria-invalid': boolean;
    readonly 'aria-describedby': string;
  };
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
}

/** Digits as the display shows them, and the unit it shows. */
export function EnergyInput({ common, label, value, set }: SpecialInputProps) {
  const words = useWords();
  const known = energyParts(value);
  const [unit, setUnit] = useState<EnergyUnit>(known.unit);
  const choose = (next: EnergyUnit): void => {
    setUnit(next);
    set(energyValue(known.digits, next));
  };
  return (
    <div class="energy-input">
      <input
        {...common}
        type="text"
        inputMode="decimal"
        autocomplete="off"
        maxLength={20}
        value={known.digits}
        onInput={(event) => set(energyValue(event.currentTarget.value, unit))}
      />
      {energyUnits.map((each) => (
        <label class="choice" key={each}>
          <input
            type="radio"
            name={`${common.name}-unit`}
            aria-label={`${label} ${words.meter.unit} ${each}`}
            checked={each === unit}
            onChange={() => choose(each)}
          />
          {each}
        </label>
      ))}
    </div>
  );
}

/** A file that is hashed here; where the browser cannot, the hash may be typed. */
export function PhotoInput({ common, value, set }: SpecialInputProps) {
  const words = useWords().meter;
  const [said, setSaid] = useState('');
  if (!canHash())
    return (
      <>
        <input
          {...common}
          type="text"
          autocomplete="off"
          maxLength={64}
          value={value}
          onInput={(event) => set(event.currentTarget.value.toLowerCase())}
        />
        <p class="field-hint">{words.photoByHand}</p>
      </>
    );
  const choose = async (file: File | undefined): Promise<void> => {
    set('');
    setSaid('');
    if (file === undefined) return;
    const hashed = await hashPhoto(file);
    if (hashed.kind === 'hash') set(hashed.sha256);
    else setSaid(words.photoFailed[hashed.kind]);
  };
  return (
    <>
      <input
        {...common}
        type="file"
        accept="image/*"
        onChange={(event) => void choose(event.currentTarget.files?.[0])}
      />
      <p class="field-hint photo-hash" role="status" data-testid="photo-hash">
        {said === '' ? value : said}
      </p>
    </>
  );
}
