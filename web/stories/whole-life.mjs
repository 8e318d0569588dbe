// A project from its registration to its completion filing: every desk takes its turn.
import assert from "node:assert/strict";
import {
  accept, agreePlan, apply, bringToSign, casesOf, correct, driveAll, lookUp, recordMilestone, register, sendNotice,
  signFromList, specialProcedure,
} from "./lib/life.mjs";

export async function wholeLife(story) {
  const step = story.step.bind(story);
  const name = `苏州工业园区精密轴承生产线新建项目 ${story.key.toUpperCase()}${Date.now() % 100_000}`;
  const owner = await step("the owner logs in", () => story.as("owner"));
  const window = await step("the window logs in", () => story.as("window"));
  const visitor = await story.as("public");
  await step("both see their day", async () => {
    await owner.open("/a");
    await owner.look("today");
    await window.open("/s");
    await window.look("window-home");
  });

  const project = await step("the owner registers an industrial project", () => register(owner, [[/项目名称/, name]]));
  await step("the owner agrees a plan", () => agreePlan(owner, project));

  // Stage 1.
  const first = await step("the owner applies for stage 1", () => apply(owner, project, 1, /一并送达/));
  await step("anybody finds it by number and phone", async () => {
    await lookUp(visitor, first.number, "1234");
    await visitor.heading(name).waitFor();
    await visitor.look("track-found");
    await lookUp(visitor, first.number, "0000");
    await visitor.heading("没有查到").waitFor();
  });
  await step("the window finds it on its desk", async () => {
    await window.open("/s/desk");
    await window.look("desk");
    await window.main.getByRole("link", { name }).first().waitFor();
  });
  await step("the window sends one correction notice with two demands", () => sendNotice(window, first.application));
  await step("the owner corrects both at once", () => correct(owner, first.application));
  await step("the window accepts", () => accept(window, first.application));
  const cases = await step("the owner sees whose turn it is", async () => {
    const all = await casesOf(owner, first.application);
    await owner.look("case");
    await owner.open(`/a/j/${first.application}`);
    await owner.look("application");
    return all;
  });
  const slow = cases.find((one) => /水土保持/.test(one.name));
  const land = cases.find((one) => /建设用地规划许可证/.test(one.name));
  assert.ok(slow && land, `expected soil-water and land cases, got ${cases.map((one) => one.name)}`);
  await step("an officer asks for a special procedure, the leader approves, the officer ends it", () => specialProcedure(story, slow));
  await step("the soil-water case goes up to its leader", () => bringToSign(story, slow));
  await step("the leader signs it from the list", () => signFromList(story, "water", name, slow.name));
  const waiting = await step("the other departments decide side by side", () => driveAll(story, owner, first.application));
  await step("the land permit waits for the land contract", async () => {
    assert.deepEqual(waiting.map((one) => one.name), [land.name]);
    const approver = await story.as("approver-planning");
    await approver.open(`/s/c/${land.id}`);
    await approver.look("case-waits");
  });
  await step("the planning authority registers the land contract", async () => {
    await owner.open(`/a/p/${project}/plan`);
    await owner.page.getByText(/由\S*自然资源和规划局登记/).first().waitFor();
    await owner.look("milestones-owner");
    const officer = await story.as("officer-planning");
    await recordMilestone(officer, project, "签订国有建设用地使用权出让合同", (id) => `/s/p/${id}`);
  });
  await step("the land permit is granted", async () => {
    const rest = await driveAll(story, owner, first.application);
    assert.deepEqual(rest.map((one) => one.name), []);
  });
  await step("the owner sees the results", async () => {
    await owner.open(`/a/p/${project}/licences`);
    await owner.main.getByRole("listitem").filter({ hasText: "建设用地规划许可证" }).first().waitFor();
    await owner.look("licences");
    await owner.open(`/a/c/${land.id}`);
    await owner.heading("办理结果").waitFor();
    await owner.look("case-decided");
    await owner.open("/a/messages");
    await owner.look("messages");
  });

  // Stages 2 and 3.
  for (const stage of [2, 3]) {
    const sent = await step(`the owner applies for stage ${stage}`, () => apply(owner, project, stage, /办结一件/));
    await step(`the window accepts stage ${stage}`, () => accept(window, sent.application));
    await step(`stage ${stage} is decided`, async () => {
      const rest = await driveAll(story, owner, sent.application);
      assert.deepEqual(rest.map((one) => one.name), []);
    });
  }
  await step("the owner sees what is left to do", async () => {
    await owner.open(`/a/p/${project}`);
    await owner.look("project-half");
  });
  await step("the owner registers the start of works", () => recordMilestone(owner, project, "工程开工"));
  await step("the owner registers the completion acceptance", () => recordMilestone(owner, project, "建设单位组织竣工验收合格"));

  // Stage 4.
  const last = await step("the owner applies for stage 4", () => apply(owner, project, 4, /一并送达/));
  await step("the window accepts stage 4", () => accept(window, last.application));
  await step("stage 4 is decided up to the completion filing", async () => {
    const rest = await driveAll(story, owner, last.application);
    assert.deepEqual(rest.map((one) => one.name), []);
  });
  await step("the completion filing is granted and four stages are done", async () => {
    await owner.open(`/a/p/${project}/licences`);
    await owner.main.getByRole("listitem").filter({ hasText: "竣工验收备案" }).first().waitFor();
    await owner.open(`/a/p/${project}`);
    await owner.look("project-done");
    const stages = await owner.main.locator("[data-stage]").evaluateAll((all) => all.map((stage) => stage.dataset.stage));
    assert.deepEqual(stages.slice(0, 4), ["done", "done", "done", "done"], "the ladder");
    await owner.open(`/a/p/${project}/timeline`);
    await owner.look("timeline");
    await owner.open(`/a/p/${project}/facts`);
    await owner.look("facts");
  });
  await step("the public sees the end too", async () => {
    await lookUp(visitor, last.number, "1234");
    await visitor.heading(name).waitFor();
    await visitor.look("track-done");
  });
  await step("supervision and administration look in", async () => {
    const supervisor = await story.as("supervisor");
    await supervisor.open("/s/watch");
    await supervisor.look("watch");
    const admin = await story.as("admin");
    for (const page of ["items", "flows", "calendar", "acts"]) {
      await admin.open(`/s/admin/${page}`);
      await admin.look(`admin-${page}`);
    }
  });
}
