// What @tintype/cdk exports.
export {
  TintypeDelivery,
  type TintypeDeliveryProps,
  type TintypeOptions,
  TintypeStack,
  type TintypeStackProps,
  TintypeUploads,
  type TintypeUploadsProps,
} from "./package";
export { ConfigError } from "./schema";
