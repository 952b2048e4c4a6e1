import { typeName } from "./format.js";

/** An error with a message for the user. */
export class Failure extends Error {
  /** `status` is that of the refusing response, if there is one. `summary` is a shorter message. */
  constructor(message, status, summary = message) {
    super(message);
    this.status = status;
    this.summary = summary;
  }
}

/** The failure in an unsuccessful response: a problem document (RFC 9457), or the message that Uppy reads. */
export async function responseFailure(response) {
  const problem = await response.json().catch(() => undefined);
  const text = problem?.detail ?? problem?.message;
  if (typeof text !== "string") {
    const answer = `The server answered ${response.status} ${response.statusText}`.trim();
    return new Failure(`${answer}.`, response.status);
  }
  const allowed = Array.isArray(problem.allowed)
    ? problem.allowed.filter((one) => !text.includes(one))
    : [];
  const names = new Set(allowed.map((one) => (/^[^/*]+\/[^/*]+$/.test(one) ? typeName(one) : one)));
  const list = names.size ? ` Allowed: ${[...names].join(", ")}.` : "";
  return new Failure(sentence(text) + list, response.status, sentence(text));
}

/** The failure in an answer of S3: the `Message` of its XML. */
export function storageFailure(status, body) {
  const document = new DOMParser().parseFromString(body, "text/xml");
  const message = document.querySelector("Error > Message")?.textContent.trim();
  return new Failure(message ? sentence(message) : `The storage refused the file and answered ${status}.`);
}

/** The failure of an uploaded file that isn't served, with the reason. */
export function checkFailure(detail) {
  const reason = typeof detail === "string" ? ` ${sentence(detail)}` : "";
  return new Failure(`The file was checked and is not served.${reason}`);
}

/** The message for any error. */
export function messageOf(error) {
  if (error instanceof Failure) return error.message;
  if (error.name === "TimeoutError") return "The server took too long to answer.";
  return `Something went wrong in this page: ${error.message}`;
}

/** Awaits a network operation. Rejects with a `Failure` if the connection fails. */
export async function withNetworkFailure(promise, signal) {
  try {
    return await promise;
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Failure("The server can't be reached. Check that it is running, then try again.");
  }
}

/** A text as a sentence: with a capital letter and a full stop. */
function sentence(text) {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
