// A runtime for functions in Node.js: it asks the Runtime API for events and calls the handler.
import dns from 'node:dns';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER } = process.env;
const base = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;

// `localhost` and the names below it are this machine (RFC 6761), which not every resolver knows. The AWS SDK puts the account in front
// of the endpoint's host.
const lookup = dns.lookup;
dns.lookup = (host, options, callback) => {
  const done = callback ?? options;
  if (host !== 'localhost' && !host.endsWith('.localhost')) return lookup(host, options, callback);
  const found = { address: '127.0.0.1', family: 4 };
  return process.nextTick(() => (options?.all ? done(null, [found]) : done(null, found.address, found.family)));
};

const failure = error => JSON.stringify({ errorType: error?.name ?? 'Error', errorMessage: String(error?.message ?? error) });
const send = (path, body, headers = {}) => fetch(`${base}/${path}`, { method: 'POST', body, headers });

const [file, name] = _HANDLER.split('.');
let handler;
try {
  const loaded = await import(pathToFileURL(join(LAMBDA_TASK_ROOT, `${file}.js`)));
  handler = loaded[name] ?? loaded.default?.[name];
  if (!handler) throw new Error(`${_HANDLER} is undefined`);
} catch (error) {
  await send('init/error', failure(error), { 'lambda-runtime-function-error-type': 'Runtime.ImportError' });
  process.exit(1);
}

for (;;) {
  const next = await fetch(`${base}/invocation/next`);
  if (!next.ok) process.exit(0);
  const id = next.headers.get('lambda-runtime-aws-request-id');
  const event = await next.json();
  try {
    const result = await handler(event, { awsRequestId: id, functionName: process.env.AWS_LAMBDA_FUNCTION_NAME });
    await send(`invocation/${id}/response`, JSON.stringify(result ?? null));
  } catch (error) {
    await send(`invocation/${id}/error`, failure(error));
  }
}
