import { responseFailure, withNetworkFailure } from "../failure.js";

/** The number of files that are read first, as many as fill a screen, and then at once: the largest page of the API. */
const FIRST_FILES = 60;
const PAGE_FILES = 1000;

/** The number of files that are read to find out what is new. */
const RECENT_FILES = 100;

/** The largest number of files that one request deletes. */
const MAX_DELETIONS = 1000;

const NEVER = { aborted: false };

/** Reads all files of the library, newest first, and calls `onPage` with each page. */
export async function readAll(onPage) {
  let cursor;
  do {
    const query = cursor ? `limit=${PAGE_FILES}&cursor=${cursor}` : `limit=${FIRST_FILES}`;
    const page = await answer(fetch(`/library/files?${query}`));
    onPage(page.files);
    cursor = page.cursor;
  } while (cursor);
}

/** The newest files. */
export async function readRecent() {
  return (await answer(fetch(`/library/files?limit=${RECENT_FILES}`))).files;
}

/** Changes what is written about a file. Resolves to the changed file. */
export function changeFile(id, change) {
  return answer(fetch(`/library/files/${id}`, { method: "PATCH", ...json(change) }));
}

/** `true` if the library has a file that is clean. */
export async function hasFile(id) {
  const response = await withNetworkFailure(fetch(`/library/files/${id}`), NEVER);
  if (response.status === 404) return false;
  return (await answer(response)).state === "clean";
}

/** Lets the file `by` take the place of the file `id`. Resolves to the new file. */
export function replaceFile(id, by) {
  return answer(fetch(`/library/files/${id}/replace`, { method: "POST", ...json({ by }) }));
}

/** Deletes files. Resolves to the ids of the deleted files, and a message for each that isn't deleted. */
export async function deleteFiles(ids) {
  const deleted = [];
  const messages = [];
  for (let start = 0; start < ids.length; start += MAX_DELETIONS) {
    const some = ids.slice(start, start + MAX_DELETIONS);
    // The request continues if the page is left.
    const request = { method: "POST", keepalive: true, ...json({ ids: some }) };
    const result = await answer(fetch("/library/deletions", request));
    deleted.push(...result.deleted);
    for (const { id, status, detail } of result.failed) {
      // Another browser has deleted it already.
      if (status === 404) deleted.push(id);
      else messages.push(detail);
    }
  }
  return { deleted, messages };
}

function json(body) {
  return { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

async function answer(request) {
  const response = await withNetworkFailure(request, NEVER);
  if (!response.ok) throw await responseFailure(response);
  return withNetworkFailure(response.json(), NEVER);
}
