// Builds what pages load, from pinned packages, with the licences of everything inside.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";

const here = import.meta.dirname;
const to = path.join(here, "../src/fanal/web/static/vendor");
const modules = path.join(here, "node_modules");
await mkdir(to, { recursive: true });

const made = await build({
  entryPoints: [path.join(here, "charts.js")],
  outfile: path.join(to, "charts.min.js"),
  bundle: true, minify: true, format: "iife", target: "es2022", metafile: true,
  legalComments: "none", charset: "utf8",
});
await copyFile(path.join(modules, "htmx.org/dist/htmx.min.js"), path.join(to, "htmx.min.js"));

const inside = new Set(["htmx.org"]);
for (const file of Object.keys(made.metafile.inputs)) {
  const found = [...file.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)\//g)].pop();
  if (found) inside.add(found[1]);
}
const parts = [];
for (const name of [...inside].sort()) {
  const about = JSON.parse(await readFile(path.join(modules, name, "package.json"), "utf8"));
  const files = await readdir(path.join(modules, name));
  const licence = files.find((file) => /^licen[cs]e/i.test(file));
  const text = licence ? await readFile(path.join(modules, name, licence), "utf8") : "";
  parts.push(`${name} ${about.version} (${about.license})\n\n${text.trim()}`);
}
await writeFile(path.join(to, "LICENCES.txt"), parts.join(`\n\n${"-".repeat(72)}\n\n`) + "\n");

// axe looks at pages in the browser tests; it is no part of the package.
const tests = path.join(here, "../tests/browser/vendor");
await mkdir(tests, { recursive: true });
await copyFile(path.join(modules, "axe-core/axe.min.js"), path.join(tests, "axe.min.js"));
await copyFile(path.join(modules, "axe-core/LICENSE"), path.join(tests, "axe.LICENCE.txt"));
