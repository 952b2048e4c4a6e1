// Shaka Player behind the calls of players.mjs.
let player;
window.load = async (video, url, onError) => {
  window.shaka.polyfill.installAll();
  player = new window.shaka.Player();
  player.addEventListener("error", ({ detail }) => onError(`${detail.category}.${detail.code} ${detail.data}`));
  await player.attach(video);
  await player.load(url);
};
window.heights = () => [...new Set(player.getVariantTracks().map(({ height }) => height))].sort((a, b) => a - b);
window.select = (height) => {
  player.configure({ abr: { enabled: false } });
  player.selectVariantTrack(player.getVariantTracks().find((track) => track.height === height), true);
};
window.showCaptions = () => {
  player.selectTextTrack(player.getTextTracks()[0]);
  player.setTextTrackVisibility?.(true);
};
