import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { ja } from './ja.ts';

/** The keys and the arguments of every text; a language that lacks one does not compile. */
export type Texts = typeof ja;

/** The texts of the language in use, for every component below `TextsContext.Provider`. */
export const TextsContext = createContext<Texts>(ja);

export function useTexts(): Texts {
  return useContext(TextsContext);
}
