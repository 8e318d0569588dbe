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

/** The address of a running node, and how to stop it. */
export async function node() {
  if (process.env.TONGBAN_URL) {
    return { origin: process.env.TONGBAN_URL.replace(/\/$/, ""), stop: async () => {} };
  }
  const binary = resolve(process.env.TONGBAN_BIN ?? join(ROOT, "target", "debug", "tongban"));
  if (!existsSync(binary)) {
    throw new Error(`${binary} is missing: build it with cargo build, name another in TONGBAN_BIN, or give a server in TONGBAN_URL`);
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
  const child = spawn(binary, ["demo", ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await gone;
      clearTimeout(late);
    }
    await rm(data, { recursive: true, force: true });
  };
  try {
    return { origin: await ready(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function ready(child) {
  return new Promise((done, fail) => {
    let out = "";
    let err = "";
    const late = setTimeout(() => fail(new Error(`the node did not start in ${PATIENCE / 1000} s\n${err}`)), PATIENCE);
    child.stdout.on("data", (text) => {
      out += text;
      const found = /通办演示\s+(http:\/\/\S+)/.exec(out);
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
