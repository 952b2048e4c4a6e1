// sharp behind the HTTP server of Node.js: GET /?from=URL&w=512&format=webp&quality=76&effort=4
import { createServer } from 'node:http';
import { Agent, get } from 'node:http';
import sharp from 'sharp';

// Each thread of libuv makes one picture at a time. There are as many threads as cores: see UV_THREADPOOL_SIZE in
// servers.py.
sharp.concurrency(1);
sharp.cache(false);

const agent = new Agent({ keepAlive: true });

const server = createServer(async (request, response) => {
  try {
    const job = Object.fromEntries(new URL(request.url, 'http://localhost').searchParams);
    const data = await variant(await fetched(job.from), job);
    response.writeHead(200, { 'content-type': `image/${job.format}`, 'content-length': data.length });
    response.end(data);
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(String(error));
  }
});
server.listen(Number(process.argv[2]), '127.0.0.1');

function fetched(url) {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(parts));
        else reject(new Error(`the source answers ${response.statusCode}`));
      });
    }).on('error', reject);
  });
}

function variant(input, { w, format, quality, effort }) {
  const number = (text) => (text === undefined ? undefined : Number.parseInt(text, 10));
  const picture = sharp(input, { sequentialRead: true }).autoOrient().resize({
    width: number(w),
    withoutEnlargement: true,
    fastShrinkOnLoad: !effort.endsWith(', fine'),
  });
  switch (format) {
    case 'jpeg': return picture.jpeg({ quality: number(quality), optimiseCoding: effort !== 'plain tables', mozjpeg: effort.startsWith('mozjpeg') }).toBuffer();
    case 'webp': return picture.webp({ quality: number(quality), effort: number(effort) }).toBuffer();
    case 'avif': return picture.avif({ quality: number(quality), effort: number(effort) }).toBuffer();
    case 'png': return picture.png({ compressionLevel: number(effort), adaptiveFiltering: effort.endsWith('adaptive') }).toBuffer();
    default: throw new Error(`no format ${format}`);
  }
}
