// Uses that the types allow, and mistakes that they find. The build compiles this file and nothing runs it.
import { imageUrl, srcset, type ImageParameters } from "@tintype/client";
import tintypeLoader from "@tintype/client/next";
import { sessionToken, signedUrl } from "@tintype/client/sign";
import { transform } from "@tintype/client/unpic";
import { startUpload } from "@tintype/client/upload";
import { Picture, Video } from "@tintype/react";

const everything: ImageParameters = {
  preset: "card", w: 640, h: 480, dpr: 2.625, fit: "crop", enlarge: true, crop: "top,left", "fp-x": 0.2, "fp-y": 0.3, ar: "16:9",
  rect: [10, 20, 300, 400], rot: 90, flip: "hv", trim: "auto", light: "linear", blur: 40, sharp: 30, bg: "navy", q: "auto", lossless: true, frame: 1,
  explain: true, fm: "avif", v: 2, dl: "me.jpg",
};
imageUrl("/files/1/cat.jpg", everything);
imageUrl("/files/1/cat.jpg", { original: true, v: "2", dl: "" });

// @ts-expect-error A misspelt parameter.
imageUrl("/files/1/cat.jpg", { wdith: 640 });
// @ts-expect-error The original has no size.
imageUrl("/files/1/cat.jpg", { original: true, w: 640 });
// @ts-expect-error No such fit.
imageUrl("/files/1/cat.jpg", { fit: "cover" });
// @ts-expect-error Not a ratio.
imageUrl("/files/1/cat.jpg", { ar: "wide" });
// @ts-expect-error Not a quarter turn.
imageUrl("/files/1/cat.jpg", { rot: 45 });
// @ts-expect-error The original has no candidates.
srcset("/files/1/cat.jpg", { original: true });
// @ts-expect-error Without the signer's address.
startUpload(new Blob(), {});
// @ts-expect-error No such claim.
void sessionToken("secret", "alice", { maxSize: 1 });

export const url: string = tintypeLoader({ src: "/files/1/cat.jpg", width: 640 }) + transform("/files/1/cat.jpg", { width: 640 });
export const link: Promise<string> = signedUrl("secret", "/files/1/cat.jpg", { expires: new Date(0) });
export const picture = <Picture src="/files/1/cat.jpg" alt="" sizes="100vw" className="wide" onLoad={() => {}} />;
export const video = <Video src="/files/1/clip.mp4" hls={() => import("hls.js")} autoPlay muted />;
// @ts-expect-error Without a text for those who don't see it.
export const silent = <Picture src="/files/1/cat.jpg" />;
