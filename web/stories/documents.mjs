// A notice becomes a document: sealed, downloaded, checked by somebody else, and a changed copy is found out.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { accept, apply, register } from "./lib/life.mjs";
import { SCREENS } from "./lib/story.mjs";

const PATIENCE = 30_000;

/** Loads the page again until the text is there: documents are made behind the pages. */
async function until(person, path, text) {
  const begun = Date.now();
  for (;;) {
    await person.open(path);
    if ((await person.page.getByText(text).count()) > 0) return;
    assert.ok(Date.now() - begun < PATIENCE, `${text} does not appear on ${path}`);
    await person.page.waitForTimeout(500);
  }
}

export async function documents(story) {
  const step = story.step.bind(story);
  const name = `平江新城冷链仓储项目 ${story.key.toUpperCase()}${Date.now() % 100_000}`;
  const owner = await step("the owner logs in", () => story.as("owner"));
  const window = await step("the window logs in", () => story.as("window"));
  const application = await step("an application is accepted", async () => {
    const project = await register(owner, [[/项目名称/, name]]);
    const sent = await apply(owner, project, 1, /一并送达/);
    await accept(window, sent.application);
    return { id: sent.application, project };
  });
  await step("its notice of acceptance is made", async () => {
    await until(owner, `/a/j/${application.id}`, "受理通知书");
    await until(owner, `/a/j/${application.id}`, "查验");
    await owner.look("documents-application");
  });
  const notice = await step("the owner downloads it", async () => {
    const link = owner.main.getByRole("link", { name: "受理通知书", exact: true });
    const [download] = await Promise.all([owner.page.waitForEvent("download"), link.click()]);
    const bytes = await readFile(await download.path());
    assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
    assert.match(download.suggestedFilename(), /^受理通知书 .*\.pdf$/);
    return bytes;
  });
  const ofd = await step("and as OFD", async () => {
    const link = owner.main.getByRole("link", { name: "受理通知书，OFD 格式" });
    const [download] = await Promise.all([owner.page.waitForEvent("download"), link.click()]);
    assert.match(download.suggestedFilename(), /^受理通知书 .*\.ofd$/);
    await mkdir(SCREENS, { recursive: true });
    await download.saveAs(join(SCREENS, `${story.key}-notice.ofd`));
    return readFile(await download.path());
  });
  await step("the project lists it", async () => {
    await owner.open(`/a/p/${application.project}/licences`);
    await owner.page.getByText("受理通知书").first().waitFor();
    await owner.look("documents-project");
  });
  const address = await step("its address leads to what is on record", async () => {
    await owner.open(`/a/j/${application.id}`);
    await owner.follow("查验");
    return new URL(owner.page.url()).pathname;
  });
  const visitor = await step("somebody else types the code in", async () => {
    const visitor = await story.as("public");
    await visitor.open("/verify");
    await visitor.look("verify");
    await visitor.page.getByLabel("查验码或者电子证照标识").fill(address.split("/").at(-1).toUpperCase());
    await visitor.press("查验");
    await visitor.page.getByText("本文书有效").waitFor();
    await visitor.page.getByText(name).first().waitFor();
    await visitor.page.getByText("有效（SM2").waitFor();
    await visitor.look("verified");
    for (const part of ["receipt", "signature"]) {
      const answer = await visitor.context.request.get(`${address}/${part}`);
      assert.equal(answer.status(), 200, part);
      story.stage.visited.add(`/verify/{code}/${part}`);
    }
    return visitor;
  });
  const hand = async (bytes) => {
    await visitor.open(address);
    await visitor.page.getByLabel("PDF 或者 OFD 文件").setInputFiles({ name: "副本", mimeType: "application/octet-stream", buffer: bytes });
    await visitor.press("核对");
  };
  await step("the copy is the original", async () => {
    await hand(notice);
    await visitor.page.getByText(/与发证机关签发的原件一致/).waitFor();
    await visitor.look("verify-same");
    await hand(ofd);
    await visitor.page.getByText(/与发证机关签发的原件一致/).waitFor();
  });
  await step("a copy with one changed byte is not", async () => {
    const changed = Buffer.from(notice);
    changed[changed.length - 20] ^= 1;
    await hand(changed);
    await visitor.page.getByText(/与原件不一致/).waitFor();
    await visitor.look("verify-changed");
  });
  await step("a code that was never printed is told to be none", async () => {
    await visitor.open("/verify?code=01m6cwafxzf42r1pp4pzjb27zc");
    await visitor.page.getByText("没有这份文书").waitFor();
    await visitor.look("verify-none");
  });
}
