// A node of its own: a simulated city on a free port, in a folder that goes away with it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const WEB = resolve(fileURLToPath(new URL("../..", import.meta.url)));
export const ROOT = resolve(WEB, "..");
export const CATALOG = join(ROOT, "catalog", "jiangsu");

const PATIENCE = 180_000;

/** The program. */
export function binary() {
  const found = resolve(process.env.TONGBAN_BIN ?? join(ROOT, "target", "debug", "tongban"));
  if (!existsSync(found)) {
    throw new Error(`${found} is missing: build it with cargo build, name another in TONGBAN_BIN, or give a server in TONGBAN_URL`);
  }
  return found;
}

/** A node from its configuration file. */
export async function serve(config) {
  const child = spawn(binary(), ["serve", "--config", config], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  return started(child, /listens on (http:\S+)/);
}

/** The address of a running demo, and how to stop it. */
export async function node() {
  if (process.env.TONGBAN_URL) {
    return { origin: process.env.TONGBAN_URL.replace(/\/$/, ""), stop: async () => {} };
  }
  const data = await mkdtemp(join(tmpdir(), "tongban-stories-"));
  const options = {
    data,
    projects: "30",
    days: "300",
    seed: "7",
    catalog: CATALOG,
    assets: join(WEB, "dist"),
    listen: "127.0.0.1:0",
  };
  const child = spawn(binary(), ["demo", ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return started(child, /通办演示\s+(http:\/\/\S+)/, data);
}

/** Where a program listens, once it says so, and how to stop it; a folder of its own goes with it. */
async function started(child, words, data) {
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await gone;
      clearTimeout(late);
    }
    if (data) await rm(data, { recursive: true, force: true });
  };
  try {
    return { origin: await ready(child, words), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function ready(child, words) {
  return new Promise((done, fail) => {
    let out = "";
    let err = "";
    const late = setTimeout(() => fail(new Error(`the node did not start in ${PATIENCE / 1000} s\n${err}`)), PATIENCE);
    child.stdout.on("data", (text) => {
      out += text;
      const found = words.exec(out);
      if (!found) return;
      clearTimeout(late);
      done(found[1]);
    });
    child.stderr.on("data", (text) => {
      err = (err + text).slice(-4_000);
    });
    child.once("error", fail);
    child.once("exit", (code) => fail(new Error(`the node ended with ${code}\n${err}`)));
  });
}
