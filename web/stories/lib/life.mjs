// What people do, in the order a project lives through it.
import assert from "node:assert/strict";
import { departmentKey } from "./departments.mjs";
import { fitting } from "./files.mjs";
import { answer, fill } from "./form.mjs";

const idIn = (url) => new URL(url).pathname.split("/")[3];
const exact = (name) => ({ name, exact: true });

/** Registers a project; gives its id. */
export async function register(owner, own = []) {
  await owner.open("/a/projects/new");
  await owner.look("register");
  await fill(owner.main, own);
  await owner.press("登记项目");
  assert.match(new URL(owner.page.url()).pathname, /^\/a\/p\//, "the project is registered");
  await owner.look("project-new");
  return idIn(owner.page.url());
}

/** Agrees dates for every milestone offered. */
export async function agreePlan(owner, project) {
  await owner.open(`/a/p/${project}/plan`);
  await fill(owner.main);
  await owner.press("约定里程碑计划");
  await owner.page.getByRole("status").filter({ hasText: "里程碑计划已约定" }).waitFor();
  await owner.look("plan");
}

/** Begins an application for a stage; gives the draft's id. */
export async function begin(owner, project, stage, own = []) {
  await owner.open(`/a/p/${project}/apply?stage=${stage}`);
  await owner.look(`apply-${stage}`);
  await answer(owner.main, own);
  await owner.press("列出要办的事项");
  const path = new URL(owner.page.url()).pathname;
  assert.match(path, /^\/a\/d\//, `the answers open a draft, not ${path}`);
  return idIn(owner.page.url());
}

/** Chooses every item on offer. */
export async function chooseItems(owner, draft) {
  await owner.open(`/a/d/${draft}/section/items`);
  const offered = owner.page.getByRole("group", exact("本次申报"));
  for (const box of await offered.getByRole("checkbox").all()) await box.check();
  await owner.look("items");
  await owner.press("保存并继续");
}

/** Fills every section of the form that is not done. */
export async function fillForm(owner, draft) {
  await owner.open(`/a/d/${draft}`);
  await owner.look("tasks");
  const urls = await owner.main.getByRole("link").evaluateAll((links) =>
    links.map((link) => new URL(link.href).pathname).filter((path) => /\/section\/\d+$/.test(path)),
  );
  for (const url of urls) {
    await owner.open(url);
    await fill(owner.main);
    await owner.look("section");
    await owner.press("保存并继续");
    assert.equal(new URL(owner.page.url()).pathname, `/a/d/${draft}`, `${url} is saved: ${await faults(owner)}`);
  }
}

export async function faults(person) {
  const summary = person.page.getByRole("alert");
  return (await summary.count()) > 0 ? (await summary.first().innerText()).replace(/\s+/g, " ") : "";
}

/** Uploads into every slot that still waits. */
export async function uploadPapers(owner, draft) {
  await owner.open(`/a/d/${draft}/slots`);
  await owner.look("slots-empty");
  for (let many = 0; many < 60; many += 1) {
    const waiting = await owner.main.getByRole("button", { name: /^上传/ }).evaluateAll((buttons) =>
      buttons
        .filter((button) => !button.closest("details"))
        .map((button) => ({
          button: button.textContent.replace(/\s+/g, " ").trim(),
          field: button.form.querySelector("input[type=file]").labels[0].textContent.replace(/\s+/g, " ").trim(),
          accept: button.form.querySelector("input[type=file]").accept,
        })),
    );
    const next = waiting[0];
    if (!next) break;
    await owner.page.getByLabel(next.field, { exact: true }).setInputFiles(fitting(next.accept, next.button.replace(/^上传/, "")));
    await owner.press(spaced(next.button));
    assert.equal(owner.status, 200, `${next.button}: ${await faults(owner)}`);
  }
  await owner.look("slots-full");
}

/** Checks and submits; gives the application's id and number. */
export async function submit(owner, draft, release) {
  await owner.open(`/a/d/${draft}/check`);
  await owner.look("check");
  await owner.page.getByRole("radio", { name: release }).check();
  await owner.page.getByRole("checkbox", { name: /承诺/ }).check();
  await owner.press("提交申请");
  await owner.heading("申请已提交，等待受理").waitFor({ timeout: 5_000 }).catch(async () => {
    throw new Error(`not submitted: ${await faults(owner)}`);
  });
  await owner.look("sent");
  const number = /受理编号\s*(\S+)/.exec(await owner.main.innerText())[1];
  return { application: idIn(owner.page.url()), number };
}

/** A whole stage, from the questions to the receipt. */
export async function apply(owner, project, stage, release) {
  const draft = await begin(owner, project, stage);
  await chooseItems(owner, draft);
  await fillForm(owner, draft);
  await uploadPapers(owner, draft);
  const sent = await submit(owner, draft, release);
  await owner.open(`/a/j/${sent.application}/receipt`);
  await owner.look("receipt");
  return sent;
}

/** Anybody looks an application up by its number. */
export async function lookUp(visitor, number, tail) {
  await visitor.open("/");
  await visitor.page.getByLabel("受理编号").fill(number);
  await visitor.page.getByLabel("联系电话后 4 位").fill(tail);
  await visitor.press("查进度");
}

/** The window sends one notice with two demands: a paper and a field. */
export async function sendNotice(window, application) {
  await window.open(`/s/j/${application}`);
  await window.look("window-application");
  const form = window.page.getByRole("form", exact("一次性告知补正"));
  const boxes = form.getByRole("checkbox");
  const names = await boxes.evaluateAll((all) => all.map((box) => box.labels[0].textContent.replace(/\s+/g, " ").trim()));
  const paper = names.find((name) => !name.startsWith("表单："));
  const field = names.find((name) => name.startsWith("表单："));
  for (const [box, note] of [[paper, "第 3 页看不清，请重新扫描。"], [field, "与附件中的不一致，请核对。"]]) {
    const row = form.getByRole("group", exact(box));
    const place = (await row.count()) > 0 ? row : form;
    await form.getByRole("checkbox", exact(box)).check();
    const label = box.replace(/^表单：/, "");
    const reasons = place.getByLabel(/^原因/);
    const at = await reasons.evaluateAll(
      (all, name) => all.findIndex((one) => name.startsWith(one.labels[0].textContent.replace(/\s+/g, "").replace(/^原因：/, ""))),
      label.replace(/\s+/g, ""),
    );
    await reasons.nth(at).selectOption({ index: 2 });
    await place.getByLabel(/^说明/).nth(at).fill(note);
  }
  await window.look("window-notice");
  await window.press("发出一次性补正告知");
  await window.page.getByRole("status").filter({ hasText: "补正告知已发" }).waitFor();
  return { paper, field };
}

/** The owner hands back what was asked for. */
export async function correct(owner, application) {
  await owner.open("/a");
  await owner.look("today-fix");
  await owner.open(`/a/j/${application}/fix`);
  await owner.look("fix");
  for (const input of await owner.main.getByLabel(/^选择改好的文件/).all()) {
    await input.setInputFiles(fitting(await input.getAttribute("accept"), "重新扫描"));
  }
  await owner.press("交回补正");
  assert.equal(new URL(owner.page.url()).pathname, `/a/j/${application}`, await faults(owner));
}

export async function accept(window, application) {
  await window.open(`/s/j/${application}`);
  await window.press("受理", window.page.getByRole("form", exact("受理")));
  await window.page.getByRole("status").filter({ hasText: "已受理" }).waitFor();
  await window.look("window-accepted");
}

/** The cases of an application as their owner sees them. */
export async function casesOf(owner, application) {
  await owner.open(`/a/j/${application}`);
  const links = await owner.main.getByRole("link").evaluateAll((all) =>
    all.filter((link) => /^\/a\/c\//.test(new URL(link.href).pathname)).map((link) => ({ id: link.href.split("/").pop(), name: link.textContent.trim() })),
  );
  const cases = [];
  for (const one of links) {
    await owner.open(`/a/c/${one.id}`);
    const kicker = await owner.main.getByText(/^办件编号/).first().innerText();
    cases.push({ ...one, department: kicker.split("·").pop().trim() });
  }
  return cases;
}

/** A name in which hidden words may be set off by a space. */
function spaced(name) {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/^(上传|同意签发)\s*/, "$1\\s*")}$`);
}

const OPINION = "材料齐全，符合法定条件和标准，建议同意。";

async function giveOpinion(person, title, button) {
  if (!(await person.has(title, { exact: true }))) return false;
  const form = person.page.getByRole("form", exact(title));
  await form.getByRole("radio", { name: "建议同意", exact: true }).check();
  await form.getByLabel("意见", { exact: true }).fill(OPINION);
  await person.press(button, form);
  assert.ok(person.status < 400, `${title}: ${person.status} ${(await person.main.innerText()).slice(0, 200)}`);
  return true;
}

async function decide(person, { shot } = {}) {
  const form = person.page.getByRole("form", exact("作出决定"));
  if ((await form.count()) === 0) return false;
  if ((await person.page.getByText(/^等待前置/).count()) > 0) return false;
  if (shot) await person.look(shot);
  await form.getByRole("radio", exact("同意")).check();
  await form.getByLabel("意见", { exact: true }).fill("同意。");
  await person.press("作出决定", form);
  assert.ok(person.status < 400, `decision: ${person.status} ${(await person.main.innerText()).slice(0, 300)}`);
  return true;
}

/** Moves a case on by the one whose turn it is; says what happened. */
async function advance(story, one) {
  const key = departmentKey(one.department);
  const officer = await story.as(`officer-${key}`);
  const moved = await officer.alone(async () => {
    await officer.open(`/s/c/${one.id}`);
    if (officer.status !== 200) throw new Error(`officer-${key} cannot open ${one.name} (${one.department}): ${officer.status}`);
    if (await officer.has("决定", { exact: true })) return "decided before";
    if (await decide(officer)) return "decided at once";
    if (await giveOpinion(officer, "承办意见", "提交意见，转审核")) return "opinion";
    return "";
  });
  if (moved) return moved;
  const reviewer = await story.as(`reviewer-${key}`);
  const reviewed = await reviewer.alone(async () => {
    await reviewer.open(`/s/c/${one.id}`);
    return giveOpinion(reviewer, "审核意见", "提交审核意见，转批准");
  });
  if (reviewed) return "reviewed";
  const approver = await story.as(`approver-${key}`);
  return approver.alone(async () => {
    await approver.open(`/s/c/${one.id}`);
    return (await decide(approver)) ? "decided" : "";
  });
}

/**
 * Drives every case of an application to its end, departments side by side. Gives the cases that
 * wait for something outside: milestones, or cases of other applications.
 */
export async function driveAll(story, owner, application) {
  let open = await casesOf(owner, application);
  for (let round = 0; round < 6 && open.length > 0; round += 1) {
    const moves = await Promise.all(
      [...new Set(open.map((one) => one.department))].map(async (department) => {
        let count = 0;
        for (const one of open.filter((other) => other.department === department)) {
          for (let turn = 0; turn < 4; turn += 1) {
            const move = await advance(story, one);
            if (!move) break;
            count += 1;
            if (move.startsWith("decided")) {
              one.done = true;
              break;
            }
          }
        }
        return count;
      }),
    );
    open = open.filter((one) => !one.done);
    if (moves.every((count) => count === 0)) break;
  }
  return open;
}

/** Brings a case up to its approver, and leaves it on the list to be signed. */
export async function bringToSign(story, one) {
  const key = departmentKey(one.department);
  const officer = await story.as(`officer-${key}`);
  const reviewer = await story.as(`reviewer-${key}`);
  await officer.open(`/s/c/${one.id}`);
  await giveOpinion(officer, "承办意见", "提交意见，转审核");
  await reviewer.open(`/s/c/${one.id}`);
  await reviewer.look("case-reviewer");
  await giveOpinion(reviewer, "审核意见", "提交审核意见，转批准");
  return key;
}

/** Asks for a special procedure, has it approved, and ends it. */
export async function specialProcedure(story, one) {
  const key = departmentKey(one.department);
  const officer = await story.as(`officer-${key}`);
  await officer.open(`/s/c/${one.id}`);
  await officer.unfold("申请特别程序");
  await officer.look("case-officer");
  await officer.page.getByLabel(/^计划工作日/).fill("15");
  await officer.page.getByLabel("理由", { exact: true }).fill("需要组织专家评审。");
  await officer.press("提交批准人批准");
  assert.ok(officer.status < 400, await officer.main.innerText());
  const approver = await story.as(`approver-${key}`);
  await approver.open("/s/sign");
  await approver.look("sign-special");
  await approver.open(`/s/c/${one.id}`);
  await approver.press("批准特别程序");
  assert.ok(approver.status < 400, await approver.main.innerText());
  await approver.look("case-paused");
  await officer.open(`/s/c/${one.id}`);
  await officer.press("结束特别程序");
  assert.ok(officer.status < 400, await officer.main.innerText());
  await officer.look("case-resumed");
}

/** The leader signs a case from the list. */
export async function signFromList(story, key, project, item) {
  const approver = await story.as(`approver-${key}`);
  await approver.open("/s/sign");
  await approver.look("sign");
  await approver.leave(approver.main.getByRole("button", { name: spaced(`同意签发：${project} ${item}`) }));
  assert.ok(approver.status < 400, `${approver.status} ${(await approver.main.innerText()).slice(0, 300)}`);
  await approver.look("sign-done");
}

/** Registers a milestone by its name. */
export async function recordMilestone(person, project, name, place = (id) => `/a/p/${id}/plan`) {
  await person.open(place(project));
  const button = person.page.getByRole("button", exact(`登记${name}`));
  if ((await button.count()) === 0) throw new Error(`${name} cannot be registered by ${person.login}`);
  await person.leave(button);
  assert.ok(person.status < 400, `${name}: ${person.status} ${(await person.main.innerText()).slice(0, 300)}`);
  await person.look("milestone");
}
