import { failureOf, failureOfCheck, reached } from "./failure.js";
import { newPartedUpload } from "./parts.js";
import { sendWhole } from "./whole.js";

/** Larger files are sent in parts, so that they can be paused. */
const LARGEST_WHOLE = 16 * 2 ** 20;

/** How long to wait before asking again whether a file has been checked: at first, and at most, in milliseconds. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2000;

/**
 * The upload of a file, whole or in parts. `run` sends it and waits until it has been checked; it can be called again
 * after it failed or was stopped. It resolves to the path that the file is served at, and rejects with a `Failure`,
 * or as soon as `signal` aborts; `onProgress` gets percents, `onStored` is called when all has been sent. `discard`
 * removes what was sent. `isPausable` says whether `run` goes on where it was stopped, `resumes` which earlier upload
 * this is, if any.
 */
export function newUpload(file, type) {
  const parted = file.size > LARGEST_WHOLE ? newPartedUpload(file, type) : undefined;
  const sent = parted ? parted.run : (options) => sendWhole(file, type, options);
  return {
    isPausable: parted !== undefined,
    resumes: parted?.resumes,
    discard: () => parted?.discard(),
    async run({ signal, onProgress, onStored }) {
      signal.throwIfAborted();
      const { url, id } = await sent({ signal, onProgress });
      onStored();
      await checked(id, signal);
      // The page shares its origin with what is served, whatever name this machine was reached by.
      return new URL(url, location.href).pathname;
    },
  };
}

/** Waits until an upload's file is clean. A file that isn't served is a failure with the reason. */
async function checked(id, signal) {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const response = await reached(fetch(`/uploads/${id}`, { signal }), signal);
    if (!response.ok) throw await failureOf(response);
    const { state, detail } = await reached(response.json(), signal);
    if (state === "clean") return;
    if (state !== "pending") throw failureOfCheck(detail);
    await passed(pause, signal);
  }
}

/** Waits some milliseconds; rejects as soon as `signal` aborts. */
function passed(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", abort, { once: true });
  });
}
