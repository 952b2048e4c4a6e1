import { thumbHashToDataURL } from "thumbhash";
import { element } from "../dom.js";
import { bytesText, sizeText, typeName } from "../format.js";
import { rungFor } from "../ladder.js";
import { kindOf, pathOf } from "./files.js";

/** The words for files that aren't served. */
const STATES = { pending: "Being checked", refused: "Refused", unchecked: "Not checked" };

/** The pictures of placeholders, by ThumbHash. */
const placeholders = new Map();

/** The time of the last failure of each picture, in milliseconds: that of a video has no poster before it is transcoded. */
const failures = new Map();

/** The pause before a picture that failed is requested again, in milliseconds. */
const RETRY_PAUSE = 20_000;

/** The number of placeholders that are kept: those of some screens. */
const MAX_PLACEHOLDERS = 500;

/** The width of the picture in a row, in CSS pixels. It must match `.grid[data-layout="list"]` in styles/list.css. */
const ROW_PICTURE = 48;

/** A tile of a file, `width` CSS pixels wide. */
export function tile(file, width) {
  const all = [STATES[file.state], file.visibility === "private" && "Private", typeName(file.type), bytesText(file.size)];
  const facts = element("span", { class: "tile-facts" }, all.filter(Boolean).join(" · "));
  return option(file, width, facts);
}

/** A row of a file: the same as a tile, with more facts, each in its column. */
export function row(file) {
  const created = new Date(file.created).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  const cells = {
    state: [STATES[file.state], file.visibility === "private" && "Private"].filter(Boolean).join(" · "),
    type: typeName(file.type),
    bytes: bytesText(file.size),
    size: file.width ? sizeText(file) : "",
    folder: [file.folder, ...file.tags.map((tag) => `#${tag}`)].filter(Boolean).join(" "),
    created,
  };
  // Screen readers read the texts one after the other.
  const spans = Object.entries(cells).flatMap(([name, text]) => [element("span", { class: `cell ${name}`, title: text }, text), " "]);
  return option(file, ROW_PICTURE, element("span", { class: "tile-facts" }, ...spans));
}

/** An option of the list: the picture of a file, `width` CSS pixels wide, its tick, its name and its facts. */
function option(file, width, facts) {
  const picture = element("span", { class: "tile-picture", "aria-hidden": "true" }, element("span", { class: "tile-type" }, typeName(file.type)));
  if (file.thumbHash) picture.style.setProperty("background-image", `url(${placeholder(file.thumbHash)})`);
  const image = file.state === "clean" && file.visibility === "public" ? imageOf(file, width) : undefined;
  if (image) picture.append(image);
  return element(
    "div",
    {
      id: `tile-${file.id}`,
      class: "tile",
      role: "option",
      "data-id": file.id,
      "data-state": file.state,
    },
    picture,
    element("span", { class: "tick", "aria-hidden": "true" }),
    element("span", { class: "tile-name", title: file.name }, file.name),
    // Screen readers read the name of the tile from its texts.
    " ",
    facts,
  );
}

/** Removes what stands in for a picture until it is loaded. It would shine through a transparent one. */
export function uncover(image) {
  const picture = image.parentElement;
  // The grid has put the former image of the same file in its place.
  if (!picture) return;
  picture.querySelector(".tile-type")?.remove();
  picture.style.removeProperty("background-image");
}

/** The picture of a file in the widths of common screens; a video's is its poster. */
function imageOf(file, width) {
  const kind = kindOf(file);
  // A picture without a ThumbHash can't be read, or wasn't described yet.
  if (kind === "picture" ? !file.thumbHash : kind !== "video") return undefined;
  const path = kind === "picture" ? pathOf(file) : `/videos/${file.id}/poster.jpg`;
  if (performance.now() - (failures.get(path) ?? -RETRY_PAUSE) < RETRY_PAUSE) return undefined;
  // The shorter side of the picture fills the tile.
  const shape = file.width && file.height ? Math.max(1, Math.min(file.width / file.height, 3)) : 1;
  const shown = Math.ceil(width * shape);
  const candidates = [...new Set([1, 1.5, 2, 3].map((density) => rungFor(shown * density)))];
  const image = element("img", {
    src: `${path}?w=${candidates[0]}`,
    srcset: candidates.map((rung) => `${path}?w=${rung} ${rung}w`).join(", "),
    sizes: `${shown}px`,
    alt: "",
    loading: "lazy",
    decoding: "async",
    onload: () => uncover(image),
    onerror() {
      failures.set(path, performance.now());
      image.remove();
    },
  });
  return image;
}

function placeholder(thumbHash) {
  let url = placeholders.get(thumbHash);
  if (url === undefined) {
    url = thumbHashToDataURL(Uint8Array.from(atob(thumbHash), (character) => character.charCodeAt(0)));
    if (placeholders.size >= MAX_PLACEHOLDERS) placeholders.delete(placeholders.keys().next().value);
    placeholders.set(thumbHash, url);
  }
  return url;
}
