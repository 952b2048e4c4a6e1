"use client";
import { startUpload, type CheckedUpload, type UploadState } from "@tintype/client/upload";
import { Picture } from "@tintype/react";
import { useState, type ChangeEvent } from "react";

/** An upload with its progress in bytes and its states, and then the uploaded picture. */
export default function Uploader({ endpoint }: { endpoint: string }) {
  const [progress, setProgress] = useState<number[]>([]);
  const [states, setStates] = useState<UploadState[]>([]);
  const [photo, setPhoto] = useState<CheckedUpload>();
  const [problem, setProblem] = useState("");

  async function choose({ target }: ChangeEvent<HTMLInputElement>) {
    const file = target.files?.[0];
    if (!file) return;
    const upload = startUpload(file, {
      endpoint,
      onProgress: ({ sent }) => setProgress((seen) => [...seen, sent]),
      onState: (state) => setStates((seen) => [...seen, state]),
    });
    await upload.finished.then(setPhoto, (error: Error) => setProblem(error.message));
  }

  return (
    <section>
      <input type="file" aria-label="A picture" onChange={choose} />
      <output id="progress">{progress.join(" ")}</output>
      <output id="states">{states.join(" ")}</output>
      <output id="problem">{problem}</output>
      {photo && <Picture id="uploaded" src={photo.url} alt="Uploaded" sizes="300px" sourceWidth={photo.width} width={300} />}
    </section>
  );
}
