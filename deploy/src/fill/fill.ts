// Makes a key-value store hold exactly the given pairs.

/** A client of a store. A version is the store's `ETag`. Every write must name the newest version. */
export interface Store {
  /** Waits until the store can be read and written, and returns its version. */
  version(): Promise<string>;
  pairs(): Promise<Map<string, string>>;
  /** Makes at most {@link MAX_CHANGES} changes, and returns the new version. */
  update(version: string, puts: readonly Pair[], deletes: readonly string[]): Promise<string>;
}

export interface Pair {
  readonly key: string;
  readonly value: string;
}

/** The maximum number of changes in one call (CloudFront's quotas, "key value stores"). */
export const MAX_CHANGES = 50;

/** The pauses between attempts in milliseconds. Together they last longer than IAM takes to propagate a new permission. */
const PAUSES = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000];

/**
 * Runs a task, and again after a growing pause if it fails: permissions of a new role may apply only after some seconds, and
 * another deployment may write to the store. Throws the last error.
 */
export async function persistently<T>(
  task: () => Promise<T>,
  pause: (milliseconds: number) => Promise<void>,
): Promise<T> {
  for (const milliseconds of PAUSES) {
    try {
      return await task();
    } catch {
      await pause(milliseconds);
    }
  }
  return task();
}

/** Writes pairs that differ, deletes all other pairs, and returns the number of changes. */
export async function fill(store: Store, wanted: readonly Pair[]): Promise<number> {
  let version = await store.version();
  const found = await store.pairs();
  const puts = wanted.filter(({ key, value }) => found.get(key) !== value);
  const kept = new Set(wanted.map(({ key }) => key));
  const deletes = [...found.keys()].filter((key) => !kept.has(key));
  const changes = puts.length + deletes.length;
  // Writes come first, so that the edge function never reads a policy whose sentences are already deleted.
  while (puts.length > 0 || deletes.length > 0) {
    const some = puts.splice(0, MAX_CHANGES);
    version = await store.update(version, some, deletes.splice(0, MAX_CHANGES - some.length));
  }
  return changes;
}
