export interface ChunkLimits<Item> {
  readonly items: number;
  /** A chunk is complete once the lengths of its items reach this. */
  readonly length: number;
  readonly lengthOf: (item: Item) => number;
}

/** Cuts a stream into pieces for one commit each; none is empty. */
export async function* chunks<Item>(
  items: AsyncIterable<Item>,
  limits: ChunkLimits<Item>,
): AsyncGenerator<readonly Item[], void, undefined> {
  let chunk: Item[] = [];
  let length = 0;
  for await (const item of items) {
    chunk.push(item);
    length += limits.lengthOf(item);
    if (chunk.length < limits.items && length < limits.length) continue;
    yield chunk;
    [chunk, length] = [[], 0];
  }
  if (chunk.length > 0) yield chunk;
}
