// Uploads with Uppy. `endpoint` is the signer's address: https://api.example.com, or with a session of your backend
// https://api.example.com/u/<session>. The packages: npm install @uppy/core @uppy/aws-s3
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";

/** An uploader of Uppy 6. With version 5 the option `companionEndpoint` is called `endpoint`. */
export function createUploader(endpoint) {
  const uppy = new Uppy();
  uppy.use(AwsS3, { companionEndpoint: endpoint });
  return finishAtTheCdn(uppy, endpoint);
}

/**
 * Completes an upload only when its files have been checked: `uploadURL` is then the URL for viewers, for every way of
 * sending, and a refused file has failed. For Uppy 5 and 6.
 */
export function finishAtTheCdn(uppy, endpoint) {
  uppy.addPostProcessor((fileIds) => Promise.all(fileIds.map((fileId) => finish(uppy, endpoint, fileId))));
  return uppy;
}

async function finish(uppy, endpoint, fileId) {
  const file = uppy.getFile(fileId);
  if (!file?.response || file.error) return;
  const id = file.response.body.key.split("/")[1];
  try {
    const { publicUrl } = await checkedUpload(endpoint, id);
    uppy.setFileState(fileId, { uploadURL: publicUrl, response: { ...file.response, uploadURL: publicUrl } });
  } catch (error) {
    uppy.emit("upload-error", file, error);
  }
}

/** The status of an upload that is clean. The signer holds each request for 20 seconds at most. */
async function checkedUpload(endpoint, id) {
  for (;;) {
    const response = await fetch(`${endpoint}/uploads/${id}?wait=20`);
    const upload = await response.json();
    if (upload.state === "clean") return upload;
    if (upload.state !== "pending") throw new Error(upload.detail);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
