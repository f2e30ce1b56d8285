import { expect, test } from 'vitest';
import { rememberedPerson, rememberPerson } from './person.ts';

test('a name is typed once, and a browser that forbids storage still gets a form', () => {
  const kept = new Map<string, string>();
  const storage = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  expect(rememberedPerson(storage)).toBe('');
  rememberPerson(storage, '佐藤');
  expect(rememberedPerson(storage)).toBe('佐藤');
  const forbidden = () => {
    throw new Error('SecurityError');
  };
  expect(() => rememberPerson(forbidden, '佐藤')).not.toThrow();
  expect(rememberedPerson(forbidden)).toBe('');
});
