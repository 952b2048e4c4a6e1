// The secret of signed links, by the rules of `contract::signing_keys`.

/** The shortest and the longest secret in bytes. */
const MIN_BYTES = 32;
const MAX_BYTES = 256;

/** The error for a text that holds no valid secrets. The message contains no part of the text. */
export class LinkSecretError extends Error {}

/** Reads `current`, or `current,previous` during a rotation. Returns the keys as the edge function reads them. */
export function signingKeys(text: string): string {
  const secrets = text.split(",").map((secret) => secret.trim());
  if (secrets.length > 2) throw new LinkSecretError("the secret of signed links has more than two parts");
  for (const secret of secrets) {
    const bytes = Buffer.byteLength(secret);
    if (bytes < MIN_BYTES || bytes > MAX_BYTES) {
      throw new LinkSecretError(
        `each part of the secret of signed links has ${MIN_BYTES} to ${MAX_BYTES} bytes; one has ${bytes}. ` +
          "Write `current`, or `current,previous` during a rotation",
      );
    }
  }
  return secrets.join(",");
}
