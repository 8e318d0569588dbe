// What is owed to people around a case: a hearing, credit that can be repaired, a department that moves.
import assert from "node:assert/strict";
import { day } from "./lib/form.mjs";
import { accept, apply, casesOf, register } from "./lib/life.mjs";

const exact = (name) => ({ name, exact: true });

export async function rights(story) {
  const step = story.step.bind(story);
  const name = `平江新城工业厂房改造项目 ${story.key.toUpperCase()}${Date.now() % 100_000}`;
  const owner = await step("the owner logs in", () => story.as("owner"));
  const window = await step("the window logs in", () => story.as("window"));

  await step("a guide says who, where, and how a paper may look", async () => {
    const visitor = await story.as("public");
    await visitor.open("/guide/items/GH-05");
    await visitor.page.getByLabel("办理地区").selectOption({ label: "江苏省 · 苏州市" });
    await visitor.press("查看本地指南");
    await visitor.page.getByText("苏州市自然资源和规划局").first().waitFor();
    await visitor.look("guide-local");
    await visitor.follow("授权委托书");
    await visitor.page.getByText("受托人：张三").waitFor();
    await visitor.look("guide-paper");
  });

  const land = await step("an application is accepted", async () => {
    const project = await register(owner, [[/项目名称/, name]]);
    const sent = await apply(owner, project, 1, /一并送达/);
    await accept(window, sent.application);
    const cases = await casesOf(owner, sent.application);
    return cases.find((one) => /建设用地规划许可证/.test(one.name));
  });
  const officer = await story.as("officer-planning");
  await step("the officer tells the right to a hearing", async () => {
    await officer.open(`/s/c/${land.id}`);
    await officer.unfold("听证");
    await officer.look("hearing-offer");
    await officer.page.getByLabel("听证的事由").fill("项目紧邻居民区，可能影响采光");
    await officer.press("告知听证权利");
    assert.ok(officer.status < 400, await officer.main.innerText());
  });
  await step("the owner asks for it", async () => {
    await owner.open(`/a/c/${land.id}`);
    await owner.page.getByText(/可以申请听证/).first().waitFor();
    await owner.look("hearing-owner");
    await owner.page.getByLabel("申请人和理由").fill("我方请求听证，说明采光分析");
    await owner.press("申请听证");
    await owner.page.getByText(/期间停止计时/).first().waitFor();
  });
  await step("the officer sets time, place and chair", async () => {
    await officer.open(`/s/c/${land.id}`);
    await officer.look("hearing-notify");
    await officer.page.getByLabel("时间和地点").fill("上午九时，政务服务中心三楼听证室");
    await officer.page.getByLabel("主持人").selectOption({ index: 1 });
    await officer.press("通知听证时间和地点");
    assert.ok(officer.status < 400, await officer.main.innerText());
    await officer.look("hearing-set");
  });
  await step("the owner reads when and where", async () => {
    await owner.open(`/a/c/${land.id}`);
    await owner.page.getByText("政务服务中心三楼听证室").first().waitFor();
    await owner.look("hearing-owner-set");
  });

  const supervisor = await step("the supervisor logs in", () => story.as("supervisor"));
  await step("a bad record is entered with its list", async () => {
    const facts = await owner.context.request.get("/api/v1/projects");
    const uscc = /[0-9A-HJ-NPQRTUWXY]{18}/.exec(await facts.text())?.[0] ?? "91320500MA2100001Y";
    await supervisor.open("/s/credit");
    await supervisor.page.getByLabel("统一社会信用代码").fill(uscc);
    await supervisor.page.getByLabel("单位名称").fill("故事里的建设单位");
    await supervisor.page.getByLabel("记录种类").selectOption("bad");
    await supervisor.page.getByLabel("依据的名单").fill("苏建罚〔2026〕12号");
    await supervisor.page.getByLabel("有效期至").fill(day(100));
    await supervisor.press("登记");
    await supervisor.page.getByText("信用记录已登记").waitFor();
    await supervisor.look("credit");
  });
  await step("its owner sees it and what it does", async () => {
    await owner.open("/a/account");
    await owner.page.getByText("苏建罚〔2026〕12号").waitFor();
    await owner.look("account");
  });
  await step("the record is repaired and removed", async () => {
    await supervisor.unfold("信用修复");
    await supervisor.page.getByLabel("移出的理由").first().fill("信用修复决定书2号");
    await supervisor.press("移出");
    await supervisor.page.getByText("信用记录已移出").waitFor();
    await owner.open("/a/account");
    assert.equal(await owner.page.getByText("苏建罚〔2026〕12号").count(), 0);
  });

  await step("a department is to be renamed from a day", async () => {
    const admin = await story.as("sysadmin");
    await admin.open("/s/admin/setup");
    await admin.unfold("机构改革");
    await admin.page.getByLabel("哪个部门").selectOption({ label: "苏州市水利局" });
    await admin.page.getByLabel("更名为").fill("苏州市水务和河湖管理局");
    await admin.page.getByLabel("生效日期").fill(day(40));
    await admin.page.getByLabel("依据的文件和编号").fill("苏府办〔2026〕1号");
    await admin.press("登记机构改革");
    await admin.page.getByText("苏州市水利局更名为苏州市水务和河湖管理局").waitFor();
    await admin.look("setup");
  });
}
