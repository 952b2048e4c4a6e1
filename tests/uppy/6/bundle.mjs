import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import GoldenRetriever from "@uppy/golden-retriever";
import { createUploader, finishAtTheCdn } from "../../../examples/uppy/upload.mjs";

Object.assign(window, { AwsS3, GoldenRetriever, Uppy, createUploader, finishAtTheCdn });
