// hls.js behind the calls of players.mjs.
let hls;
window.load = (video, url, onError) =>
  new Promise((resolve) => {
    hls = new window.Hls();
    hls.on(window.Hls.Events.ERROR, (_, { type, details, fatal }) => {
      // hls.js ends a request that it doesn't need any more.
      const isOwn = details === window.Hls.ErrorDetails.INTERNAL_ABORTED && !fatal;
      if (!isOwn) onError(`${type} ${details}${fatal ? ", fatal" : ""}`);
    });
    hls.on(window.Hls.Events.MANIFEST_PARSED, () => resolve());
    hls.loadSource(url);
    hls.attachMedia(video);
  });
window.heights = () => hls.levels.map(({ height }) => height).sort((a, b) => a - b);
window.select = (height) => (hls.currentLevel = hls.levels.findIndex((level) => level.height === height));
window.showCaptions = () => {
  hls.subtitleDisplay = true;
  hls.subtitleTrack = 0;
};
