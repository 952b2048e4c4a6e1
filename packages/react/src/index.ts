export { Picture, type ArtDirection, type PictureProps } from "./picture.js";
export { Video, type VideoProps } from "./video.js";
