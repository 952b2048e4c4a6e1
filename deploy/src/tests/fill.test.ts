import assert from "node:assert/strict";
import { test } from "node:test";

import { fill, MAX_CHANGES, type Pair, persistently, type Store } from "../fill/fill";

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

type Fault = "refused" | "answer lost" | "stale";

/** A store one of whose calls fails: before its effect, after it, or by an answer without the newest write. */
class FaultyStore extends MemoryStore {
  count = 0;
  private before = new Map(this.content);

  constructor(
    content: Map<string, string>,
    private readonly failing: number,
    private readonly fault: Fault,
    private readonly required: ReadonlySet<string>,
  ) {
    super(content);
  }

  private async call<T>(act: () => Promise<T>, stale: () => Promise<T>): Promise<T> {
    this.count += 1;
    const fault = this.count === this.failing ? this.fault : undefined;
    if (fault === "refused") throw new Error("refused");
    const answer = fault === "stale" ? await stale() : await act();
    // The edge reads the store at any moment: a key of both policies is never missing.
    for (const key of this.required) assert.ok(this.content.has(key), `${key} is missing`);
    if (fault === "answer lost") throw new Error("answer lost");
    return answer;
  }

  override version(): Promise<string> {
    return this.call(
      () => super.version(),
      () => Promise.resolve("0"),
    );
  }

  override pairs(): Promise<Map<string, string>> {
    return this.call(
      () => super.pairs(),
      () => Promise.resolve(this.before),
    );
  }

  override update(version: string, puts: readonly Pair[], deletes: readonly string[]): Promise<string> {
    const act = async (): Promise<string> => {
      this.before = new Map(this.content);
      return super.update(version, puts, deletes);
    };
    return this.call(act, act);
  }
}

test("a store is filled whichever call fails, and no key of both policies is ever missing", async () => {
  const [before, wanted] = [pairs(80, "a"), pairs(70, "b")];
  const required = new Set(wanted.map(({ key }) => key));
  const run = async (failing: number, fault: Fault): Promise<FaultyStore> => {
    const store = new FaultyStore(mapped(before), failing, fault, required);
    await persistently(
      () => fill(store, wanted),
      () => Promise.resolve(),
    );
    assert.deepEqual(store.content, mapped(wanted), `${fault} at call ${failing}`);
    return store;
  };
  const { count } = await run(0, "refused");
  assert.ok(count > 3, String(count));
  for (let failing = 1; failing <= count; failing++) {
    for (const fault of ["refused", "answer lost", "stale"] as const) await run(failing, fault);
  }
});
