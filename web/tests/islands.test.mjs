// The small scripts, driven as a person would drive them.
import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "../gallery/serve.mjs";

let browser, server, origin, context, page;

before(async () => {
  server = await serve();
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
});
after(async () => {
  await browser?.close();
  server?.close();
});
beforeEach(async () => {
  context = await browser.newContext({ locale: "zh-CN", timezoneId: "Asia/Shanghai", viewport: { width: 1366, height: 768 } });
  page = await context.newPage();
});
afterEach(() => context.close());

const far = () => page.getByLabel("容积率");
const state = () => page.locator("[data-save-state]");

test("a page with errors starts at their summary, whose links lead to the fields", async () => {
  await page.goto(`${origin}/form`);
  await page.waitForFunction(() => document.activeElement?.matches(".error-summary"));
  await page.getByRole("link", { name: "请选择主体结构类型" }).click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "structure");
});

test("leaving a field saves what changed, with the hidden fields, and says when", async () => {
  const bodies = [];
  await page.route("**/a/d/d1/scale", (route) => {
    bodies.push(new URLSearchParams(route.request().postData() ?? ""));
    return route.fulfill({ status: 204 });
  });
  await page.goto(`${origin}/form`);
  await far().fill("1.30");
  await far().press("Tab");
  await page.getByText(/^已保存 \d\d:\d\d$/).and(page.locator('[data-save="saved"]')).waitFor();
  await page.waitForFunction(() => document.querySelector("[data-save-state]").textContent.startsWith("已保存"));
  assert.deepEqual([...bodies[0]], [["csrf", "token"], ["version", "7"], ["far", "1.30"]]);
});

test("an unticked box is told to the server", async () => {
  const sent = page.waitForRequest("**/a/d/d1/scale");
  await page.route("**/a/d/d1/scale", (route) => route.fulfill({ status: 204 }));
  await page.goto(`${origin}/form`);
  await page.getByLabel("屋顶光伏").uncheck();
  assert.equal(new URLSearchParams((await sent).postData()).get("kit"), "");
});

test("work done offline stays here, is offered after a reload, and is sent on return", async () => {
  await page.route("**/a/d/d1/scale", (route) => route.abort());
  await page.goto(`${origin}/form`);
  await far().fill("2.00");
  await far().press("Tab");
  await page.getByText("未连接，内容保存在本机").waitFor();
  await page.reload();
  await page.getByRole("button", { name: "恢复这些内容" }).waitFor();
  await page.unroute("**/a/d/d1/scale");
  await page.route("**/a/d/d1/scale", (route) => route.fulfill({ status: 204 }));
  await page.getByRole("button", { name: "恢复这些内容" }).click();
  assert.equal(await far().inputValue(), "2.00");
  await page.getByText(/^已保存/).waitFor();
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

test("an expired session and a colleague's change are each said in words", async () => {
  for (const [status, words] of [[401, "登录已过期"], [409, "同事已修改本页"], [503, "服务器暂时不能保存"]]) {
    await page.route("**/a/d/d1/scale", (route) => route.fulfill({ status }));
    await page.goto(`${origin}/form`);
    await far().fill(String(status));
    await far().press("Tab");
    await state().getByText(words).waitFor();
    await page.unroute("**/a/d/d1/scale");
  }
});

test("a slot names the chosen file and stops a wrong one before upload", async () => {
  await page.goto(`${origin}/slots`);
  const input = page.getByLabel("选择文件");
  await input.setInputFiles({ name: "总平面图.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(2048) });
  await page.getByText("已选择：总平面图.pdf（2 KB）").waitFor();
  await input.setInputFiles({ name: "总平面图.dwg", mimeType: "", buffer: Buffer.alloc(10) });
  await page.getByText("「总平面图.dwg」的格式不能上传").waitFor();
  assert.equal(await input.evaluate((el) => el.validity.customError), true);
});

test("officers move by keys, and can switch them off for good", async () => {
  await page.goto(`${origin}/queue`);
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  assert.equal(await focused(), "高铁新城文化中心");
  await page.keyboard.press("k");
  assert.equal(await focused(), "轨道交通 8 号线车辆段上盖");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "palette");
  await page.keyboard.type("j?");
  assert.equal(await page.locator("#palette").inputValue(), "j?");
  await page.getByRole("link", { name: "快捷键" }).click();
  await page.getByLabel("使用快捷键").uncheck();
  await page.getByRole("button", { name: "关闭" }).click();
  await page.reload();
  await page.keyboard.press("?");
  assert.equal(await page.locator("dialog[open]").count(), 0);
});

test("g then q leads to the queue", async () => {
  await page.goto(`${origin}/sign`);
  await page.keyboard.press("g");
  await page.keyboard.press("q");
  await page.waitForURL("**/s/queue");
});

test("live search on the home page fills in results without leaving it", async () => {
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(`${origin}/home`);
  await page.waitForFunction(() => window.htmx);
  await page.getByLabel("查事项、材料、政策").pressSequentially("施工许可");
  await page.getByText("找到 14 个事项").waitFor();
  assert.equal(new URL(page.url()).pathname, "/home");
  assert.deepEqual(errors, []);
});

test("a public page without hx attributes never fetches htmx", async () => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${origin}/guide`, { waitUntil: "load" });
  assert.equal(asked.some((url) => url.includes("htmx")), false);
});

test("without a script every stage of the ladder is still readable", async () => {
  const bare = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1366, height: 768 } });
  const still = await bare.newPage();
  await still.goto(`${origin}/project`);
  await still.getByText("规划、消防、人防、档案一次验收").waitFor({ state: "visible" });
  await bare.close();
});

test("staff tables fit common office screens", async () => {
  for (const width of [960, 1024, 1280, 1366]) {
    await page.setViewportSize({ width, height: 768 });
    for (const path of ["queue", "case", "watch", "catalogue"]) {
      await page.goto(`${origin}/${path}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${path} at ${width}: ${over}px too wide`);
    }
  }
});
