import { uploadFiles } from "@better-upload/client";

Object.assign(window, { betterUpload: uploadFiles });
