// A phone is bound and asked for, an account gets a new password and is closed, and a clerk says why
// somebody's number has to be read.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { PASSWORD } from "./lib/browser.mjs";
import { register } from "./lib/life.mjs";

/** What a phone shows: RFC 6238 with SHA-1, thirty seconds, six digits. */
function code(secret, at = Date.now()) {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac("sha1", key).update(step).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

async function logIn(person, login, password) {
  await person.open("/login");
  await person.page.getByLabel("账号").fill(login);
  await person.page.getByLabel("密码", { exact: true }).fill(password);
  await person.press("登录");
}

export async function logins(story) {
  const step = story.step.bind(story);
  const login = "reviewer-heritage";
  const officer = await step("somebody of a department logs in", () => story.as(login));
  const secret = await step("a phone is bound", async () => {
    await officer.open("/s/account");
    await officer.follow("登录与安全");
    await officer.look("account");
    await officer.page.getByText("绑定手机").click();
    const secret = await officer.page.locator("input[name=secret]").inputValue();
    await officer.look("account-phone");
    await officer.page.getByLabel("应用显示的六位数字").fill(code(secret));
    await officer.page.getByLabel("您的密码").fill(PASSWORD);
    await officer.press("绑定");
    await officer.page.getByText("动态口令已绑定").waitFor();
    return secret;
  });
  const again = await step("the password alone opens nothing", async () => {
    const again = await story.as("public", { seat: "again" });
    await logIn(again, login, PASSWORD);
    await again.page.getByRole("heading", { name: "输入动态口令" }).waitFor();
    await again.look("login-code");
    await again.page.getByLabel("动态口令").fill("000000");
    await again.press("登录");
    await again.page.getByText("动态口令不对或者已经用过").first().waitFor();
    return again;
  });
  await step("the phone opens it", async () => {
    // Of the step after this one: the present one was used to bind the phone.
    await again.page.getByLabel("动态口令").fill(code(secret, Date.now() + 30_000));
    await again.press("登录");
    await again.page.waitForURL(/\/s$/);
  });
  const admin = await step("the administrator takes the phone off and gives a new password", async () => {
    const admin = await story.as("secadmin");
    await admin.open("/s/admin/accounts");
    await admin.look("accounts");
    await admin.open(`/s/admin/accounts?q=${login}`);
    const line = admin.page.locator(`[data-login="${login}"]`);
    await line.getByText("更改").click();
    await admin.look("accounts-one");
    await line.getByRole("button", { name: "解除动态口令" }).click();
    await admin.page.getByText("动态口令已解除").waitFor();
    await admin.open(`/s/admin/accounts?q=${login}`);
    await admin.page.locator(`[data-login="${login}"]`).getByText("更改").click();
    await admin.press("重置密码");
    await admin.page.getByText("的临时密码").waitFor();
    await admin.look("accounts-reset");
    return admin;
  });
  const first = await admin.page.locator(".notice b.code").nth(1).innerText();
  const own = await step("whoever was inside is out, and chooses a password", async () => {
    await again.open("/s/queue");
    await again.page.waitForURL(/\/login/);
    await logIn(again, login, first);
    await again.page.getByRole("heading", { name: "修改初始密码" }).waitFor();
    await again.look("login-password");
    const own = `${PASSWORD}-马场湖的石桥`;
    await again.page.getByLabel("现在的密码").fill(first);
    await again.page.getByLabel("新密码", { exact: true }).fill(own);
    await again.page.getByLabel("再输入一次新密码").fill("别的");
    await again.press("修改密码并继续");
    await again.page.getByText("两次输入的新密码不一样").first().waitFor();
    await again.page.getByLabel("现在的密码").fill(first);
    await again.page.getByLabel("新密码", { exact: true }).fill(own);
    await again.page.getByLabel("再输入一次新密码").fill(own);
    await again.press("修改密码并继续");
    await again.page.waitForURL(/\/s$/);
    await again.open("/account");
    await again.look("account-history");
    return own;
  });
  await step("one of two places is closed from the other, which leaves by the head of the page", async () => {
    const elsewhere = await story.as("public", { seat: "elsewhere" });
    await logIn(elsewhere, login, own);
    await elsewhere.page.waitForURL(/\/s$/);
    await again.open("/account");
    await again.look("account-places");
    await again.press(/^退出 .* 的登录$/);
    await again.page.getByText("那一处的登录已退出").waitFor();
    await elsewhere.open("/s/queue");
    await elsewhere.page.waitForURL(/\/login/);
    // What could not be sent goes with whoever logs out.
    await again.page.evaluate(() => localStorage.setItem("tongban:draft:/a", "{}"));
    await again.press("退出");
    assert.equal(await again.page.evaluate(() => localStorage.getItem("tongban:draft:/a")), null);
    await again.open("/s/queue");
    await again.page.waitForURL(/\/login/);
  });
  await step("a closed account does not log in", async () => {
    await admin.open("/s/admin/accounts?q=officer2-planning");
    const line = admin.page.locator('[data-login="officer2-planning"]');
    await line.getByText("更改").click();
    await line.getByRole("button", { name: "停用" }).click();
    await admin.page.getByText("账号已停用").waitFor();
    const out = await story.as("public", { seat: "closed" });
    await logIn(out, "officer2-planning", PASSWORD);
    await out.page.getByText("账号或者密码不对").first().waitFor();
    await admin.open("/s/admin/accounts?q=officer2-planning");
    await admin.page.locator('[data-login="officer2-planning"]').getByText("更改").click();
    await admin.press("重新启用");
  });
  const made = `zhoulan${Date.now() % 100_000}`;
  const password = await step("one administrator makes an account, whose office does not count yet", async () => {
    const maker = await story.as("sysadmin");
    await maker.open("/s/admin/setup");
    await maker.page.getByLabel("姓名").fill("周岚");
    await maker.page.getByLabel("账号", { exact: true }).fill(made);
    await maker.page.getByLabel("角色").selectOption({ label: "督查人员" });
    await maker.press("建立账号");
    const shown = await maker.page.locator(".notice b.code").nth(1).innerText();
    await maker.look("account-made");
    await maker.open(`/s/admin/accounts?q=${made}`);
    await maker.page.getByText("待授权").waitFor();
    assert.equal(await maker.page.getByRole("button", { name: "授予" }).count(), 0);
    return shown;
  });
  await step("another one grants it", async () => {
    await admin.open("/s");
    await admin.page.getByText("待授权的账号").waitFor();
    await admin.look("home-security");
    await admin.open(`/s/admin/accounts?q=${made}`);
    await admin.look("accounts-waiting");
    await admin.press("授予 周岚");
    await admin.page.getByText("角色已授予").waitFor();
    const newcomer = await story.as("public", { seat: "newcomer" });
    await logIn(newcomer, made, password);
    await newcomer.page.getByRole("heading", { name: "修改初始密码" }).waitFor();
  });
  await step("a third one sees who did what", async () => {
    const auditor = await story.as("auditor");
    await auditor.open("/s/admin/audit");
    await auditor.page.getByRole("rowheader", { name: "授予角色" }).first().waitFor();
    await auditor.page.getByText(made).first().waitFor();
    await auditor.look("audit");
  });
  await step("a clerk says why somebody's number has to be read", async () => {
    const owner = await story.as("owner");
    const project = await register(owner, [[/项目名称/, `平江新城档案馆 ${Date.now() % 100_000}`]]);
    const window = await story.as("window");
    await window.open(`/s/p/${project}`);
    await window.open(`/s/p/${project}/persons`);
    await window.look("persons-masked");
    await window.page.getByLabel("查看的原因").selectOption({ label: "联系经办人" });
    await window.press("查看");
    await window.page.getByText("后恢复遮蔽").waitFor();
    await window.look("persons");
    await owner.open(`/a/p/${project}/timeline`);
    await owner.page.getByText("查看联系人和个人信息：联系经办人").waitFor();
  });
}
