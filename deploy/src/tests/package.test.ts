// The package @tintype/cdk: packed, installed into an app, compiled and synthesised.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { App, Stack } from "aws-cdk-lib";

import { DEPLOY } from "../cdn";
import { ConfigError, TintypeDelivery, TintypeStack, TintypeUploads } from "../index";

const CDK = join(DEPLOY, "../packages/cdk");
const README = readFileSync(join(CDK, "README.md"), "utf8");
const FUNCTIONS = ["resize", "variant-upkeep", "upload-signer", "upload-finalizer", "upload-webhook", "transcode-trigger", "library-keeper"];
const ARM64 = 0xb7;

let app: string;

/** Runs a program in the app's folder. Fails with what it prints. */
function run(program: string, args: string[], env: Record<string, string | undefined> = {}): string {
  return execFileSync(program, args, { cwd: app, env: { ...process.env, ...env }, encoding: "utf8" });
}

/** A folder of functions for arm64, which aren't programs. */
function functions(folder: string): string {
  const header = Buffer.alloc(20);
  header.writeUInt16LE(ARM64, 18);
  for (const name of FUNCTIONS) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "bootstrap"), header);
    writeFileSync(join(folder, name, "bootstrap.zip"), name);
  }
  return folder;
}

before(() => {
  app = mkdtempSync(join(tmpdir(), "tintype-cdk-"));
  run(process.execPath, [join(CDK, "pack.mjs"), join(app, "package")], { TINTYPE_PACKAGES: functions(join(app, "functions")) });
  const tarball = run("npm", ["pack", "--silent", "./package"]).trim();
  const modules = join(app, "node_modules");
  mkdirSync(join(modules, "@tintype/cdk"), { recursive: true });
  run("tar", ["-xzf", tarball, "-C", join(modules, "@tintype/cdk"), "--strip-components=1"]);
  for (const name of ["aws-cdk-lib", "constructs", "zod"]) symlinkSync(join(DEPLOY, "node_modules", name), join(modules, name));
  symlinkSync(join(DEPLOY, "node_modules/@types"), join(modules, "@types"));
  writeFileSync(join(app, "app.ts"), README.split("```ts\n")[1]?.split("```")[0] ?? "");
});

after(() => rmSync(app, { recursive: true, force: true }));

test("the example of the README is synthesised with the functions inside the package", () => {
  const options = ["--strict", "--target", "es2022", "--module", "node16", "--skipLibCheck", "app.ts"];
  run(process.execPath, [join(DEPLOY, "node_modules/typescript/bin/tsc"), ...options]);
  run(process.execPath, ["app.js"], { CDK_OUTDIR: join(app, "cdk.out"), TINTYPE_PACKAGES: undefined });
  const resources = (stack: string): Record<string, { Type: string; Properties: Record<string, unknown> }> =>
    JSON.parse(readFileSync(join(app, "cdk.out", `${stack}.template.json`), "utf8")).Resources;
  const all = (stack: string, type: string) => Object.values(resources(stack)).filter(({ Type }) => Type === type);

  for (const stack of ["Shop", "Media"]) {
    assert.equal(all(stack, "AWS::CloudFront::Distribution").length, 1, stack);
    const rust = all(stack, "AWS::Lambda::Function").filter(({ Properties }) => Properties["Runtime"] === "provided.al2023");
    assert.deepEqual(new Set(rust.flatMap(({ Properties }) => Properties["Architectures"])), new Set(["arm64"]), "of the package");
    assert.equal(rust.length, stack === "Shop" ? 4 : 6, stack);
  }
  const assets = JSON.parse(readFileSync(join(app, "cdk.out/Shop.assets.json"), "utf8")).files as Record<string, { source: { path: string } }>;
  const zips = Object.values(assets).map(({ source }) => source.path).filter((path) => path.endsWith(".zip"));
  const packed = zips.map((path) => readFileSync(join(app, "cdk.out", path), "utf8"));
  for (const name of ["resize", "upload-signer", "upload-finalizer", "variant-upkeep"]) assert.ok(packed.includes(name), name);
  const [distribution] = all("Shop", "AWS::CloudFront::Distribution");
  assert.match(JSON.stringify(distribution), /execute-api/, "the CDN sends /uploads to the signer");
});

test("a property that can't be deployed is refused with its name and what is allowed", () => {
  const stack = () => new Stack(new App(), "Shop", { env: { region: "us-east-1" } });
  const elsewhere = () => new Stack(new App(), "Shop", { env: { region: "eu-central-1" } });
  const refused: [() => unknown, RegExp][] = [
    [() => new TintypeStack(new App(), "Media", {}), /^env\.region: must be set/],
    [() => new TintypeDelivery(new Stack(new App(), "Shop"), "Pictures"), /env\.region must be set/],
    [() => new TintypeDelivery(elsewhere(), "Pictures"), /crossRegionReferences: true/],
    [() => new TintypeDelivery(stack(), "Pictures", { delivery: { concurrency: 0 } }), /^delivery\.concurrency: must be a whole number/],
    [() => new TintypeUploads(stack(), "Uploads"), /^publicUrl: must be set/],
    [
      () => {
        const inside = stack();
        return new TintypeUploads(inside, "Uploads", { delivery: new TintypeDelivery(inside, "Pictures") });
      },
      /^delivery: must have been made with uploads: true/,
    ],
  ];
  for (const [make, message] of refused) {
    assert.throws(make, (error) => error instanceof ConfigError && message.test(error.message), String(message));
  }
});

test("uploads alone have a bucket of their own", () => {
  const stack = new Stack(new App(), "Shop", { env: { region: "eu-central-1" } });
  const uploads = new TintypeUploads(stack, "Uploads", { publicUrl: "https://cdn.example.com" });
  assert.equal(Stack.of(uploads.originals), stack);
  assert.ok(uploads.sessionSecret);
});
