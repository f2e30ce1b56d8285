import { en } from './en.ts';
import { ja } from './ja.ts';
import type { Texts } from './texts.ts';

export type Language = 'ja' | 'en';

export const textsOf: Readonly<Record<Language, Texts>> = { ja, en };

const key = 'kadoru-language';

/** The part of `localStorage` used here; either call may throw where a browser forbids storage. */
export interface LanguageStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** The remembered language; Japanese where none was chosen or nothing can be remembered. */
export function rememberedLanguage(storage: () => LanguageStorage): Language {
  try {
    return storage().getItem(key) === 'en' ? 'en' : 'ja';
  } catch {
    return 'ja';
  }
}

/** Answers whether it could be remembered; the choice holds for this page either way. */
export function rememberLanguage(storage: () => LanguageStorage, language: Language): boolean {
  try {
    storage().setItem(key, language);
    return true;
  } catch {
    return false;
  }
}
