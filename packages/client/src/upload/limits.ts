/** The largest file that is sent in one form, in bytes. Larger ones are sent in parts, so that they can be paused. */
export const MAX_FORM_BYTES = 16 * 2 ** 20;

/** The size of a part in bytes. S3 needs 5 MiB. */
export const PART_BYTES = 8 * 2 ** 20;

/** S3's maximum number of parts. */
export const MAX_PARTS = 10_000;

/** The number of parts that are sent at a time. */
export const CONCURRENT_PARTS = 3;

/** The pauses before a request is repeated after a temporary failure, in milliseconds. */
export const RETRY_DELAYS: readonly number[] = [500, 2000, 5000];

/** The time for which the signer may hold a request for the state of an upload, in seconds. */
export const WAIT_SECONDS = 20;

/** The pause between two such requests in milliseconds. A signer at its limit of waiting requests answers at once. */
export const WAIT_PAUSE = 250;
