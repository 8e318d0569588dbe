// Serves the gallery with the built assets under the addresses and the content policy of the real
// site, so markup can be copied as it stands. `<!-- include x -->` is one of parts/x.html;
// `<!-- demo 名称 -->…<!-- /demo -->` is shown together with its own source.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = join(root, "../dist");
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; " +
  "worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const types = { ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".html": "text/html" };

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function dedent(text) {
  const lines = text.replace(/^\n+|\s+$/g, "").split("\n");
  const depth = Math.min(...lines.filter((line) => line.trim()).map((line) => line.match(/^ */)[0].length));
  return lines.map((line) => line.slice(depth)).join("\n");
}

async function page(path, query) {
  let html = await readFile(path, "utf8");
  for (const [whole, name] of html.matchAll(/<!-- include ([\w-]+) -->/g)) {
    const part = await readFile(join(root, "parts", `${name}.html`), "utf8");
    html = html.replace(whole, () => part.trimEnd());
  }
  html = html.replace(/<!-- demo (.+?) -->([\s\S]*?)<!-- \/demo -->/g, (_, name, body) =>
    `<section class="demo"><h3>${name}</h3>${body}<details><summary>标记</summary><pre tabindex="0"><code>${escape(dedent(body))}</code></pre></details></section>`);
  // The layout templates mark the menu entry of the page at hand; `<!-- here /path -->` names it.
  const here = html.match(/<!-- here (\S+) -->/)?.[1];
  if (here) html = html.replace(`<li><a href="${here}"`, `<li><a href="${here}" aria-current="page"`);
  if (query.has("mode")) html = html.replace("<html ", `<html data-mode="${escape(query.get("mode"))}" `);
  if (query.has("rail")) html = html.replace("<html ", `<html data-rail="${escape(query.get("rail"))}" `);
  if (query.has("density")) html = html.replace(/data-density="\w+"/, `data-density="${escape(query.get("density"))}"`);
  return html;
}

async function answer(url) {
  const path = normalize(decodeURIComponent(url.pathname));
  if (path.startsWith("/assets/")) {
    const name = path.slice("/assets/".length);
    const manifest = JSON.parse(await readFile(join(dist, "manifest.json"), "utf8"));
    return { type: types[extname(name)] ?? "text/plain", body: await readFile(join(dist, manifest[name] ?? name)) };
  }
  if (path === "/gallery.css") return { type: types[".css"], body: await readFile(join(root, "gallery.css")) };
  const file = path === "/" ? join(root, "index.html") : join(root, "pages", `${path.slice(1)}.html`);
  return { type: types[".html"], body: await page(file, url.searchParams) };
}

export function serve(port = 0) {
  const server = createServer(async (request, response) => {
    try {
      const { type, body } = await answer(new URL(request.url, "http://localhost"));
      response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "content-security-policy": policy });
      response.end(body);
    } catch {
      response.writeHead(404, { "content-type": "text/plain" }).end("not here");
    }
  });
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(server)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const server = await serve(Number(process.env.PORT ?? 4400));
  console.log(`http://127.0.0.1:${server.address().port}/`);
}
