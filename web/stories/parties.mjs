// Who else has a say: an agent of the owner, a department that is asked, one that leads the stage, and who keeps
// which part of the catalogue.
import assert from "node:assert/strict";
import { day } from "./lib/form.mjs";
import { accept, apply, casesOf, register } from "./lib/life.mjs";

export async function parties(story) {
  const step = story.step.bind(story);
  const owner = await step("the owner logs in", () => story.as("owner"));
  const agent = await step("the agent logs in", () => story.as("agent"));
  const project = await register(owner, [[/项目名称/, `平江新城研发中心 ${Date.now() % 100_000}`]]);

  const name = await step("whom nobody trusts yet finds nothing", async () => {
    await agent.open("/a/projects");
    await agent.page.getByText("还没有项目").waitFor();
    await agent.look("agent-nothing");
    assert.equal(await agent.open(`/a/p/${project}`), 404);
    await agent.open("/a/account");
    return (await agent.page.getByRole("definition").nth(1).innerText()).trim();
  });
  await step("the owner lets somebody act for it", async () => {
    await owner.open(`/a/p/${project}/agents`);
    await owner.page.getByText("还没有委托别人").waitFor();
    await owner.look("agents-none");
    await owner.page.getByLabel("受托人账号").fill("agent");
    await owner.page.getByLabel("受托人姓名").fill("别的人");
    await owner.press("委托");
    await owner.page.getByText("或者姓名不符").first().waitFor();
    await owner.look("agents-faults");
    await owner.page.getByLabel("受托人姓名").fill(name);
    await owner.page.getByLabel("委托期限").fill(day(60));
    await owner.press("委托");
    await owner.page.getByText("委托已登记").waitFor();
    await owner.look("agents");
  });
  const application = await step("the agent applies for the owner", async () => {
    await agent.open("/a/projects");
    await agent.page.getByText(/受.*委托/).first().waitFor();
    await agent.look("agent-projects");
    await agent.open(`/a/p/${project}`);
    await agent.look("agent-project");
    const sent = await apply(agent, project, 1, /一并送达/);
    await agent.open(`/a/j/${sent.application}`);
    assert.equal(await agent.page.getByText("撤回整次申报").count(), 0);
    await agent.look("agent-application");
    return sent.application;
  });

  const window = await story.as("window");
  await accept(window, application);
  const cases = await casesOf(owner, application);
  const land = cases.find((one) => /建设用地规划许可证/.test(one.name));
  const filing = cases.find((one) => one.id !== land.id && /备案/.test(one.name));
  const officer = await story.as("officer-planning");
  await step("the officer asks another department", async () => {
    await officer.open(`/s/c/${land.id}`);
    await officer.unfold("征求其他部门意见");
    await officer.page.getByLabel("部门", { exact: true }).selectOption({ label: "苏州市水利局" });
    await officer.page.getByLabel("征求意见的内容").fill("用地是否在河道管理范围内，有无意见？");
    await officer.look("consult-form");
    await officer.press("征求意见");
    await officer.page.getByText("待反馈").first().waitFor();
    await officer.look("consult-waiting");
  });
  const asked = await story.as("officer-water");
  await step("which finds the question and answers", async () => {
    await asked.open("/s/queue?view=consult");
    await asked.look("consult-queue");
    await asked.open(`/s/c/${land.id}`);
    await asked.look("consult-answer");
    await asked.page.getByLabel("有修改意见").check();
    await asked.page.getByLabel("意见", { exact: true }).fill("东侧退让河道蓝线十米，其余无意见。");
    await asked.press("反馈给承办部门");
    assert.ok(asked.status < 400, await asked.main.innerText());
    await officer.open(`/s/c/${land.id}`);
    await officer.page.getByText("东侧退让河道蓝线十米").first().waitFor();
    await officer.look("consult-answered");
  });
  await step("the department that leads the stage urges another", async () => {
    const lead = await story.as("approver-planning");
    await lead.open("/s/queue?view=lead");
    await lead.look("lead-queue");
    await lead.open(`/s/c/${filing.id}`);
    await lead.unfold("催办");
    await lead.page.getByLabel("催办内容").fill("其他事项等待备案，请于本周内办结。");
    await lead.look("urge");
    await lead.press("催办");
    await lead.page.getByText(/已催办|牵头部门催办/).first().waitFor();
  });
  await step("the owner sees all of it, and takes its trust back", async () => {
    await owner.open(`/a/c/${land.id}`);
    await owner.page.getByText(/反馈意见：有修改意见/).first().waitFor();
    await owner.open(`/a/j/${application}`);
    await owner.page.getByText(/牵头/).first().waitFor();
    await owner.look("lead-owner");
    await owner.open(`/a/p/${project}/agents`);
    await owner.press("解除委托");
    await owner.page.getByText("已解除").first().waitFor();
    await owner.look("agents-ended");
    assert.equal(await agent.open(`/a/p/${project}`), 404);
  });

  const city = await story.as("admin-city");
  await step("a city keeps its list and nothing of the province", async () => {
    await city.open("/s/admin/packs");
    await city.press("从现行版本起草");
    await city.page.getByText("只读，由上级管理").first().waitFor();
    await city.look("draft-city");
    await city.page.getByLabel("地区").selectOption({ label: "苏州市" });
    await city.press("添加实施清单");
    await city.page.getByRole("heading", { name: "overlays/320500.toml" }).waitFor();
    await city.look("draft-city-list");
    await city.open("/s/admin/draft");
    await city.unfold("丢弃草稿");
    await city.press("丢弃草稿");
    await city.page.getByText("草稿已丢弃").waitFor();
  });
  await step("accounts are made for a region", async () => {
    const maker = await story.as("sysadmin");
    await maker.open("/s/admin/setup");
    await maker.look("setup-regions");
  });
}
