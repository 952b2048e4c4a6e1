// The page of browser.test.mjs: components in an element, and uploads by its script.
import { Picture, Video } from "@tintype/react";
import { startUpload } from "@tintype/client/upload";
import { createRoot } from "react-dom/client";

const root = createRoot(document.body.appendChild(document.createElement("main")));

window.showPicture = (props) => root.render(<Picture {...props} />);

window.showVideo = ({ isAdaptive, ...props }) =>
  root.render(
    <Video
      {...props}
      hls={isAdaptive ? () => import("hls.js") : undefined}
      muted
      pending={(status) => <p id="pending">{status?.state ?? "waiting"}</p>}
      failed={(error) => <p id="failed">{error.message}</p>}
    />,
  );

/** Starts an upload of the chosen file. `upload`, `states` and `progress` report its course. */
window.begin = (options) => {
  const [file] = document.querySelector("input").files;
  window.states = [];
  window.progress = [];
  window.upload = startUpload(file, {
    onState: (state) => window.states.push(state),
    onProgress: ({ sent }) => window.progress.push(sent),
    storage: localStorage,
    ...options,
  });
  window.result = window.upload.finished.catch((error) => ({ error: error.message }));
};
