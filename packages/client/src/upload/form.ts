import type { FileRequest, Sender, Settings } from "./options.js";
import { ask, retried, transmit } from "./requests.js";

interface SignedForm {
  id: string;
  url: string;
  fields: Record<string, string>;
}

/** Sends a file in one form. */
export function formSender(file: Blob, request: FileRequest & { visibility: string | undefined }, settings: Settings): Sender {
  const attempt = async (signal: AbortSignal, report: (sent: number) => void) => {
    const form = await ask<SignedForm>(settings, "POST", "/uploads", signal, { ...request, size: file.size });
    const body = new FormData();
    for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
    // S3 ignores fields after the file.
    body.append("file", file, request.filename);
    await transmit("POST", form.url, body, signal, (share) => report(Math.round(share * file.size)));
    return form.id;
  };
  return {
    send(signal, report) {
      report(0);
      return retried(settings.retryDelays, signal, () => attempt(signal, report));
    },
    // A form is stored as a whole or not at all.
    async discard() {},
  };
}
