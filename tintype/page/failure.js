/** What went wrong, in words for the person at the page. */
export class Failure extends Error {}

/** The failure that an unsuccessful response of the service tells of: RFC 9457, or what Uppy reads. */
export async function failureOf(response) {
  const problem = await response.json().catch(() => undefined);
  const words = problem?.detail ?? problem?.message;
  if (typeof words !== "string") {
    return new Failure(`The server answered ${response.status} ${response.statusText}`.trim() + ".");
  }
  const allowed = Array.isArray(problem.allowed)
    ? problem.allowed.filter((one) => !words.includes(one))
    : [];
  return new Failure(sentence(words) + (allowed.length ? ` Allowed: ${allowed.join(", ")}.` : ""));
}

/** The failure that S3 tells of: the `Message` of its XML. */
export function failureOfStorage(status, body) {
  const document = new DOMParser().parseFromString(body, "text/xml");
  const message = document.querySelector("Error > Message")?.textContent.trim();
  return new Failure(message ? sentence(message) : `The storage refused the file and answered ${status}.`);
}

/** The failure of a file that arrived and isn't served, with the reason. */
export function failureOfCheck(detail) {
  const reason = typeof detail === "string" ? ` ${sentence(detail)}` : "";
  return new Failure(`The file was checked and is not served.${reason}`);
}

/** The words for anything thrown. */
export function wordsOf(error) {
  if (error instanceof Failure) return error.message;
  if (error.name === "TimeoutError") return "The server took too long to answer.";
  return `Something went wrong in this page: ${error.message}`;
}

/** What the network promises, with a connection that fails told in words. */
export async function reached(promise, signal) {
  try {
    return await promise;
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Failure("The server can't be reached. Check that it is running, then try again.");
  }
}

function sentence(words) {
  const capital = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
