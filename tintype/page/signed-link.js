import { Failure, messageOf, responseFailure, withNetworkFailure } from "./failure.js";
import { measure } from "./measure.js";

/**
 * Fetches a picture as `measure` does. If its URL needs a signature, the signer at the same address is asked for one, and `url` of
 * the result is the signed link.
 */
export async function measureSigned(url, signal) {
  try {
    return { url, ...(await measure(url, signal)) };
  } catch (refusal) {
    if (!(refusal instanceof Failure) || refusal.status !== 403) throw refusal;
    const link = await signedLink(url, signal).catch((error) => {
      throw signal.aborted ? error : new Failure(`${refusal.message} It could not be signed: ${messageOf(error)}`);
    });
    return { url: link, ...(await measure(link, signal)) };
  }
}

/** The signed link of a URL, which is valid for some seconds, or without an end. */
export async function signedLink(url, signal, seconds) {
  const expires = seconds && Math.floor(Date.now() / 1000) + seconds;
  const request = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ url, expires }),
    signal,
  };
  const response = await withNetworkFailure(fetch(new URL("/signed-urls", url), request), signal);
  if (!response.ok) throw await responseFailure(response);
  return (await response.json()).url;
}
