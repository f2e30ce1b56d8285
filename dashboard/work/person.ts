import type { LanguageStorage } from '../texts/language.ts';

const key = 'kadoru-person';

/** The name typed last in this browser; empty where none was, or where the browser keeps nothing. */
export function rememberedPerson(storage: () => LanguageStorage): string {
  try {
    return storage().getItem(key) ?? '';
  } catch {
    return '';
  }
}

export function rememberPerson(storage: () => LanguageStorage, name: string): void {
  try {
    storage().setItem(key, name);
  } catch {
    // It is asked for again next time.
  }
}
