import { sizes } from "@tintype/client";
import { signedUrl } from "@tintype/client/sign";
import { Picture } from "@tintype/react";
import Image from "next/image";
import Uploader from "./uploader";

const { EDGE = "", PHOTO = "", TINTYPE_LINK_SECRET = "" } = process.env;

/** A link that only the server can make. */
async function Signed() {
  "use cache";
  const link = await signedUrl(TINTYPE_LINK_SECRET, `${PHOTO}?w=333&flip=h`);
  return <img id="signed" src={link} alt="Signed" />;
}

export default function Home() {
  return (
    <main>
      <Image id="loader" src={PHOTO} alt="By the loader" width={600} height={450} loading="eager" />
      <Image id="flexible" src={PHOTO} alt="By the loader, flexible" width={1600} height={1200} sizes="50vw" loading="eager" />
      <Picture id="picture" src={PHOTO} alt="A Picture" sizes={sizes({ "60em": "50vw" })} sourceWidth={1600} loading="eager" width={500} />
      <Signed />
      <Uploader endpoint={EDGE} />
    </main>
  );
}
