// Uploads with Uppy 6. `endpoint` is the signer's address: https://api.example.com, or with a session of your backend
// https://api.example.com/u/<session>.
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";

export function createUploader(endpoint) {
  const uppy = new Uppy();
  uppy.use(AwsS3, { companionEndpoint: endpoint });
  return uppy;
}
