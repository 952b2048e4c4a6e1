// sharp as a worker of the comparison. It reads a job per line from standard input, and writes a result per line to
// standard output.
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import sharp from 'sharp';

// sharp uses one core and no cache, because a resize service rarely gets the same picture twice in a row.
sharp.concurrency(1);
sharp.cache(false);

const inputs = new Map();
const write = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

write({ ready: true, version: `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}` });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    write(await run(JSON.parse(line)));
  } catch (error) {
    write({ error: String(error) });
  }
}

async function run(job) {
  if (!inputs.has(job.input)) inputs.set(job.input, readFileSync(job.input));
  const input = inputs.get(job.input);
  const start = process.hrtime.bigint();
  const picture = sharp(input, { failOn: 'none', limitInputPixels: false, sequentialRead: true })
    .autoOrient()
    .resize({ width: job.width, withoutEnlargement: true, fastShrinkOnLoad: !job.effort?.endsWith(', fine') });
  const { data, info } = await encoded(picture, job).toBuffer({ resolveWithObject: true });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (job.save) writeFileSync(job.save, data);
  return { ms, bytes: data.length, width: info.width, height: info.height };
}

// `effort` is one of those in settings.py. Without it, sharp's default is used.
function encoded(picture, { format, quality, effort }) {
  const number = effort === undefined ? undefined : Number.parseInt(effort, 10);
  switch (format) {
    case 'jpeg': return picture.jpeg({ quality, optimiseCoding: effort !== 'plain tables', mozjpeg: effort?.startsWith('mozjpeg') ?? false });
    case 'webp': return picture.webp({ quality, effort: number });
    case 'avif': return picture.avif({ quality, effort: number });
    case 'png': return picture.png({ compressionLevel: number, adaptiveFiltering: effort?.endsWith('adaptive') ?? false });
    default: throw new Error(`no format ${format}`);
  }
}
