// dash.js behind the calls of players.mjs.
let player;
window.load = (video, url, onError) =>
  new Promise((resolve) => {
    player = window.dashjs.MediaPlayer().create();
    player.on(window.dashjs.MediaPlayer.events.ERROR, ({ error }) => onError(error.message ?? String(error)));
    player.on(window.dashjs.MediaPlayer.events.STREAM_INITIALIZED, () => resolve());
    player.initialize(video, url, false);
  });
const renditions = () => player.getRepresentationsByType("video");
window.heights = () => renditions().map(({ height }) => height).sort((a, b) => a - b);
window.select = (height) => {
  player.updateSettings({ streaming: { abr: { autoSwitchBitrate: { video: false } } } });
  player.setRepresentationForTypeById("video", renditions().find((one) => one.height === height).id, true);
};
window.showCaptions = () => {
  player.enableText(true);
  player.setTextTrack(0);
};
