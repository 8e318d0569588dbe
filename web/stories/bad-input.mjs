// What the system says when something is wrong: a sentence, the place, and nothing lost.
import assert from "node:assert/strict";
import { empty, file } from "./lib/files.mjs";
import { fill } from "./lib/form.mjs";
import { accept, begin, casesOf, chooseItems, correct, fillForm, register, sendNotice, submit, uploadPapers } from "./lib/life.mjs";

const path = (person) => new URL(person.page.url()).pathname;
const idIn = (href) => new URL(href, "http://x").pathname.split("/")[3];

/** The summary on top: its sentences, each leading to a field that exists. */
async function summary(person) {
  const links = person.page.getByRole("alert").getByRole("link");
  return links.evaluateAll((all) =>
    all.map((link) => ({ text: link.textContent.trim(), leads: document.getElementById(link.hash.slice(1)) !== null })),
  );
}

async function expectFaults(story, person, least) {
  assert.equal(person.status, 422, `${path(person)} answers 422, not ${person.status}`);
  const found = await summary(person);
  assert.ok(found.length >= least, `at least ${least} faults in the summary, found ${found.length}`);
  const dead = found.filter(({ leads }) => !leads);
  story.check(dead.length === 0, path(person), `${dead.length} of ${found.length} lines of the summary lead to no field, first “${dead[0]?.text}”`);
  if (person.scripts) {
    const focused = await person.page.evaluate(() => document.activeElement?.getAttribute("role"));
    story.check(focused === "alert", path(person), `focus is on ${focused}, not on the summary`);
  }
  return found.map(({ text }) => text);
}

/** The error page of a refused act: why, and a way on. */
async function expectRefusal(story, person, status) {
  story.check(person.status === status, path(person), `${path(person)} answers ${person.status}, expected ${status}`);
  const text = await person.main.innerText();
  story.check((await person.main.getByRole("link").count()) > 0, path(person), "the error page leads nowhere");
  return text;
}

export async function badInput(story) {
  const step = story.step.bind(story);
  const visitor = await story.as("public");
  const name = `平江路沿街厂房改造项目 C${Date.now() % 100_000}`;

  await step("a wrong password is told, and the account stays typed", async () => {
    await visitor.open("/login");
    await visitor.page.getByLabel("账号").fill("owner");
    await visitor.page.getByLabel("密码").fill("wrong");
    await visitor.press("登录");
    await expectFaults(story, visitor, 1);
    assert.equal(await visitor.page.getByLabel("账号").inputValue(), "owner");
    assert.equal(await visitor.page.getByLabel("密码").inputValue(), "");
    await visitor.look("login-wrong");
  });
  await step("guessing is stopped after some tries", async () => {
    const guess = `nobody-${Date.now()}`;
    for (let many = 0; many < 12; many += 1) {
      await visitor.page.getByLabel("账号").fill(guess);
      await visitor.page.getByLabel("密码").fill(`guess-${many}`);
      await visitor.press("登录");
      if ((await visitor.page.getByText("连续输错次数过多").count()) > 0) return;
    }
    story.fault("/login", "twelve wrong passwords in a row are answered like the first");
  });
  await step("a page that needs a login asks for it, then opens", async () => {
    const guest = await story.as("public", { seat: "guest" });
    await guest.open("/a/projects");
    assert.equal(path(guest), "/login");
    await guest.page.getByLabel("账号").fill("owner");
    await guest.page.getByLabel("密码").fill("tongban-2026");
    await guest.press("登录");
    assert.equal(path(guest), "/a/projects");
  });
  await step("neither login nor large type lead to another site", async () => {
    for (const back of ["//example.invalid/", "/\\example.invalid/", "http://example.invalid/"]) {
      // Asked without a page: a browser's own policies must not hide where the answer points.
      const guest = await story.as("public", { seat: "lured" });
      const options = { maxRedirects: 0 };
      const form = { user: "owner", pass: "tongban-2026", back };
      const answers = {
        "/mode": await guest.context.request.get(`/mode?to=standard&back=${encodeURIComponent(back)}`, options),
        "/login": await guest.context.request.post("/login", { form, ...options }),
      };
      for (const [where, answer] of Object.entries(answers)) {
        const to = new URL(answer.headers().location ?? "/", story.stage.origin);
        story.check(to.origin === story.stage.origin, where, `${where} with back=${back} leads to ${to}`);
      }
    }
  });

  const owner = await step("the owner logs in", () => story.as("owner"));
  const window = await step("the window logs in", () => story.as("window"));
  await step("desks are closed to others", async () => {
    assert.equal(await owner.open("/s"), 403);
    await owner.look("error-403");
    assert.equal(await owner.open("/s/admin/items"), 403);
    assert.equal(await window.open("/s/watch"), 403);
  });
  await step("an unknown page is told kindly", async () => {
    assert.equal(await owner.open("/a/nowhere"), 404);
    await expectRefusal(story, owner, 404);
    await owner.look("error-404");
  });

  await step("an empty registration comes back with every fault", async () => {
    await owner.open("/a/projects/new");
    await owner.page.getByLabel("项目名称").fill(name);
    await owner.page.getByLabel("经办人手机号码").fill("12");
    await owner.page.getByLabel("总投资额").fill("很多");
    await owner.page.getByLabel("项目代码").fill("2509-1");
    await owner.press("登记项目");
    const told = await expectFaults(story, owner, 10);
    assert.ok(told.some((text) => /手机/.test(text)), "the phone is told");
    for (const [label, typed] of [["项目名称", name], ["经办人手机号码", "12"], ["总投资额", "很多"], ["项目代码", "2509-1"]]) {
      assert.equal(await owner.page.getByLabel(label).inputValue(), typed, `${label} is kept`);
    }
    await owner.look("register-faults");
    const first = owner.page.getByRole("alert").getByRole("link").first();
    await first.click();
    await owner.page.waitForTimeout(100);
    const at = await owner.page.evaluate(() => document.activeElement?.getAttribute("name") ?? document.activeElement?.tagName);
    story.check(at === "flow", path(owner), `the first fault leads to ${at}, not to the project type`);
  });
  await step("dates in the wrong order are told", async () => {
    const before = path(owner);
    await owner.open("/a/projects/new");
    await fill(owner.main, [[/项目名称/, `${name} 倒置`], [/拟开工/, "2027-06-01"], [/拟建成/, "2026-01-01"]]);
    await owner.press("登记项目");
    story.check(owner.status === 422, before, `拟建成 2026-01-01 before 拟开工 2027-06-01 is taken (${owner.status})`);
  });

  const project = await step("the owner registers a project", () => register(owner, [[/项目名称/, name]]));
  await step("a code that exists is refused, the form kept", async () => {
    const code = /(\d{4}-\d{6}-\d{2}-\d{2}-\d{6})/.exec(await owner.main.innerText())[1];
    await owner.open("/a/projects/new");
    await fill(owner.main, [[/项目代码/, code], [/项目名称/, name]]);
    await owner.press("登记项目");
    const told = await expectFaults(story, owner, 1);
    assert.match(told[0], /已经登记/);
  });
  await step("a plan without dates is told on its page", async () => {
    await owner.open(`/a/p/${project}/plan`);
    await owner.press("约定里程碑计划");
    const kept = owner.status === 422 && (await owner.has("里程碑"));
    story.check(kept, path(owner), `an empty plan is answered by a bare error page (${owner.status}), not by its form`);
  });
  await step("a milestone that comes too early says what is missing", async () => {
    await owner.open(`/a/p/${project}/plan`);
    await owner.press("登记工程开工");
    const text = await expectRefusal(story, owner, 409);
    story.check(!/[A-Z]{2}-\d\d|[a-z]-[a-z]/.test(text), path(owner), `the refusal names codes, not things: ${text.slice(0, 120)}`);
    await owner.look("error-409-milestone");
  });
  await step("unanswered questions come back", async () => {
    await owner.open(`/a/p/${project}/apply?stage=1`);
    await owner.press("列出要办的事项");
    await expectFaults(story, owner, 3);
    await owner.look("apply-faults");
  });
  await step("a stage that does not exist is not found", async () => {
    assert.equal(await owner.open(`/a/p/${project}/apply?stage=9`), 404);
    await owner.open(`/a/p/${project}/apply`);
    story.check(owner.status < 500, path(owner), `an address without its stage answers ${owner.status}`);
    story.check((await owner.heading(/./).count()) > 0, path(owner), "an address without its stage gets a bare line of English, not a page");
  });

  const draft = await step("a draft is begun", () => begin(owner, project, 1));
  await step("a wrong number is told, and kept as typed", async () => {
    await owner.open(`/a/d/${draft}/section/0`);
    const money = owner.page.getByLabel("项目资本金");
    await money.fill("四千万");
    await owner.press("保存并继续");
    await expectFaults(story, owner, 1);
    assert.equal(await money.inputValue(), "四千万");
    assert.equal(await money.getAttribute("aria-invalid"), "true");
    await owner.look("section-faults");
  });
  await step("an unready draft is not submitted", async () => {
    await owner.open(`/a/d/${draft}/check`);
    await owner.page.getByRole("checkbox", { name: /承诺/ }).check();
    await owner.press("提交申请");
    await expectFaults(story, owner, 1);
    await owner.look("check-faults");
    await owner.press("提交申请");
    const told = await expectFaults(story, owner, 1);
    assert.ok(told.some((text) => /承诺/.test(text)), "the oath is asked for");
  });
  await step("the browser stops a wrong file before it is sent", async () => {
    await owner.open(`/a/d/${draft}/slots`);
    await owner.page.getByLabel("选择文件：企业投资项目备案承诺书").setInputFiles(file("承诺书.txt"));
    await owner.page.getByText("格式不能上传").waitFor();
  });
  await step("the server refuses wrong, empty and lying files in a sentence", async () => {
    const plain = await story.as("owner", { scripts: false });
    const cases = [
      [file("承诺书.txt"), /只能上传/],
      [empty("承诺书.pdf"), /空的/],
      [file("承诺书.pdf", "png"), /内容不是/],
      [file("承诺书.exe", "zip"), /只能上传/],
      [undefined, /选择文件/],
    ];
    for (const [upload, sentence] of cases) {
      await plain.open(`/a/d/${draft}/slots`);
      if (upload) await plain.page.getByLabel("选择文件：企业投资项目备案承诺书").setInputFiles(upload);
      await plain.press(/^上传\s*企业投资项目备案承诺书$/);
      assert.equal(plain.status, 422, `${upload?.name ?? "nothing"}: ${plain.status}`);
      const told = await plain.page.getByRole("alert").first().innerText();
      assert.match(told, sentence);
    }
    await plain.look("upload-refused");
  });
  await step("a large file goes in parts, over a connection that breaks", async () => {
    await owner.open(`/a/d/${draft}/slots`);
    const large = file("承诺书.pdf");
    large.buffer = Buffer.concat([large.buffer, Buffer.alloc(9 * 1024 * 1024, " ")]);
    let [parts, broken] = [0, 0];
    await owner.page.route(/\/uploads\/.*at=/, (route) => {
      parts += 1;
      if (parts !== 2) return route.continue();
      broken += 1;
      return route.abort("connectionreset");
    });
    await owner.page.getByLabel("选择文件：企业投资项目备案承诺书").setInputFiles(large);
    const button = owner.page.getByRole("button", { name: /^上传\s*企业投资项目备案承诺书$/ });
    const arrived = owner.page.waitForURL(/done=uploaded/);
    await button.click();
    await owner.page.getByText("正在重试，已传的部分不会丢失").waitFor();
    await owner.look("upload-broken");
    await arrived;
    assert.deepEqual([parts, broken], [4, 1], "one part was sent twice, the others once");
    story.stage.visited.add("/uploads/{upload}");
    await owner.page.unroute(/\/uploads\/.*at=/);
  });

  await step("a foreign project, case, application and file are not found", async () => {
    const other = await story.as("owner2");
    await other.open("/a/projects");
    const links = await other.main.getByRole("link").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    const foreign = idIn(links.find((href) => /^\/a\/p\/[^/]+$/.test(href)));
    assert.equal(await owner.open(`/a/p/${foreign}`), 404);
    await owner.look("foreign-404");
    for (const part of ["facts", "plan", "licences", "timeline", "apply?stage=1"]) {
      assert.equal(await owner.open(`/a/p/${foreign}/${part}`), 404, part);
    }
    assert.equal(await other.open(`/a/d/${draft}`), 404, "a foreign draft");
    await other.open(`/a/p/${foreign}`);
    const cases = await other.main.getByRole("link").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    const one = cases.find((href) => /^\/a\/c\//.test(href));
    if (one) assert.equal(await owner.open(one), 404, "a foreign case");
  });

  await step("the draft is filled", async () => {
    await chooseItems(owner, draft);
    await fillForm(owner, draft);
    await uploadPapers(owner, draft);
  });
  const { application } = await step("the owner submits", () => submit(owner, draft, /办结一件/));
  await step("the old draft is gone", async () => {
    assert.equal(await owner.open(`/a/d/${draft}`), 404);
  });

  const second = await step("the window opens the application twice", async () => {
    const again = await story.as("window", { seat: "second" });
    await again.open(`/s/j/${application}`);
    return again;
  });
  await step("a demand without a reason is told, the notice kept", async () => {
    await second.page.getByRole("form", { name: "一次性告知补正", exact: true }).getByRole("checkbox").first().check();
    await second.press("发出一次性补正告知");
    const kept = second.status === 422 && (await second.has("一次性告知补正"));
    story.check(kept, path(second), `a demand without a reason is answered by a bare error page (${second.status}), not by its form`);
    await second.look("notice-no-reason");
    await second.open(`/s/j/${application}`);
  });
  await step("only what the platform cannot get may be demanded", async () => {
    const form = second.page.getByRole("form", { name: "一次性告知补正", exact: true });
    const free = await form.getByRole("checkbox", { name: /营业执照/ }).count();
    story.check(free === 0, path(second), "the window may demand 营业执照, which it verifies itself and the owner need not hand in (免交)");
  });
  await step("the first notice goes out", () => sendNotice(window, application));
  await step("a second notice is impossible", async () => {
    await window.open(`/s/j/${application}`);
    assert.equal(await window.page.getByRole("button", { name: "发出一次性补正告知" }).count(), 0);
    const form = second.page.getByRole("form", { name: "一次性告知补正", exact: true });
    await form.getByRole("checkbox").first().check();
    await form.getByLabel(/^原因/).first().selectOption({ index: 1 });
    await second.press("发出一次性补正告知");
    const text = await expectRefusal(story, second, 409);
    story.check(/只能|一次|补正/.test(text), path(second), `a second notice is refused without its reason: ${text}`);
    await second.look("second-notice");
  });
  await step("a correction without its file comes back", async () => {
    await owner.open(`/a/j/${application}/fix`);
    await owner.press("交回补正");
    await expectFaults(story, owner, 1);
    await owner.look("fix-faults");
  });
  await step("the owner corrects", () => correct(owner, application));
  await step("the window accepts", () => accept(window, application));
  await step("a second acceptance is told", async () => {
    await second.open(`/s/j/${application}`);
    assert.equal(await second.page.getByRole("form", { name: "受理", exact: true }).count(), 0);
  });

  const land = (await casesOf(owner, application)).find((one) => /建设用地规划许可证/.test(one.name));
  const officer = await story.as("officer-planning");
  await step("a refusal without a reason is told, the opinion kept", async () => {
    await officer.open(`/s/c/${land.id}`);
    const form = officer.page.getByRole("form", { name: "承办意见", exact: true });
    await form.getByRole("radio", { name: "建议不予许可" }).check();
    await form.getByLabel("意见", { exact: true }).fill("红线与规划道路重叠。");
    await officer.press("提交意见，转审核");
    const kept = officer.status === 422 && (await officer.page.getByText("红线与规划道路重叠。").count()) > 0;
    story.check(kept, path(officer), `a refusal without a reason loses the opinion on a bare error page (${officer.status})`);
    await officer.look("opinion-no-reason");
  });
  await step("two officers on one case: the second is told", async () => {
    const colleague = await story.as("officer2-planning");
    await colleague.open(`/s/c/${land.id}`);
    await officer.open(`/s/c/${land.id}`);
    const form = officer.page.getByRole("form", { name: "承办意见", exact: true });
    await form.getByLabel("意见", { exact: true }).fill("建议同意。");
    await officer.press("提交意见，转审核", form);
    assert.equal(officer.status, 200);
    const late = colleague.page.getByRole("form", { name: "承办意见", exact: true });
    await late.getByLabel("意见", { exact: true }).fill("建议同意，但须核对用地面积。");
    await colleague.press("提交意见，转审核", late);
    await expectRefusal(story, colleague, 409);
    await colleague.look("conflict-409");
    await colleague.follow("查看最新情况");
    assert.equal(path(colleague), `/s/c/${land.id}`);
  });
  await step("a department sees its own cases only", async () => {
    const stranger = await story.as("officer-housing");
    await stranger.open(`/s/c/${land.id}`);
    const acts = await stranger.page.getByRole("button", { name: /提交意见|作出决定|由我承办/ }).count();
    assert.equal(acts, 0, "another department may not act");
  });
}
