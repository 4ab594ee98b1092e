// Bundles the page into the folder given as the only argument.
import { build } from "esbuild";
import { cp } from "node:fs/promises";

const out = process.argv[2];
if (!out) {
  console.error("usage: node build.mjs OUT");
  process.exit(2);
}
await cp("static", out, { recursive: true });
await build({
  entryPoints: ["src/app.js"],
  outfile: `${out}/app.js`,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
});
