import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { densitySrcset, srcset } from "@tintype/client";
import { LinkError, sessionToken, signedDensitySrcset, signedSrcset, signedText, signedUrl } from "@tintype/client/sign";

const read = (path) => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url)));

const SECRET = "0123456789abcdef0123456789abcdef";
const CAT = "/files/1/cat.jpg";

/** The policy's preset of the vectors. */
const presets = { card: "w=200&h=200&fit=crop&blur=20" };

test("the links of the vectors have their signatures", async () => {
  const vectors = read("cdn-config/fixtures/link-vectors.json");
  assert.ok(vectors.length > 60);
  for (const { rule, path, query, expires, key, file, parameters, canonical, signature, url } of vectors) {
    const src = query ? `${path}?${query}` : path;
    const end = expires ?? undefined;
    assert.equal(signedText(src, end, presets), canonical + (end ? `?expires=${end}` : ""), rule);
    assert.equal(await signedUrl(key, src, { expires: end, presets }), url, rule);
    const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
    const again = await signedUrl(key, `${file}?${pairs.join("&")}`, { expires: end });
    assert.ok(again.endsWith(`s=${signature}`), `${rule}: ${again}`);
  }
});

test("the passes of the vectors have their signatures", async () => {
  const vectors = read("cdn-config/fixtures/pass-vectors.json");
  assert.ok(vectors.length > 5);
  for (const { rule, link, expires, key, text, url } of vectors) {
    assert.equal(signedText(link, expires), text, rule);
    assert.equal(await signedUrl(key, link, { expires }), url, rule);
  }
  await assert.rejects(signedUrl(SECRET, "/private-videos/1/index.m3u8"), /needs an end/);
});

test("the names of colours and the sentences of errors are those of the edge function", () => {
  const stored = read("deploy/cdn.json").keyValues;
  const withPrefix = (prefix) => stored.filter(({ key }) => key.startsWith(prefix));
  const colors = withPrefix("color/");
  assert.ok(colors.length > 140);
  for (const { key, value } of colors) {
    assert.equal(signedText(`${CAT}?bg=${key.slice(6)}`), `${CAT}/bg=${value},fm=auto`, key);
  }
  const sentences = withPrefix("refusal/");
  for (const name of "w h dpr fit enlarge crop fp-x fp-y ar rect rot flip trim light blur sharp mark bg q lossless frame explain fm auto v".split(" ")) {
    const { value } = sentences.find(({ key }) => key === `refusal/${name}`);
    const { detail } = JSON.parse(value).body;
    assert.throws(() => signedText(`${CAT}?${name}=!`), { name: "LinkError", message: detail, parameter: name });
  }
});

test("a request that would be refused isn't signed", async () => {
  const check = (url, sentence) => assert.rejects(signedUrl(SECRET, url), (error) => error instanceof LinkError && sentence.test(error.message));
  await check(`${CAT}?w=1&width=2`, /'w' must be given once/);
  await check(`${CAT}?wdith=2`, /did you mean 'width'/);
  await check(`${CAT}?preset=card`, /there is no preset 'card'/);
  await check(`${CAT}?preset=constructor`, /there is no preset/);
  await check(`${CAT}?original&w=1`, /'original' must be given alone/);
  await check("/files/../cat.jpg", /a dot segment/);
  await check("/cat.jpg", /begin with \/files\//);
  await check("cat.jpg", /it is not a URL/);
  await check("https://cdn.example.com?/files/1/cat.jpg", /it is not a URL/);
});

test("a short secret signs nothing, and of two the new one signs", async () => {
  await assert.rejects(signedUrl("short", CAT), /at least 32 bytes/);
  await assert.rejects(signedUrl(`,${SECRET}`, CAT), /at least 32 bytes/);
  assert.equal(await signedUrl(`${SECRET},${"0".repeat(32)}`, CAT), await signedUrl(SECRET, CAT));
});

test("a time is its seconds, and milliseconds are an error", async () => {
  const bySeconds = await signedUrl(SECRET, CAT, { expires: 2_000_000_000 });
  assert.equal(await signedUrl(SECRET, CAT, { expires: new Date(2_000_000_000_999) }), bySeconds);
  for (const expires of [2_000_000_000_000, 2_000_000_000.5, 1, new Date(Number.NaN)]) {
    await assert.rejects(signedUrl(SECRET, CAT, { expires }), /seconds since 1970/);
  }
});

test("each candidate of a signed srcset has its own signature", async () => {
  const strip = (text) => text.replace(/&expires=\d+&s=[\w-]{43}/g, "");
  const options = { sourceWidth: 700, expires: 2_000_000_000 };
  const signed = await signedSrcset(SECRET, CAT, { blur: 40 }, options);
  assert.equal(strip(signed), srcset(CAT, { blur: 40 }, options));
  assert.equal(new Set(signed.match(/s=[\w-]{43}/g)).size, signed.split(", ").length);
  const dense = await signedDensitySrcset(SECRET, CAT, { w: 48 }, { ratios: [1, 2], expires: 2_000_000_000 });
  assert.equal(strip(dense), densitySrcset(CAT, { w: 48 }, [1, 2]));
});

test("the token of a session has its claims", async () => {
  const before = Math.floor(Date.now() / 1000);
  const token = await sessionToken(SECRET, "alice", { seconds: 60, types: ["image/*"], maxBytes: 1000, prefix: "private/" });
  const { exp, ...claims } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  assert.deepEqual(claims, { sub: "alice", types: ["image/*"], maxBytes: 1000, prefix: "private/" });
  assert.ok(exp >= before + 60 && exp <= Date.now() / 1000 + 60);
  await assert.rejects(sessionToken(SECRET, ""), /1 to 255 bytes/);
});
