// Fills any form of the system by its labels.

const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/** A unified social credit code with a right check character. */
export function uscc(seed) {
  const body = `91320594MA${String(seed).padStart(7, "0").slice(-7)}`;
  const sum = [...body].reduce((total, char, place) => total + ALPHABET.indexOf(char) * (3 ** place % 31), 0);
  return body + ALPHABET[(31 - (sum % 31)) % 31];
}

export const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Answers by label: the first pattern that fits. */
const ANSWERS = [
  [/项目类型/, /工业/],
  [/项目代码/, ""],
  [/项目名称/, "苏州工业园区精密轴承生产线新建项目"],
  [/建设性质/, "新建"],
  [/国标行业/, "3451"],
  [/建设内容和规模/, "新建厂房三栋，总建筑面积 26000 平方米，购置磨床、装配线等设备，年产精密轴承 800 万套。"],
  [/项目所在地/, /苏州工业园区/],
  [/详细地址/, "娄葑街道东环路 1500 号"],
  [/资金属性/, "民间资金"],
  [/法定代表人/, "周建国"],
  [/经办人姓名/, "沈晓燕"],
  [/手机|电话/, "13862051234"],
  [/统一社会信用代码/, uscc(1402)],
  [/姓名|负责人|项目经理|总监/, "陆文斌"],
  [/单位名称|施工单位|监理单位|设计单位|勘察单位/, "苏州新域工程有限公司"],
  [/规划用地性质/, /工业/],
  [/五方责任主体是否变更/, "否"],
  [/声明项目符合产业政策/, "是"],
  [/总投资额|概算/, "12000"],
  [/资本金/, "4000"],
  [/合同价格|实际造价/, "8600.5"],
  [/经度/, "120.712"],
  [/纬度/, "31.319"],
  [/容积率/, "1.3"],
  [/密度/, "42"],
  [/绿地率/, "12"],
  [/高度/, "23.6"],
  [/单体数量/, "3"],
  [/停车位/, "120"],
  [/合同编号/, "3205012026CR0088"],
  [/成果编号/, "苏园测 2026-0451"],
  [/权证书号/, "苏（2026）苏州工业园区不动产权第0001234号"],
  [/拟开工|计划开工|合同.*开工/, day(30)],
  [/拟建成|计划竣工/, day(400)],
  [/实际开工/, day(-60)],
  [/实际竣工/, day(-1)],
  [/地下建筑面积/, "0"],
  [/面积/, "26000"],
];

const DEFAULT = { date: day(20), tel: "13862051234", decimal: "100", text: "按批准的方案实施", area: "按照批准的方案实施，详见所附材料。" };

/** The situation of a small factory on bought land. */
const SITUATION = [
  [/用地怎样取得/, "出让"],
  [/环境影响评价/, "填报登记表"],
  [/水土保持方案属于/, "编制报告书"],
  [/批准过水土保持方案/, "是"],
  [/建筑垃圾/, "是"],
  [/防空地下室/, "不需要修建"],
];
const NO = ["否", "不需要", "不涉及", "不属于", "不需要编制", "不在易发区内", "不压覆", "不纳入环评管理", "不需要修建"];

/** The fields of a form on the page: their labels and what they take. */
async function controls(form) {
  return form.evaluate((root) => {
    const text = (element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();
    const found = [];
    const groups = new Set();
    for (const control of root.querySelectorAll("input, select, textarea")) {
      if (["hidden", "file", "checkbox", "submit"].includes(control.type)) continue;
      if (control.type === "radio") {
        const group = control.closest("fieldset");
        if (groups.has(group)) continue;
        groups.add(group);
        const options = [...group.querySelectorAll("label")].map(text);
        found.push({ kind: "radio", label: text(group.querySelector("legend")), options });
        continue;
      }
      const label = text(control.labels[0]);
      const kind = control.tagName === "SELECT" ? "select" : control.tagName === "TEXTAREA" ? "area" : control.type;
      const options = kind === "select" ? [...control.options].filter((option) => option.value).map(text) : [];
      found.push({ kind, mode: control.inputMode, label, options, value: control.value });
    }
    return found;
  });
}

const fits = (answer, option) => (answer instanceof RegExp ? answer.test(option) : option === answer);

function answerFor(control, table) {
  const known = table.find(([label]) => label.test(control.label))?.[1];
  if (control.options.length > 0) {
    const option = control.options.find((one) => known !== undefined && fits(known, one));
    return option ?? control.options.find((one) => NO.includes(one)) ?? control.options[0];
  }
  return known ?? DEFAULT[control.kind === "text" ? control.mode || "text" : control.kind] ?? DEFAULT.text;
}

/** Fills every field of the form that is empty; `own` answers come first. */
export async function fill(form, own = []) {
  for (const control of await controls(form)) {
    const table = [...own, ...ANSWERS];
    const answer = answerFor(control, table);
    if (answer === "") continue;
    if (control.kind === "radio") {
      await form.getByRole("group", { name: control.label, exact: true }).getByRole("radio", { name: answer, exact: true }).check();
    } else if (control.kind === "select") {
      await form.getByLabel(control.label, { exact: true }).selectOption({ label: answer });
    } else {
      await form.getByLabel(control.label, { exact: true }).fill(answer);
    }
  }
}

/** Answers the questions of a stage. */
export async function answer(form, own = []) {
  const table = [...own, ...SITUATION];
  const done = new Set();
  // An answer can make other questions idle, so the page is read again after each.
  for (let turn = 0; turn < 40; turn += 1) {
    const next = (await controls(form)).find((control) => control.kind === "radio" && !done.has(control.label));
    if (!next) break;
    done.add(next.label);
    const option = answerFor(next, table);
    await form.getByRole("group", { name: next.label, exact: true }).getByRole("radio", { name: option, exact: true }).check();
    await settled(form);
  }
  const circumstances = form.getByRole("group", { name: "下面的情况，涉及的请勾选" });
  for (const [label, wanted] of table) {
    if (wanted !== "是") continue;
    for (const box of await circumstances.getByRole("checkbox", { name: label }).all()) {
      await box.check();
      await settled(form);
    }
  }
}

/** Waits until the list of items beside the questions has followed. */
async function settled(form) {
  await form.page().waitForFunction(() => !document.querySelector(".htmx-request"));
}
