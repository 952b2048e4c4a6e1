// The tests behind cache-tests.fyi judge the local edge as a cache: their own origin, the program `front` before it, their
// client. A finding is the id of a test: those of kind "check" ask how a cache behaves, and are listed too.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import path from "node:path";
import { createInterface } from "node:readline";
import { file, load, report, version } from "../harness/report.mjs";

const suite = (name) => import(file(`http-cache-tests/${name}.mjs`));

/** The origin of the tests, on the loopback interface. */
async function origin() {
  const [config, state, test] = await Promise.all(
    ["config", "state", "test"].map(async (name) => (await suite(`server/handle-${name}`)).default),
  );
  const handlers = { config, state, test };
  const server = createServer((request, response) => {
    const [, name, ...segments] = new URL(request.url, "http://origin").pathname.split("/");
    if (handlers[name]) handlers[name](segments, request, response);
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** The local edge in front of a server, and its address. */
async function front(url) {
  const process_ = spawn(path.join(process.env.TARGET, "debug/examples/front"), [url], { stdio: ["ignore", "pipe", "inherit"] });
  const [address] = await once(createInterface(process_.stdout), "line");
  return { process_, address };
}

const KINDS = { required: "must", optimal: "should", check: "may" };

const server = await origin();
const edge = await front(`http://127.0.0.1:${server.address().port}`);
try {
  // They log each of their warnings.
  console.log = () => {};
  const { runTests, getResults } = await suite("client/runner");
  const suites = [...(await suite("tests/index")).default, (await suite("tests/surrogate-control")).default];
  await runTests(suites, load("node-fetch"), false, edge.address);
  const found = getResults();
  const results = suites.flatMap(({ name: group, tests }) =>
    tests
      .filter(({ id }) => id in found)
      .map(({ id, kind = "required" }) => {
        const failure = found[id] === true ? null : `${KINDS[kind]}: ${found[id].join(": ")}`;
        return { group, name: id, failure };
      }),
  );
  report(`${version("http-cache-tests")} (npm)`, "the local edge in front of the tests' own origin, as `front` says", results);
} finally {
  edge.process_.kill();
  server.close();
}
process.exit();
