// One Chromium; one context per person, with everything a page can tell us about itself.
import { existsSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 360, height: 740 };
export const PASSWORD = "tongban-2026";

export async function openBrowser() {
  const named = process.env.CHROMIUM;
  const executablePath = named ?? PLACES.find(existsSync);
  if (!executablePath || !existsSync(executablePath)) {
    const looked = named ? `CHROMIUM=${named}` : PLACES.join(", ");
    throw new Error(
      `Chromium is missing (looked for ${looked}). Install it with\n` +
        "  apt-get install -y --no-install-recommends chromium fonts-noto-cjk\nor name one in CHROMIUM.",
    );
  }
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--lang=zh-CN",
    ],
  });
}

export function openContext(browser, origin, options = {}) {
  return browser.newContext({
    baseURL: origin,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: WIDE,
    reducedMotion: "reduce",
    ...options,
  });
}

/** Violations of WCAG 2.2 A and AA on the page, one line each. */
export async function axe(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode(true).analyze();
  return violations.map((violation) => {
    const where = violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ");
    return `${violation.id} ×${violation.nodes.length}: ${violation.help} (${where})`;
  });
}

/** How far the page can be pushed sideways, and the first things that stick out. */
export function sideways(page) {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const over = document.documentElement.scrollWidth - room;
    if (over <= 0) return "";
    const clipped = (element) => {
      for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
        if (getComputedStyle(up).overflowX !== "visible") return true;
      }
      return false;
    };
    const out = [...document.querySelectorAll("body *")].filter((el) => el.getBoundingClientRect().right > room + 1 && !clipped(el));
    const name = (el) => `${el.tagName.toLowerCase()}${el.className && typeof el.className === "string" ? `.${el.className.split(" ").join(".")}` : ""}`;
    return `${over} px wider than ${room}: ${out.slice(0, 4).map(name).join(", ")}`;
  });
}

/** Two pages of one shape need one look by axe: the route, and the kinds of things on it. */
export function shape(page) {
  return page.evaluate(() => {
    const kinds = new Set();
    for (const element of document.body.querySelectorAll("*")) {
      const states = ["data-state", "data-clock", "data-kind", "data-turn", "data-slot", "data-invalid"]
        .filter((name) => element.hasAttribute(name))
        .map((name) => element.getAttribute(name));
      kinds.add(`${element.tagName}.${element.getAttribute("class") ?? ""}.${states.join(".")}`);
    }
    return [...kinds].sort().join("|");
  });
}

/** The route a path belongs to, as the server's table writes it. */
export function route(path) {
  const code = "[0-9a-zA-Z-]{8,}";
  return path
    .replace(new RegExp(`^/a/d/${code}/section/.+`), "/a/d/{d}/section/{section}")
    .replace(new RegExp(`^/(a|s)/(p|d|j|c)/${code}`), (_, desk, kind) => `/${desk}/${kind}/{${kind}}`)
    .replace(/^\/guide\/items\/.+/, "/guide/items/{code}")
    .replace(/^\/guide\/papers\/.+/, "/guide/papers/{key}")
    .replace(/^\/s\/credit\/.+\/remove/, "/s/credit/{record}/remove")
    .replace(/^\/guide\/themes\/.+/, "/guide/themes/{flow}")
    .replace(/^\/s\/admin\/items\/.+/, "/s/admin/items/{code}")
    .replace(/^\/files\/.+/, "/files/{file}")
    .replace(/^\/verify\/[^/]+/, "/verify/{code}")
    .replace(/\/slots\/[^/]+$/, "/slots/{paper}")
    .replace(/\/owed\/[^/]+$/, "/owed/{paper}");
}

/** Bytes over the wire, by address, since it began. */
export async function countBytes(page) {
  const session = await page.context().newCDPSession(page);
  const seen = new Map();
  const bytes = [];
  session.on("Network.requestWillBeSent", ({ requestId, request }) => seen.set(requestId, request.url));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const url = seen.get(requestId) ?? "";
    if (!url.startsWith("data:")) bytes.push({ url, bytes: encodedDataLength });
  });
  await session.send("Network.enable");
  return { bytes, total: () => bytes.reduce((sum, one) => sum + one.bytes, 0), forget: () => (bytes.length = 0) };
}
