// Bundles styles, islands and icons into dist/ under content-hashed names, with a manifest the
// server reads, and brotli twins made once here rather than on every request.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = join(root, "dist");
/** Bytes over the wire; exceeding one fails the build, so weight cannot creep in. */
const budget = { "app.css": 14 * 1024, "app.js": 4 * 1024, "htmx.js": 13 * 1024, "sprite.svg": 3 * 1024 };

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const result = await build({
  absWorkingDir: root,
  entryPoints: { app: "islands/app.ts", style: "styles/app.css" },
  outdir: dist,
  bundle: true,
  minify: true,
  format: "esm",
  splitting: true,
  metafile: true,
  target: ["chrome111", "firefox113", "safari16.4"],
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  legalComments: "none",
  logLevel: "warning",
});

const manifest = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  const name = basename(path);
  if (output.entryPoint === "islands/app.ts") manifest["app.js"] = name;
  else if (output.entryPoint === "styles/app.css") manifest["app.css"] = name;
  else if (Object.keys(output.inputs).some((input) => input.includes("htmx.org"))) manifest["htmx.js"] = name;
  else manifest[name] = name;
}

// Templates may name an icon file without its hash; both names are written.
for (const name of ["sprite.svg", "favicon.svg"]) {
  const text = (await readFile(join(root, "icons", name), "utf8"))
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/>\s+</g, "><")
    .trim();
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
  manifest[name] = name.replace(".svg", `-${hash}.svg`);
  await writeFile(join(dist, manifest[name]), text);
  await writeFile(join(dist, name), text);
}

const sorted = Object.fromEntries(Object.entries(manifest).sort());
await writeFile(join(dist, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);

const sizes = {};
for (const name of await readdir(dist)) {
  if (name === "manifest.json") continue;
  const bytes = await readFile(join(dist, name));
  const packed = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  await writeFile(join(dist, `${name}.br`), packed);
  sizes[name] = { raw: bytes.length, brotli: packed.length };
}

let heavy = false;
for (const [logical, name] of Object.entries(sorted)) {
  const { raw, brotli } = sizes[name];
  const limit = budget[logical];
  const over = limit !== undefined && brotli > limit;
  heavy ||= over;
  console.log(`${logical.padEnd(12)} ${name.padEnd(24)} ${String(raw).padStart(7)} → ${String(brotli).padStart(6)} br${over ? `  OVER ${limit}` : ""}`);
}
if (heavy) process.exitCode = 1;
