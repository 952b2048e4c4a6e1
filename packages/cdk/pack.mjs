// Makes the folder of the package: `node pack.mjs FOLDER`, after `deploy/check --build` and `./package`. `npm pack FOLDER` makes the
// tarball. TINTYPE_PACKAGES names another folder of functions than target/lambda.
import { cpSync, mkdirSync, openSync, readdirSync, readSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const deploy = path("../../deploy");
const functions = process.env.TINTYPE_PACKAGES ?? path("../../target/lambda");
const folder = process.argv[2];
if (!folder) throw new Error("usage: node pack.mjs FOLDER");

/** What only the app of deploy/up needs: the app, cdk-nag, tests. */
const LEFT_OUT = /^(tests|synthesised|app\.|tintype\.|fill$)/;
/** The processor in the header of an ELF file (ELF's specification, e_machine). */
const MACHINES = { 0x3e: "x86_64", 0xb7: "arm64" };

function architecture(program) {
  const header = Buffer.alloc(20);
  readSync(openSync(program, "r"), header);
  return MACHINES[header.readUInt16LE(18)];
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, "lambda"), { recursive: true });
for (const name of ["package.json", "README.md"]) cpSync(path(name), join(folder, name));
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) cpSync(path(`../../${licence}`), join(folder, licence));
for (const name of ["cdn.json", "events.json"]) cpSync(join(deploy, name), join(folder, name));
for (const name of readdirSync(join(deploy, "dist")).filter((name) => !LEFT_OUT.test(name))) {
  cpSync(join(deploy, "dist", name), join(folder, "dist", name), { recursive: true });
}
const found = new Set();
for (const name of readdirSync(functions)) {
  cpSync(join(functions, name, "bootstrap.zip"), join(folder, "lambda", name, "bootstrap.zip"));
  found.add(architecture(join(functions, name, "bootstrap")));
}
const [only, ...others] = found;
if (only === undefined || others.length > 0) throw new Error(`${functions}: the functions are for ${[...found].join(" and ")}, not for one processor`);
writeFileSync(join(folder, "lambda/architecture"), `${only}\n`);
console.log(`${folder}: ${readdirSync(functions).length} functions for ${only}`);
