// Bundles the stylesheet, scripts, icons, font and pictures into dist/, each named by its content,
// each text file beside its .br and .gz, and writes dist/manifest.json: {"app.css": "app-HASH.css", …}.
// Fails when a budget is passed or the stylesheet uses what Chrome 62 cannot read.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const floor = "chrome62";
const text = new Set([".css", ".js", ".svg", ".txt"]);

// Bytes after brotli.
const budgets = { "app.css": 9 * 1024, "app.js": 4 * 1024, "editor.js": 28 * 1024, "uploads.js": 1536, "passkey.js": 1536, "icons.svg": 5 * 1024 };

// What the floor cannot read, or a strict policy forbids. `gap` on a grid is spelled grid-gap.
const banned = [
  [/(?<![-\w])(?:row-)?gap\s*:/, "gap (use grid-gap or margins)"],
  [/(?<![-\w])inset\s*:/, "inset"],
  [/aspect-ratio\s*:/, "aspect-ratio"],
  [/:(?:is|where|has)\(/, ":is(), :where(), :has()"],
  [/(?<![-\w])(?:min|max)\(/, "min(), max()"],
  [/(?:margin|padding|border)-(?:inline|block)/, "logical properties"],
];

const manifest = {};
const kept = new Set([".gitkeep", "manifest.json"]);
const say = (step, detail = "") => console.log(step.padEnd(10) + detail);

const named = (name, content) => {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const extension = extname(name);
  return `${basename(name, extension)}-${hash}${extension}`;
};

// Same name means same content, so an existing file and its compressed copies are never written again.
const put = (name, file, content) => {
  manifest[name] = file;
  kept.add(file);
  const path = join(dist, file);
  if (!existsSync(path)) writeFileSync(path, content);
  if (!text.has(extname(file))) return;
  for (const [ending, compress] of [
    [".br", (raw) => brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } })],
    [".gz", (raw) => gzipSync(raw, { level: 9 })],
  ]) {
    kept.add(file + ending);
    if (!existsSync(path + ending)) writeFileSync(path + ending, compress(Buffer.from(content)));
  }
};

const shrinkSvg = (raw) => raw.replace(/<!--[\s\S]*?-->/g, "").replace(/>\s+</g, "><").trim();

const lintStyles = () => {
  const faults = [];
  for (const file of readdirSync(join(here, "css"))) {
    readFileSync(join(here, "css", file), "utf8").replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
      .replace(/@supports[^{]*/g, "").split("\n").forEach((line, index) => {
        for (const [pattern, what] of banned) if (pattern.test(line)) faults.push(`css/${file}:${index + 1}: ${what} is above the browser floor`);
      });
  }
  if (faults.length) throw new Error(faults.join("\n"));
};

const bundle = async (entries, options) => {
  const result = await build({
    entryPoints: entries.map((entry) => join(here, entry)),
    outdir: dist, bundle: true, minify: true, write: false, metafile: true, sourcemap: false, charset: "utf8",
    target: floor, legalComments: "none", entryNames: "[name]-[hash]", assetNames: "[name]-[hash]",
    absWorkingDir: here, logLevel: "warning", ...options,
  });
  for (const output of result.outputFiles) {
    const file = basename(output.path);
    put(file.replace(/-[A-Z0-9]{8}(?=\.\w+$)/, ""), file, output.contents);
  }
};

const started = process.hrtime.bigint();
mkdirSync(dist, { recursive: true });

say("lint", `css against ${floor}`);
lintStyles();

say("pictures", "icons, marks, static/");
for (const name of ["icons.svg", "brand.svg", "favicon.svg"]) {
  const content = shrinkSvg(readFileSync(join(here, name), "utf8"));
  put(name, named(name, content), content);
}
for (const name of readdirSync(join(here, "static")).sort()) {
  const content = readFileSync(join(here, "static", name));
  put(name, named(name, content), content);
}

// Their licences ask to travel with them.
const licences = ["@fontsource/plus-jakarta-sans", "squire-rte"]
  .map((name) => `${name}\n\n${readFileSync(join(here, "node_modules", name, "LICENSE"), "utf8").trim()}\n`).join("\n\n");
put("licenses.txt", named("licenses.txt", licences), licences);

say("styles", "css/app.css and its font");
await bundle(["css/app.css"], { loader: { ".woff2": "file" }, external: ["data:*"] });

say("scripts", "ts/app.ts, ts/editor.ts, ts/uploads.ts, ts/passkey.ts");
await bundle(["ts/app.ts", "ts/editor.ts", "ts/uploads.ts", "ts/passkey.ts"], { format: "iife", define: { ICONS: JSON.stringify(manifest["icons.svg"]) } });

for (const file of readdirSync(dist)) if (!kept.has(file)) rmSync(join(dist, file));
const sorted = Object.fromEntries(Object.keys(manifest).sort().map((name) => [name, manifest[name]]));
writeFileSync(join(dist, "manifest.json"), JSON.stringify(sorted, null, 2) + "\n");

let over = false;
for (const [name, file] of Object.entries(sorted)) {
  const raw = readFileSync(join(dist, file)).length;
  const path = join(dist, file + ".br");
  const small = existsSync(path) ? readFileSync(path).length : raw;
  const limit = budgets[name];
  if (limit && small > limit) over = true;
  say("", `${file.padEnd(48)} ${String(raw).padStart(7)} ${String(small).padStart(7)}${limit ? `  of ${limit}${small > limit ? "  OVER BUDGET" : ""}` : ""}`);
}
say("done", `${Number((process.hrtime.bigint() - started) / 1000000n)} ms`);
if (over) process.exit(1);
