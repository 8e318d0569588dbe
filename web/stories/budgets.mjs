// Every page that can be read: its weight, its width, and what axe has to say about it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { axe, countBytes, openContext, route, shape, sideways, WIDE } from "./lib/browser.mjs";
import { begin, register } from "./lib/life.mjs";
import { ROOT } from "./lib/server.mjs";

const KB = 1024;
/** Bytes over the wire, first visit and next: ux.md §2.4. */
const BUDGETS = {
  public: { cold: 50 * KB, warm: 20 * KB },
  owner: { cold: 80 * KB, warm: 25 * KB, requests: 6 },
  staff: { cold: 115 * KB, warm: 45 * KB },
};

const hrefs = (person, pattern) =>
  person.main.getByRole("link").evaluateAll(
    (all, source) => [...new Set(all.map((link) => link.getAttribute("href")))].filter((href) => new RegExp(source).test(href)),
    pattern.source,
  );

/** Pages by desk: who opens them, and where they are. */
async function pages(story) {
  const owner = await story.as("owner");
  await owner.open("/a/projects");
  const projects = await hrefs(owner, /^\/a\/p\/[^/]+$/);
  let [project, cases] = ["", []];
  for (const one of projects.slice(0, 8)) {
    await owner.open(one);
    const found = await hrefs(owner, /^\/a\/c\//);
    if (found.length > cases.length) [project, cases] = [one, found];
  }
  assert.ok(project, "the owner has a project");
  await owner.open(cases[0]);
  const [application] = await hrefs(owner, /^\/a\/j\/[^/]+$/);
  const fresh = await register(owner, [[/项目名称/, `太湖科学城中试厂房新建项目 D${Date.now() % 100_000}`]]);
  const draft = await begin(owner, fresh, 1);

  const officer = await story.as("officer-planning");
  await officer.open("/s/queue?view=mine");
  const views = await hrefs(officer, /^\/s\/queue\?view=/);
  let kase;
  for (const view of views) {
    await officer.open(view);
    [kase] = await hrefs(officer, /^\/s\/c\/[^/]+$/);
    if (kase) break;
  }
  assert.ok(kase, "the officer has a case");
  await officer.open(kase);
  const [staffProject] = await hrefs(officer, /^\/s\/p\/[^/]+$/);
  const window = await story.as("window");
  await window.open("/s/desk");
  const desks = await hrefs(window, /^\/s\/desk\?view=/);
  let received;
  for (const view of desks) {
    await window.open(view);
    [received] = await hrefs(window, /^\/s\/j\/[^/]+$/);
    if (received) break;
  }
  const approver = "approver-planning";
  const supervisor = await story.as("supervisor");
  await supervisor.open("/s/watch");
  const watches = await hrefs(supervisor, /^\/s\/watch\?view=/);

  const keeper = await story.as("admin");
  await keeper.open("/s/admin/packs");
  await keeper.press("从现行版本起草");
  await keeper.press("用近一年的项目试运行");
  for (let turn = 0; turn < 40 && (await keeper.page.getByText("期限提前").count()) === 0; turn += 1) {
    await keeper.page.waitForTimeout(250);
    await keeper.open("/s/admin/draft/dry-run");
  }

  const list = [];
  const add = (desk, login, ...paths) => paths.filter(Boolean).forEach((path) => list.push({ desk, login, path }));
  add("public", "public", "/", "/guide", "/guide?stage=3", "/guide/search?q=施工许可", "/guide/search?q=没有这种事", "/guide/items/SG-09",
    "/guide/items/LX-05", "/guide/papers/site-plan", "/guide/themes/E", "/guide/themes/A", "/track", "/help", "/glossary", "/status", "/login");
  add("owner", "owner", "/a", "/a/projects", "/a/projects/new", "/a/messages", "/a/account", project, `${project}/facts`, `${project}/plan`,
    `${project}/licences`, `${project}/timeline`, `/a/p/${fresh}/apply?stage=2`, `/a/d/${draft}`, `/a/d/${draft}/section/items`,
    `/a/d/${draft}/section/0`, `/a/d/${draft}/slots`, `/a/d/${draft}/check`, application, `${application}/sent`, `${application}/receipt`, cases[0]);
  add("staff", "officer-planning", "/s", "/s/queue", ...views, kase, staffProject, "/s/search?q=苏州", "/s/messages", "/s/account");
  add("staff", approver, "/s", "/s/sign");
  add("staff", "window", "/s", "/s/desk", ...desks, received, "/s/desk/receive", "/s/desk/receive?q=苏州");
  add("staff", "supervisor", "/s", "/s/credit", ...watches);
  add("staff", "admin", "/s", "/s/admin/items", "/s/admin/items?q=施工&stage=3", "/s/admin/flows", "/s/admin/calendar", "/s/admin/acts",
    "/s/admin/packs", "/s/admin/packs/compare?to=draft", "/s/admin/draft", "/s/admin/draft/file?path=laws.toml", "/s/admin/draft/preview?item=SG-09", "/s/admin/draft/dry-run");
  add("staff", "sysadmin", "/s", "/s/admin/setup", "/s/admin/systems");
  add("staff", "secadmin", "/s", "/s/admin/accounts");
  add("staff", "auditor", "/s", "/s/admin/audit");
  add("staff", "government", "/s", "/s/watch");
  return { list, owner, officer, fresh };
}

const shotName = (login, path) => `${login}${path === "/" ? "-home" : route(path.split("?")[0]).replace(/[{}]/g, "")}${path.includes("?") ? `-${path.split("?")[1]}` : ""}`.replaceAll("/", "-").replace(/[^0-9A-Za-z-]+/g, "");

export async function budgets(story) {
  const step = story.step.bind(story);
  const { browser, origin } = story.stage;

  await step("axe can see", async () => {
    const context = await openContext(browser, origin);
    const page = await context.newPage();
    await page.setContent('<html><body><img src="data:,"><input></body></html>');
    assert.ok((await axe(page)).length >= 3, "axe finds faults on a page made of faults");
    await context.close();
  });
  const { list, owner, officer, fresh } = await step("people find their pages", () => pages(story));

  const weights = [];
  await step("every page keeps its weight", async () => {
    for (const { desk, login, path } of list) {
      const person = await story.as(login);
      const context = await openContext(browser, origin, { storageState: await person.context.storageState() });
      const page = await context.newPage();
      const counter = await countBytes(page);
      await page.goto(path, { waitUntil: "load" });
      await page.waitForTimeout(60);
      const cold = { bytes: counter.total(), requests: counter.bytes.length };
      counter.forget();
      await page.goto(path, { waitUntil: "load" });
      await page.waitForTimeout(40);
      const warm = counter.total();
      await context.close();
      weights.push({ path, cold: cold.bytes, warm });
      const most = BUDGETS[desk];
      story.check(cold.bytes <= most.cold, path, `weighs ${kb(cold.bytes)} cold, more than ${kb(most.cold)}`);
      story.check(warm <= most.warm, path, `weighs ${kb(warm)} warm, more than ${kb(most.warm)}`);
      story.check(!most.requests || cold.requests <= most.requests, path, `needs ${cold.requests} requests, more than ${most.requests}`);
    }
  });
  weights.sort((one, other) => other.cold - one.cold);
  story.notes.push(`heaviest: ${weights.slice(0, 5).map(({ path, cold, warm }) => `${path} ${kb(cold)}/${kb(warm)}`).join(", ")}`);

  await step("every page passes axe, wide and on a phone", async () => {
    for (const { login, path } of list) {
      const person = await story.as(login);
      await person.open(path);
      story.check(person.status === 200, path, `answers ${person.status}`);
      const title = await person.page.title();
      story.check(/ · 通办$/.test(title) && (await person.page.getByRole("heading", { level: 1 }).count()) === 1, path, `${path}: one h1 and a title (${title})`);
      await person.look(shotName(login, path));
    }
  });

  await step("every page fits 320 px in large type", async () => {
    const seen = new Set();
    for (const { login, path } of list) {
      const person = await story.as(login);
      await person.context.addCookies([{ name: "mode", value: "large", url: origin }]);
      await person.page.setViewportSize({ width: 320, height: 640 });
      await person.page.goto(path, { waitUntil: "load" });
      const mode = await person.page.evaluate(() => document.documentElement.dataset.mode);
      story.check(mode === "large", path, "the cookie does not switch to large type");
      const over = await sideways(person.page);
      if (over) story.fault(path, `scrolls sideways in large type at 320: ${over}`);
      const kind = `${route(path.split("?")[0])}#${await shape(person.page)}`;
      if (!seen.has(kind)) {
        for (const violation of await axe(person.page)) story.fault(path, `axe in large type: ${violation}`);
        if (story.screens) await person.page.screenshot({ path: story.shotFile(`large-${shotName(login, path)}-320`), fullPage: true });
      }
      seen.add(kind);
      await person.context.clearCookies({ name: "mode" });
      await person.page.setViewportSize(WIDE);
    }
  });

  await step("the link to large type works and comes back", async () => {
    const visitor = await story.as("public");
    await visitor.open("/guide");
    await visitor.leave(visitor.page.getByRole("link", { name: "大字版" }));
    assert.equal(new URL(visitor.page.url()).pathname, "/guide");
    assert.equal(await visitor.page.evaluate(() => document.documentElement.dataset.mode), "large");
    await visitor.leave(visitor.page.getByRole("link", { name: "标准版" }));
    assert.equal(await visitor.page.evaluate(() => document.documentElement.dataset.mode), undefined);
  });

  await step("downloads and forwarding addresses answer", async () => {
    const csv = await officer.context.request.get("/s/queue.csv?view=mine");
    assert.equal(csv.status(), 200);
    story.check(/text\/csv/.test(csv.headers()["content-type"] ?? ""), "/s/queue.csv", "is not text/csv");
    story.check((await csv.body()).subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])), "/s/queue.csv", "has no byte order mark, so Excel shows 乱码");
    story.stage.visited.add("/s/queue.csv");
    const keeper = await story.as("admin");
    const workbook = await keeper.context.request.get("/s/admin/draft/lists/items");
    story.check((await workbook.body()).subarray(0, 2).toString() === "PK", "/s/admin/draft/lists/items", "is not a workbook");
    story.stage.visited.add("/s/admin/draft/lists/{list}");
    const visitor = await story.as("public");
    for (const path of ["/health/live", "/health/ready", "/journal/keys", "/journal/keys/1", "/journal/checkpoint"]) {
      assert.equal((await visitor.context.request.get(path)).status(), 200, path);
      story.stage.visited.add(path.replace("keys/1", "keys/{epoch}"));
    }
    await owner.open(`/a/p/${fresh}/timeline`);
    const [proof] = await hrefs(owner, /\/proof\//);
    const receipt = await (await owner.context.request.get(proof)).text();
    assert.ok(receipt.startsWith("tongban-receipt 1\n"), "a receipt is taken from the timeline");
    story.stage.visited.add("/a/p/{p}/proof/{act}");
    await owner.open(`/a/p/${fresh}/milestones`);
    assert.equal(new URL(owner.page.url()).pathname, `/a/p/${fresh}/plan`);
    story.stage.visited.add("/a/p/{p}/milestones").add("/mode");
    const admin = await story.as("admin");
    await admin.open("/s/admin/items/SG-09");
    assert.equal(new URL(admin.page.url()).pathname, "/guide/items/SG-09");
    story.stage.visited.add("/s/admin/items/{code}");
    for (const { path } of list.filter(({ path: one }) => /^\/a\/(c|j)\//.test(one))) {
      await owner.open(path);
      const [file] = await hrefs(owner, /^\/files\//);
      if (!file) continue;
      const answer = await owner.context.request.get(file);
      assert.equal(answer.status(), 200, file);
      assert.match(answer.url(), /\/content\//, "a path that knows no session");
      story.stage.visited.add("/files/{file}").add("/content/{pass}");
      const stranger = await (await story.as("owner2")).context.request.get(file);
      assert.equal(stranger.status(), 404, "a foreign file");
      const nobody = await (await story.as("public", { seat: "nobody" })).context.request.get(file, { maxRedirects: 0 });
      story.check([303, 302, 401, 404].includes(nobody.status()), file, `a file without login answers ${nobody.status()}`);
      break;
    }
  });

  await step("every GET route of the table was visited", async () => {
    const table = readFileSync(join(ROOT, "crates/web/src/pages/mod.rs"), "utf8");
    const plain = (path) => path.replace(/\{\w+\}/g, "{}");
    const routes = [...table.matchAll(/\.get\(\s*"([^"]+)"/g)].map(([, path]) => plain(path));
    assert.ok(routes.length > 60, `only ${routes.length} routes were read from the table`);
    const visited = new Set([...story.stage.visited].map(plain));
    const missed = routes.filter((path) => !visited.has(path));
    // A correction is open only after the first story's notice.
    const alone = story.stage.complete ? [] : ["/a/j/{}/fix"];
    const left = missed.filter((path) => !alone.includes(path));
    story.check(left.length === 0, "the route table", `never visited: ${left.join(", ")}`);
  });
}

const kb = (bytes) => `${(bytes / KB).toFixed(1)} KB`;
