import assert from "node:assert/strict";
import { test } from "node:test";

import { fill, MAX_CHANGES, type Pair, type Store } from "../fill/fill";

/** A store that rejects the calls that CloudFront rejects. */
class MemoryStore implements Store {
  private number = 1;
  readonly calls: string[] = [];

  constructor(readonly content: Map<string, string>) {}

  version(): Promise<string> {
    return Promise.resolve(String(this.number));
  }

  pairs(): Promise<Map<string, string>> {
    return Promise.resolve(new Map(this.content));
  }

  update(version: string, puts: readonly Pair[], deletes: readonly string[]): Promise<string> {
    assert.equal(version, String(this.number), "a write must name the newest version");
    assert.ok(puts.length + deletes.length > 0 && puts.length + deletes.length <= MAX_CHANGES);
    for (const { key, value } of puts) this.content.set(key, value);
    for (const key of deletes) assert.ok(this.content.delete(key));
    this.calls.push(`${puts.length} in, ${deletes.length} out`);
    this.number += 1;
    return this.version();
  }
}

const pairs = (count: number, value: string): Pair[] =>
  Array.from({ length: count }, (_, place) => ({ key: `k${place}`, value }));
const mapped = (all: Pair[]): Map<string, string> => new Map(all.map(({ key, value }) => [key, value]));

test("a filled store holds exactly the given pairs, written in calls of at most fifty changes", async () => {
  const check = async (before: Pair[], wanted: Pair[], calls: string[]): Promise<void> => {
    const store = new MemoryStore(mapped(before));
    const changes = await fill(store, wanted);
    assert.deepEqual(store.content, mapped(wanted));
    assert.deepEqual(store.calls, calls);
    assert.equal(
      changes,
      calls.flatMap((call) => call.match(/\d+/g) ?? []).reduce((sum, one) => sum + Number(one), 0),
    );
  };
  await check([], pairs(120, "a"), ["50 in, 0 out", "50 in, 0 out", "20 in, 0 out"]);
  await check(pairs(3, "a"), pairs(3, "a"), []);
  await check(pairs(3, "a"), pairs(4, "a"), ["1 in, 0 out"]);
  await check(pairs(60, "a"), pairs(55, "b"), ["50 in, 0 out", "5 in, 5 out"]);
  await check(pairs(2, "a"), [], ["0 in, 2 out"]);
});

test("a store that changes concurrently is an error", async () => {
  const store = new MemoryStore(new Map());
  store.version = () => Promise.resolve("0");
  await assert.rejects(fill(store, pairs(1, "a")), /newest version/);
});
