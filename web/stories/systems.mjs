// A department's own system is connected, handles a case, and is disconnected; what its people type
// by hand is marked.
import assert from "node:assert/strict";
import { accept, apply, casesOf, register } from "./lib/life.mjs";

export async function systems(story) {
  const step = story.step.bind(story);
  const origin = story.stage.origin;
  const admin = await story.as("sysadmin");
  await step("nothing is connected, and what is missing is said", async () => {
    await admin.open("/s/admin/systems");
    await admin.look("systems-none");
    await admin.press("接入");
    await admin.page.getByText("请填写系统名称").first().waitFor();
  });
  const key = await step("the administrator connects a department and sees its key once", async () => {
    await admin.page.getByLabel("部门", { exact: true }).selectOption({ label: "苏州市自然资源和规划局" });
    await admin.page.getByLabel("系统名称").fill("自然资源业务系统");
    await admin.press("接入");
    await admin.page.getByText("密钥只显示这一次").waitFor();
    await admin.look("systems-key");
    const shown = (await admin.page.locator("#key").innerText()).trim();
    await admin.open("/s/admin/systems");
    assert.equal(await admin.page.getByText(shown).count(), 0);
    const guard = await story.as("secadmin");
    await guard.open("/s/admin/systems");
    await guard.look("systems-waiting");
    await guard.press("核准接入 苏州市自然资源和规划局");
    await guard.page.getByText("密钥立即生效").waitFor();
    return shown;
  });
  const call = async (path, officer, number, body) => {
    const headers = { authorization: `Bearer ${key}` };
    if (officer) headers["tongban-officer"] = officer;
    if (number) headers["tongban-sequence"] = String(number);
    headers["idempotency-key"] = `story-${path.length}-${Date.now()}`;
    const answer = await fetch(`${origin}/api/v1${path}`, { method: body === undefined ? "GET" : "POST", headers, body });
    const told = await answer.json();
    assert.ok(answer.ok, `${path}: ${JSON.stringify(told)}`);
    return told;
  };
  const id = await step("an application is accepted: a task for the system", async () => {
    const [owner, window] = [await story.as("owner"), await story.as("window")];
    const project = await register(owner, [[/项目名称/, `平江新城泵站 ${Date.now() % 100_000}`]]);
    const { application } = await apply(owner, project, 1, /一并送达/);
    await accept(window, application);
    const land = (await casesOf(owner, application)).find((one) => /建设用地规划许可证/.test(one.name));
    let task;
    for (let [after, more] = ["", true]; more; ) {
      const found = await call(`/tasks?after=${after}`);
      task = found.tasks.find((one) => one.cases.includes(land.id)) ?? task;
      [after, more] = [found.tasks.at(-1)?.id ?? "", found.more];
    }
    assert.equal(task.act, "accept-application");
    return land.id;
  });
  await step("the system puts a paper on file and takes the case up", async () => {
    const { file } = await call(`/cases/${id}/files?name=report.pdf`, "officer-planning", 0, "%PDF-1.7 report");
    const filed = JSON.stringify({ title: "现场踏勘报告", file });
    await call(`/cases/${id}/filed-papers`, "officer-planning", 1, filed);
    await call(`/cases/${id}/acts/claim-case`, "officer2-planning", 2, "{}");
  });
  await step("an officer sees where it came from, and that typing it is counted", async () => {
    const officer = await story.as("officer-planning");
    await officer.open(`/s/c/${id}`);
    await officer.page.getByText("本部门已接入「自然资源业务系统」").waitFor();
    await officer.page.getByRole("link", { name: "现场踏勘报告" }).waitFor();
    await officer.page.getByText("部门系统「自然资源业务系统」").first().waitFor();
    await officer.look("systems-case");
    await officer.press("由我承办");
    await officer.page.getByText("人工补录").last().waitFor();
  });
  await step("a supervisor sees the count, and the connection ends", async () => {
    const supervisor = await story.as("supervisor");
    await supervisor.open("/s/admin/systems");
    await supervisor.page.getByText("人工补录 1 次，涉及 1 个办件").waitFor();
    await supervisor.look("systems");
    await admin.open("/s/admin/systems");
    await admin.unfold("更改");
    await admin.look("systems-open");
    await admin.press("停止接入");
    await admin.page.getByText("密钥立即失效").waitFor();
    const answer = await fetch(`${origin}/api/v1/tasks`, { headers: { authorization: `Bearer ${key}` } });
    assert.equal(answer.status, 401);
  });
}
