// Receives Tintype's webhook in Node.js, without dependencies: TINTYPE_WEBHOOK_SECRET=whsec_… node receiver.mjs PORT
import { createHmac, timingSafeEqual } from "node:crypto";
import http from "node:http";

/** The allowed difference between the clocks of sender and receiver, in seconds. */
const TOLERANCE = 300;

/** The message of a request. Throws if the signature is wrong or the request is old. `body` is the raw text. */
export function verifiedMessage(secret, headers, body) {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures = "" } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE)) throw new Error("the timestamp is too old or too new");
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
  const isValid = signatures.split(" ").some((entry) => {
    const [version, signature] = entry.split(",");
    const given = Buffer.from(signature ?? "", "base64");
    return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!isValid) throw new Error("no signature is valid");
  return JSON.parse(body);
}

/** The ids of handled messages: a message may arrive twice. A real application keeps them in its database. */
const handled = new Set();

const server = http.createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  try {
    const message = verifiedMessage(process.env.TINTYPE_WEBHOOK_SECRET, request.headers, body);
    const id = request.headers["webhook-id"];
    if (!handled.has(id)) console.log(message.type, message.data.key);
    handled.add(id);
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(401).end(error.message);
  }
});
server.listen(Number(process.argv[2] ?? 3000), "127.0.0.1", () => console.log("listening", server.address().port));
