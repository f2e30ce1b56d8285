import { useTexts } from '../../texts/texts.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export type Words = typeof ja;

/** The words of the credits by member in the language of the page. */
export function useWords(): Words {
  return useTexts().language.code === 'en' ? en : ja;
}
