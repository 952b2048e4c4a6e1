import assert from "node:assert/strict";

const { EDGE } = process.env;

/** Uploads a file without the page, as another browser does, and waits until the library knows all about it. Returns its id. */
export async function uploadFile(name, { type, content, ...request }) {
  const send = (path, body) =>
    fetch(EDGE + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const { id, url, fields } = await (await send("/uploads", { filename: name, type, ...request })).json();
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append("file", new Blob([content]));
  assert.equal((await fetch(url, { method: "POST", body: form })).status, 204);
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    const { state, thumbHash } = await (await fetch(`${EDGE}/library/files/${id}`)).json();
    if (state === "refused" || (state === "clean" && thumbHash)) return id;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`${name} isn't in the library`);
}

/** Deletes all files, so that a test begins with an empty library. */
export async function emptyLibrary() {
  for (;;) {
    const { files } = await (await fetch(`${EDGE}/library/files?limit=1000`)).json();
    if (files.length === 0) return;
    const body = JSON.stringify({ ids: files.map(({ id }) => id) });
    await fetch(`${EDGE}/library/deletions`, { method: "POST", headers: { "content-type": "application/json" }, body });
  }
}
