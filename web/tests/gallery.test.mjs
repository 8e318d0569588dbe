// Looks at every gallery page the way its readers will: with axe, on a narrow phone, in large text,
// without a script and under the site's content policy. SHOTS=dir also writes screenshots there.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { serve } from "../gallery/serve.mjs";

const shots = process.env.SHOTS;
const only = process.env.ONLY?.split(",");
const files = await readdir(new URL("../gallery/pages/", import.meta.url));
const pages = ["", ...files.map((name) => name.replace(".html", ""))].filter((p) => !only || only.includes(p || "index"));
const screens = [
  { name: "wide", viewport: { width: 1440, height: 900 } },
  { name: "phone", viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  { name: "large", viewport: { width: 1280, height: 900 }, query: "?mode=large" },
  { name: "large-phone", viewport: { width: 320, height: 740 }, isMobile: true, hasTouch: true, query: "?mode=large" },
];
let browser, server, origin;

before(async () => {
  server = await serve();
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--lang=zh-CN"],
  });
});
after(async () => {
  await browser?.close();
  server?.close();
});

for (const { name, query = "", ...options } of screens) {
  test(`every page holds on ${name}`, async () => {
    const context = await browser.newContext({ locale: "zh-CN", timezoneId: "Asia/Shanghai", ...options });
    const faults = [];
    for (const path of pages) {
      const page = await context.newPage();
      page.on("console", (message) => message.type() === "error" && faults.push(`/${path}: ${message.text()}`));
      page.on("pageerror", (error) => faults.push(`/${path}: ${error.message}`));
      await page.goto(`${origin}/${path}${query}`, { waitUntil: "load" });
      await page.waitForFunction(() => !document.querySelector("[hx-get]") || window.htmx);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (overflow > 0) faults.push(`/${path}: ${overflow}px wider than the screen`);
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
      for (const { id, nodes } of violations) faults.push(`/${path}: ${id} ${nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? "")).join(" | ")}`);
      if (shots) await page.screenshot({ path: `${shots}/${path || "index"}-${name}.png`, fullPage: true });
      await page.close();
    }
    await context.close();
    assert.deepEqual(faults, []);
  });
}
