// Makes a key-value store hold exactly the pairs that it should.

/** What is needed of a store's client. A version is the store's `ETag`: a write must name the newest. */
export interface Store {
  /** The version, once the store can be read and written. */
  version(): Promise<string>;
  pairs(): Promise<Map<string, string>>;
  /** At most {@link MOST} changes at once; gives the new version. */
  update(version: string, puts: readonly Pair[], deletes: readonly string[]): Promise<string>;
}

export interface Pair {
  readonly key: string;
  readonly value: string;
}

/** Changes that one call may make (CloudFront's quotas, "key value stores"). */
export const MOST = 50;

/** Writes what differs and deletes what is too much; gives the number of changes. */
export async function fill(store: Store, wanted: readonly Pair[]): Promise<number> {
  let version = await store.version();
  const found = await store.pairs();
  const puts = wanted.filter(({ key, value }) => found.get(key) !== value);
  const kept = new Set(wanted.map(({ key }) => key));
  const deletes = [...found.keys()].filter((key) => !kept.has(key));
  const changes = puts.length + deletes.length;
  // What is new comes first, so that no request meets a policy whose sentences are gone.
  while (puts.length > 0 || deletes.length > 0) {
    const some = puts.splice(0, MOST);
    version = await store.update(version, some, deletes.splice(0, MOST - some.length));
  }
  return changes;
}
