// Department names as pages show them, and the logins of their people.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOG } from "./server.mjs";

const list = [...readFileSync(join(CATALOG, "departments.toml"), "utf8").matchAll(/key = "([^"]+)"\s+name = "([^"]+)"\s+title = "([^"]+)"/g)]
  .map(([, key, name, title]) => ({ key, name, title }))
  // Longest first: 城市管理局 also ends 市城市管理局.
  .sort((one, other) => other.title.length - one.title.length);

/** `苏州市自然资源和规划局` → `planning`. */
export function departmentKey(shown) {
  const found = list.find(({ title, name }) => shown.endsWith(title) || shown === name);
  if (!found) throw new Error(`no department is called ${shown}`);
  return found.key;
}
