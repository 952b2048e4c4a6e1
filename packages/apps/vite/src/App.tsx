import { densitySrcset, imageUrl, sizes } from "@tintype/client";
import { Picture } from "@tintype/react";
import Uploader from "./uploader";

const { VITE_EDGE: edge, VITE_PHOTO: photo } = import.meta.env;

export default function App() {
  const square = { w: 128, h: 128, fit: "crop" } as const;
  return (
    <main>
      <img id="fixed" src={imageUrl(photo, square)} srcSet={densitySrcset(photo, square)} alt="A square" />
      <Picture id="picture" src={photo} alt="A Picture" sizes={sizes({ "60em": "50vw" })} sourceWidth={1600} loading="eager" width={500} />
      <Uploader endpoint={edge} />
    </main>
  );
}
