/** The id a statement goes under. The gateway answers the same content under the same id again instead of doubling it. */
export interface RequestIds {
  readonly idFor: (body: unknown) => string;
}

/**
 * The same content keeps its id, so that it may be sent again after an answer got lost; changed content gets a new one,
 * because an id stands for one content only.
 */
export function requestIds(random: () => string): RequestIds {
  let last: { readonly json: string; readonly id: string } | undefined;
  return {
    idFor(body) {
      const json = JSON.stringify(body);
      if (last?.json !== json) last = { json, id: random() };
      return last.id;
    },
  };
}

/** 128 random bits in hex. Not `randomUUID`: browsers keep that from pages served without TLS. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
