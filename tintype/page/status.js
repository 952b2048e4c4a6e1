import { failureOf, reached } from "./failure.js";

/** How long to wait before asking again, in milliseconds: at first, and at most. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 1000;

/** How long a video may have no status before it is taken for one that isn't transcoded, in milliseconds. */
const PATIENCE = 5000;

const ENDED = ["ready", "failed", "canceled"];

/**
 * The status document of an uploaded video at the end of its way; undefined where it has none, because nobody
 * transcodes it. `onChange` gets each that comes before.
 */
export async function followed({ path }, onChange) {
  const id = path.split("/")[2];
  const begun = performance.now();
  for (let pause = FIRST_PAUSE; ; pause = Math.min(1.5 * pause, LONGEST_PAUSE)) {
    const response = await reached(fetch(`/videos/${id}/status.json`), { aborted: false });
    if (response.ok) {
      const status = await reached(response.json(), { aborted: false });
      if (ENDED.includes(status.state)) return status;
      onChange(status);
    } else if (response.status !== 404) {
      throw await failureOf(response);
    } else if (performance.now() - begun > PATIENCE) {
      return undefined;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
