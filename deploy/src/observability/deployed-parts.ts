import type { Config } from "../config";
import type { Delivery } from "../delivery";
import type { Library } from "../library";
import type { Upload } from "../upload";
import type { Video } from "../video";
import type { Webhook } from "../webhook";

/** The parts of a deployment that alarms and dashboard watch. */
export interface DeployedParts {
  readonly config: Config;
  readonly delivery: Delivery | undefined;
  readonly upload: Upload | undefined;
  readonly library: Library | undefined;
  readonly video: Video | undefined;
  readonly webhook: Webhook | undefined;
}
