// A new city lets people in by a provider of OpenID Connect: an owner's agent, an official, those who keep
// the node; then without passwords.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { logInThere, provider } from "./lib/provider.mjs";
import { binary, CATALOG, serve, WEB } from "./lib/server.mjs";
import { Stage } from "./lib/story.mjs";

const OWN = "马场湖的石桥没有栏杆哦";
const SECRET = "a-secret-of-the-stories-alone";
const PEOPLE = {
  company: { name: "陆文", uscc: "91320594MA1MXH2T00", organisation_name: "南通濠河置业有限公司", phone_number: "13812345678" },
  official: { name: "沈佳", id_number: "320500199003071238" },
  guard: { name: "顾安", id_number: "11010519491231002X" },
};

/** A security key of the browser's own: it answers at once. */
async function addAuthenticator(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "usb", hasResidentKey: false, hasUserVerification: false, automaticPresenceSimulation: true };
  await session.send("WebAuthn.addVirtualAuthenticator", { options });
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

export async function unified(story) {
  const step = story.step.bind(story);
  const folder = await mkdtemp(join(tmpdir(), "tongban-unified-"));
  // Security keys are for names; this one is the same machine.
  const origin = `http://localhost:${await freePort()}`;
  const there = await provider({ client: "tongban", secret: SECRET, back: `${origin}/login/unified/back`, people: PEOPLE });
  let node;
  // The same story on another node: what was seen and what went wrong is told together.
  const stage = Object.assign(new Stage(story.stage.browser, origin), { visited: story.stage.visited, shapes: story.stage.shapes });
  const here = Object.assign(stage.story(story.key), { faults: story.faults });
  here.step = step;
  try {
    await tell();
    assert.deepEqual(there.faults, [], "nothing went wrong at the provider");
  } finally {
    await here.end();
    await node?.stop();
    await there.stop();
    await rm(folder, { recursive: true, force: true });
  }

  async function start(passwords) {
    await node?.stop();
    const config = join(folder, "data", "tongban.toml");
    const text = (await readFile(config, "utf8")).split("\n# unified")[0].replace("secure_cookies = true", "secure_cookies = false");
    const login = [
      "\n# unified", `address = "${origin}"`, "limits = \"off\"", "[unified_login]", 'name = "省统一身份认证"', `issuer = "${there.issuer}"`,
      'client = "tongban"', `key = ${JSON.stringify(join(folder, "key"))}`, `passwords = "${passwords}"`, "",
    ];
    await writeFile(config, text + login.join("\n"));
    node = await serve(config);
  }

  async function logIn(person, login, password) {
    await person.open("/login");
    await person.unfold("用账号和密码登录");
    await person.page.getByLabel("账号").fill(login);
    await person.page.getByLabel("密码", { exact: true }).fill(password);
    await person.press("登录");
  }

  async function choosePassword(person, first) {
    await person.page.getByLabel("现在的密码").fill(first);
    await person.page.getByLabel("新密码", { exact: true }).fill(OWN);
    await person.page.getByLabel("再输入一次新密码").fill(OWN);
    await person.press("修改密码并继续");
  }

  async function enter(person, login, path = "/login") {
    await person.open(path);
    await person.page.getByRole("link", { name: "用省统一身份认证登录" }).click();
    await logInThere(person.page, login);
  }

  /** The provider remembers who was there a moment ago. */
  async function enterAgain(person) {
    await person.open("/login");
    await person.page.getByRole("link", { name: "用省统一身份认证登录" }).click();
    await person.page.waitForURL(/\/s$/);
  }

  async function tell() {
    const first = await step("a new city is set up, with a provider that vouches for people", async () => {
      await writeFile(join(folder, "key"), SECRET);
      const args = ["init", "--division", "320600", "--data", join(folder, "data"), "--catalog", CATALOG, "--assets", join(WEB, "dist")];
      const { stdout } = await promisify(execFile)(binary(), [...args, "--listen", origin.replace("http://localhost", "127.0.0.1")]);
      await start("accepted");
      return (login) => new RegExp(`${login}\\s+(\\S+)`).exec(stdout)[1];
    });
    await step("somebody who acts for a company comes in and finds its desk", async () => {
      const owner = await here.as("public", { seat: "company" });
      await owner.open("/a/projects/new");
      await owner.look("login");
      await enter(owner, "company", "/a/projects/new");
      assert.equal(new URL(owner.page.url()).pathname, "/a/projects/new");
      // The browser passed through both and stayed at neither.
      for (const path of ["/login/unified", "/login/unified/back"]) stage.visited.add(path);
      await owner.open("/a/account");
      await owner.page.getByText("南通濠河置业有限公司", { exact: true }).waitFor();
      await owner.look("owner-account");
      await owner.open("/account");
      await owner.look("owner-security");
      await owner.open("/a");
    });
    await step("an official without an account is told what to do", async () => {
      const official = await here.as("public", { seat: "official" });
      await enter(official, "official");
      await official.page.getByText("还没有可以使用的账号").first().waitFor();
      await official.look("nobody");
    });
    const guard = await step("an account is made for the identity number and granted", async () => {
      const maker = await here.as("public", { seat: "sysadmin" });
      await logIn(maker, "sysadmin", first("sysadmin"));
      await choosePassword(maker, first("sysadmin"));
      await maker.open("/s/admin/setup");
      await maker.page.getByLabel("姓名").fill("沈佳");
      await maker.page.getByLabel("账号", { exact: true }).fill("shenjia");
      await maker.page.getByLabel("居民身份号码").fill(PEOPLE.official.id_number);
      await maker.page.getByLabel("角色").selectOption({ label: "督查人员" });
      await maker.press("建立账号");
      const guard = await here.as("public", { seat: "secadmin" });
      await logIn(guard, "secadmin", first("secadmin"));
      await choosePassword(guard, first("secadmin"));
      await guard.open("/s/admin/accounts?q=shenjia");
      await guard.press("授予 沈佳");
      return guard;
    });
    await step("the official comes in", async () => {
      const official = await here.as("public", { seat: "official" });
      await enterAgain(official);
      assert.equal(new URL(official.page.url()).pathname, "/s");
      await official.open("/s/watch");
      await official.open("/account");
      await official.page.getByText("关联统一身份认证").waitFor();
    });
    await step("the security administrator links an account that has a password", async () => {
      await guard.open("/account");
      await guard.look("security");
      await guard.press("关联");
      await guard.look("link");
      await guard.page.getByRole("link", { name: "到省统一身份认证登录" }).click();
      await logInThere(guard.page, "guard");
      await guard.page.getByText("统一身份认证已关联").waitFor();
      await guard.look("security-linked");
    });
    await step("a security key is added, and asked for at the next login", async () => {
      await addAuthenticator(guard.page);
      await guard.open("/account");
      await guard.press("添加安全密钥");
      await guard.page.getByLabel("密钥的名字").fill("办公室的密钥");
      await guard.look("key-new");
      await guard.press("读取密钥并添加");
      await guard.page.getByText("安全密钥已添加").waitFor();
      await guard.look("key-added");
      await guard.open("/s/account");
      await guard.press("退出登录");
      await logIn(guard, "secadmin", OWN);
      await guard.page.getByRole("heading", { name: "使用安全密钥" }).waitFor();
      await guard.look("key-asked");
      // Without the key nothing is open.
      await guard.open("/s");
      assert.match(guard.page.url(), /login\/next/);
      await guard.press("用安全密钥登录");
      await guard.page.waitForURL(/\/s$/);
      await guard.open("/account");
      assert.equal(await guard.page.getByText("还没有用过").count(), 0);
    });
    await step("passwords are switched off: the provider alone opens the node", async () => {
      await start("off");
      const again = await here.as("public", { seat: "again" });
      await again.open("/login");
      assert.equal(await again.page.locator("input[type=password]").count(), 0);
      await again.look("login-alone");
      await enter(again, "guard");
      // The key lies with the other browser.
      assert.equal(new URL(again.page.url()).pathname, "/login/next");
      await guard.open("/account");
      await guard.press("移除 办公室的密钥");
      await guard.page.getByText("安全密钥已移除").waitFor();
      await enterAgain(again);
      assert.equal(new URL(again.page.url()).pathname, "/s");
      await again.page.goto("/login/unified?confirm=true");
      await logInThere(again.page, "guard");
      await again.page.getByRole("heading", { name: "已确认是您本人" }).waitFor();
      await again.look("proved");
    });
    await step("while the provider is away everybody is told so, and whoever is in works on", async () => {
      await there.stop();
      await start("off");
      const late = await here.as("public", { seat: "late" });
      await late.open("/login");
      await late.page.getByRole("link", { name: "用省统一身份认证登录" }).click();
      await late.page.getByText("暂时没有响应").first().waitFor();
      await late.look("away");
      await guard.open("/s/admin/accounts");
      await guard.page.getByText("shenjia").first().waitFor();
    });
  }
}
