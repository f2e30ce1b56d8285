import { expect, test } from 'vitest';
import type { Age } from '../plant/age.ts';
import { en as enMembers } from '../members/words/en.ts';
import { ja as jaMembers } from '../members/words/ja.ts';
import { en as enWords } from '../work/words/en.ts';
import { ja as jaWords } from '../work/words/ja.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';
import { rememberedLanguage, rememberLanguage } from './language.ts';

type Node = string | ((...given: never[]) => string) | { readonly [key: string]: Node };

/** Every text with its dotted key. Functions are listed by what they take. */
function leaves(node: Node, path: string): Map<string, string> {
  if (typeof node === 'string') return new Map([[path, node]]);
  if (typeof node === 'function') return new Map([[path, `takes ${node.length}`]]);
  const children = Object.entries(node).flatMap(([key, child]) => [
    ...leaves(child, `${path}.${key}`),
  ]);
  return new Map(children);
}

test('both languages have the same keys, and no text is empty', () => {
  const japanese = leaves({ ...ja, forms: jaWords, members: jaMembers }, '');
  const english = leaves({ ...en, forms: enWords, members: enMembers }, '');
  expect([...english.keys()]).toEqual([...japanese.keys()]);
  for (const [key, text] of [...japanese, ...english]) expect(text.trim(), key).not.toBe('');
});

test('English texts hold no Japanese, but for the name of the other language', () => {
  for (const [key, text] of leaves({ ...en, forms: enWords, members: enMembers }, '')) {
    if (key !== '.language.switchTo') expect(text, key).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
  }
});

test('every age is a sentence in both languages', () => {
  const ages: Age[] = [
    { kind: 'never' },
    { kind: 'ahead', seconds: 9 },
    { kind: 'seconds', seconds: 3 },
    { kind: 'minutes', minutes: 4 },
    { kind: 'hours', hours: 5, minutes: 6 },
    { kind: 'days', days: 7 },
  ];
  const said = ages.flatMap((age) => [ja.age(age), en.age(age)]);
  expect(new Set(said).size).toBe(ages.length * 2);
  expect(said).toContain('3 秒前');
  expect(said).toContain('5 h 6 min ago');
});

test('the language is remembered, and a browser that forbids storage still gets a page', () => {
  const kept = new Map<string, string>();
  const storage = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  expect(rememberedLanguage(storage)).toBe('ja');
  expect(rememberLanguage(storage, 'en')).toBe(true);
  expect(rememberedLanguage(storage)).toBe('en');
  const forbidden = () => {
    throw new Error('SecurityError');
  };
  expect(rememberedLanguage(forbidden)).toBe('ja');
  expect(rememberLanguage(forbidden, 'en')).toBe(false);
});
