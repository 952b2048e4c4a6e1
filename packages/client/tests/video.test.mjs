import assert from "node:assert/strict";
import { test } from "node:test";
import { videoReady, videoStatusUrl } from "@tintype/client/video";

test("the status document of a video lies beside its renditions, behind the same pass", () => {
  const check = (src, expected) => assert.equal(videoStatusUrl(src), expected);
  check("/files/1/clip.mp4", "/videos/1/status.json");
  check("https://cdn.example.com/videos/1/2/index.m3u8", "https://cdn.example.com/videos/1/status.json");
  check("/private-videos/~2000000000.AA-_/1/2/index.m3u8", "/private-videos/~2000000000.AA-_/1/status.json");
  assert.throws(() => videoStatusUrl("/private/1/clip.mp4"), TypeError);
  assert.throws(() => videoStatusUrl("/private-videos/1/2/index.m3u8"), TypeError);
});

test("the paths of a private video's playback have the pass of its source", async (context) => {
  const playback = { hls: "/private-videos/1/2/index.m3u8", posters: ["/private-videos/1/2/poster.0000000.jpg"] };
  context.mock.method(globalThis, "fetch", async () => Response.json({ id: "1", state: "ready", playback }));
  const opened = await videoReady("https://cdn.example.com/private-videos/~2000000000.AA/1/status.json");
  assert.deepEqual(opened.playback, {
    hls: "/private-videos/~2000000000.AA/1/2/index.m3u8",
    posters: ["/private-videos/~2000000000.AA/1/2/poster.0000000.jpg"],
  });
  const open = await videoReady("/files/1/clip.mp4");
  assert.deepEqual(open.playback, playback);
});
