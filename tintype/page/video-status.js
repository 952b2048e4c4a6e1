import { responseFailure, withNetworkFailure } from "./failure.js";

/** The first and the longest pause between two requests, in milliseconds. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 1000;

/** The time after which a video without a status counts as one that isn't transcoded, in milliseconds. */
const STATUS_TIMEOUT = 5000;

const FINAL_STATES = ["ready", "failed", "canceled"];

/**
 * Waits for the final status document of an uploaded video, which is at `path`. Resolves to undefined if the video isn't transcoded.
 * `onChange` gets each earlier document.
 */
export async function waitForFinalStatus(path, onChange) {
  const start = performance.now();
  for (let pause = FIRST_PAUSE; ; pause = Math.min(1.5 * pause, LONGEST_PAUSE)) {
    const response = await withNetworkFailure(fetch(path), { aborted: false });
    if (response.ok) {
      const status = await withNetworkFailure(response.json(), { aborted: false });
      if (FINAL_STATES.includes(status.state)) return status;
      onChange(status);
    } else if (response.status !== 404) {
      throw await responseFailure(response);
    } else if (performance.now() - start > STATUS_TIMEOUT) {
      return undefined;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
