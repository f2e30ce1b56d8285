import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { hashPassword, parsePasswordHash, verifyPassword, type PasswordHash } from './password.ts';

vi.setConfig({ testTimeout: 60_000 });

const password = 'correct horse battery staple';

function parsed(text: string): PasswordHash {
  const hash = parsePasswordHash(text);
  if (hash === undefined) throw new Error(`not a hash: ${text}`);
  return hash;
}

test('a password fits its own hash and no other', async () => {
  const hash = parsed(await hashPassword(password));
  expect(await verifyPassword(password, hash)).toBe(true);
  expect(await verifyPassword(`${password} `, hash)).toBe(false);
  expect(await verifyPassword('', hash)).toBe(false);
  expect(await verifyPassword('x'.repeat(5000), hash)).toBe(false);
});

test('the same password hashes differently each time, and never shows', async () => {
  const [one, other] = await Promise.all([hashPassword(password), hashPassword(password)]);
  expect(one).not.toBe(other);
  expect(one).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/);
  expect(one).not.toContain(password);
});

test('scrypt is what RFC 7914 says: the vector of section 12', async () => {
  // "pleaseletmein", "SodiumChloride", N = 16384, r = 8, p = 1; the first 32 bytes of its 64, as scrypt's last step
  // (PBKDF2 with SHA-256) makes them independently of the length.
  const key = Buffer.from(
    '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2',
    'hex',
  );
  const salt = Buffer.from('SodiumChloride');
  const hash = { log2N: 14, blockSize: 8, passes: 1, salt, key };
  expect(await verifyPassword('pleaseletmein', hash)).toBe(true);
  expect(await verifyPassword('pleaseletmeIn', hash)).toBe(false);
});

test('too short a password is refused with its length', async () => {
  await expect(hashPassword('short')).rejects.toThrow(/12 to 1024 characters; this one has 5/);
});

test('costs that would exhaust the machine are no hash', async () => {
  const good = await hashPassword(password);
  for (const costs of [
    'ln=18,r=8,p=5',
    'ln=14,r=9,p=5',
    'ln=14,r=8,p=17',
    'ln=0,r=8,p=5',
    'ln=14,r=0,p=5',
    'ln=99,r=99,p=99',
  ])
    expect(parsePasswordHash(good.replace('ln=14,r=8,p=5', costs)), costs).toBeUndefined();
});

test('reading a hash never throws', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.stringMatching(/^\$scrypt\$ln=\d+,r=\d+,p=\d+\$.*$/)),
      (text) => {
        const hash = parsePasswordHash(text);
        if (hash !== undefined) expect(hash.key).toHaveLength(32);
      },
    ),
  );
});
