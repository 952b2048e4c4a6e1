// Compiles the packages into client/dist and react/dist: `node build.mjs`. The tarballs of `npm pack` have these files.
import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

for (const name of ["client", "react"]) {
  // Results of sources that were deleted must not be published.
  rmSync(here(`${name}/dist`), { recursive: true, force: true });
  for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) copyFileSync(here(`../${licence}`), here(`${name}/${licence}`));
}
execFileSync(process.execPath, [here("node_modules/typescript/bin/tsc"), "--build"], { cwd: here("."), stdio: "inherit" });
