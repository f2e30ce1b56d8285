/** A photograph of a display; larger files are something else. */
const mostBytes = 64 * 1024 * 1024;

export type Hashed =
  | { readonly kind: 'hash'; readonly sha256: string }
  | { readonly kind: 'too-large' | 'unreadable' };

/** Browsers keep their digests from pages that come without TLS from another machine. */
export const canHash = (): boolean => 'subtle' in crypto;

/** SHA-256 in hexadecimal digits, computed here: the photograph itself goes nowhere. */
export async function hashPhoto(file: Blob): Promise<Hashed> {
  if (file.size > mostBytes) return { kind: 'too-large' };
  try {
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    const bytes = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'));
    return { kind: 'hash', sha256: bytes.join('') };
  } catch {
    return { kind: 'unreadable' };
  }
}
