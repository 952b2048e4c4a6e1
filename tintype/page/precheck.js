import { Failure } from "./failure.js";
import { limitConcurrency } from "./concurrency.js";
import { typeOf } from "./format.js";
import { askForForm } from "./form-upload.js";

/** The number of types about which the signer is asked concurrently. */
const CONCURRENT = 6;

const NEVER = new AbortController().signal;

/**
 * Finds out which files can't be taken, before any is sent. Resolves to a map from these files to the reasons. The signer decides: it is
 * asked for a form for the largest file of each type, and for the next one if that is too large. Without an answer nothing is refused;
 * the upload will say what is wrong.
 */
export async function refusedFiles(files) {
  const refused = new Map();
  const byType = new Map();
  for (const file of files) {
    if (file.size === 0) refused.set(file, "The file is empty.");
    else byType.set(typeOf(file), [...(byType.get(typeOf(file)) ?? []), file]);
  }
  const inTurn = limitConcurrency(CONCURRENT);
  const asked = [...byType].map(([type, some]) => inTurn(() => askAbout(type, some, refused)));
  await Promise.all(asked);
  return refused;
}

async function askAbout(type, files, refused) {
  const bySize = [...files].sort((a, b) => b.size - a.size);
  for (const file of bySize) {
    const failure = await failureOf(file, type);
    if (!failure) return;
    const isTooLarge = failure.status === 413;
    for (const one of isTooLarge ? [file] : files) refused.set(one, failure.summary);
    if (!isTooLarge) return;
  }
}

/** Rejects with the signer's refusal of a file, if it refuses it. */
export async function refuseBefore(file, type) {
  const failure = await failureOf(file, type);
  if (failure) throw failure;
}

/** The signer's refusal of a file, if it refuses it. */
async function failureOf(file, type) {
  try {
    await askForForm(file, type, NEVER);
  } catch (failure) {
    const isRefusal = failure instanceof Failure && [413, 415].includes(failure.status);
    return isRefusal ? failure : undefined;
  }
}
