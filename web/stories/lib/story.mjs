// A story: named steps by people, each with a browser of their own.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { axe, openContext, PASSWORD, PHONE, route, shape, sideways, WIDE } from "./browser.mjs";
import { ROOT } from "./server.mjs";

export const SCREENS = join(ROOT, "artefacts", "screens");

/** What went wrong, without ending the story: faults are counted at the end. */
class Fault {
  constructor(step, url, words) {
    Object.assign(this, { step, url, words });
  }
}

export class Stage {
  constructor(browser, origin) {
    this.browser = browser;
    this.origin = origin;
    this.visited = new Set();
    this.shapes = new Set();
    /** Whether all stories run, so that every page can be expected to be visited. */
    this.complete = false;
  }

  story(key, options = {}) {
    return new Story(this, key, options);
  }
}

export class Story {
  #people = new Map();
  #shots = new Set();

  constructor(stage, key, { scripts = true, screens = true, looks = true } = {}) {
    Object.assign(this, { stage, key, scripts, screens, looks });
    this.faults = [];
    this.notes = [];
    this.steps = 0;
    this.now = "before the first step";
  }

  /**
   * A person: the same one each time, logged in on first use. "public" never logs in.
   * `seat` gives the same person another browser, `scripts` one with or without scripts.
   */
  async as(login, { seat = "", scripts = this.scripts } = {}) {
    const key = `${login}/${seat}/${scripts}`;
    if (!this.#people.has(key)) this.#people.set(key, Person.enter(this, login, scripts));
    return this.#people.get(key);
  }

  async step(name, act) {
    this.now = name;
    this.steps += 1;
    try {
      return await act();
    } catch (error) {
      const { url, shot } = await this.#failure();
      throw Object.assign(new Error(`${name}\n      at ${url}\n      ${shot}\n      ${error.message}`), { cause: error });
    }
  }

  fault(url, words) {
    this.faults.push(new Fault(this.now, url, words));
  }

  /** A check that does not end the story. */
  check(holds, url, words) {
    if (!holds) this.fault(url, words);
  }

  async #failure() {
    await mkdir(SCREENS, { recursive: true });
    const people = await Promise.allSettled([...this.#people.values()]);
    const last = people
      .flatMap((person) => (person.status === "fulfilled" ? [person.value] : []))
      .sort((one, other) => other.at - one.at)[0];
    if (!last) return { url: "no page", shot: "" };
    const shot = join(SCREENS, `${this.key}-FAILED.png`);
    await last.page.screenshot({ path: shot, fullPage: true }).catch(() => {});
    return { url: `${last.page.url()} (${last.login})`, shot };
  }

  shotName(name) {
    let unique = name;
    for (let again = 2; this.#shots.has(unique); again += 1) unique = `${name}-${again}`;
    this.#shots.add(unique);
    return unique;
  }

  shotFile(name) {
    return join(SCREENS, `${this.shotName(`${this.key}-${name}`)}.png`);
  }

  async end() {
    const people = await Promise.allSettled([...this.#people.values()]);
    for (const person of people) if (person.status === "fulfilled") await person.value.context.close();
  }
}

export class Person {
  #turn = Promise.resolve();

  static async enter(story, login, scripts) {
    const context = await openContext(story.stage.browser, story.stage.origin, { javaScriptEnabled: scripts });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const person = new Person(story, login, scripts, context, page);
    if (login !== "public") await person.logIn();
    return person;
  }

  constructor(story, login, scripts, context, page) {
    Object.assign(this, { story, login, scripts, context, page, at: 0, status: 0 });
    const here = () => page.url().replace(story.stage.origin, "");
    page.on("pageerror", (error) => story.fault(here(), `script error: ${error.message}`));
    page.on("console", (message) => {
      // Answers of 4xx are told in the console too; they are checked below and where they belong.
      const told = /Failed to load resource|Refused to apply style/.test(message.text());
      if (message.type() === "error" && !told) story.fault(here(), `console: ${message.text()}`);
    });
    page.on("response", (response) => {
      if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) this.status = response.status();
      const inside = !response.request().isNavigationRequest() && response.status() >= 400;
      if (inside) story.fault(here(), `${response.status()} for ${response.url().replace(story.stage.origin, "")}`);
    });
    page.on("dialog", (dialog) => dialog.accept());
  }

  /** One thing at a time: several cases of a department share its people. */
  alone(act) {
    const done = this.#turn.then(() => act(this));
    this.#turn = done.catch(() => {});
    return done;
  }

  async logIn(password = PASSWORD) {
    await this.open("/login");
    await this.page.getByLabel("账号").fill(this.login);
    await this.page.getByLabel("密码").fill(password);
    await this.press("登录");
    if (new URL(this.page.url()).pathname === "/login") throw new Error(`${this.login} could not log in`);
  }

  async open(path) {
    const answer = await this.page.goto(path, { waitUntil: "load" });
    await this.#seen();
    return answer?.status() ?? 0;
  }

  get main() {
    return this.page.getByRole("main");
  }

  heading(name) {
    return this.page.getByRole("heading", { name });
  }

  async has(name, options = {}) {
    return (await this.page.getByRole("heading", { name, ...options }).count()) > 0;
  }

  /** Presses a button that leads to a page, and looks at that page. */
  async press(name, within = this.page) {
    await this.leave(within.getByRole("button", typeof name === "string" ? { name, exact: true } : { name }).first());
  }

  async follow(name, within = this.main) {
    await this.leave(within.getByRole("link", typeof name === "string" ? { name, exact: true } : { name }).first());
  }

  async leave(locator) {
    const arrived = this.page.waitForEvent("domcontentloaded", { timeout: 20_000 });
    arrived.catch(() => {});
    await locator.click();
    await arrived;
    await this.page.waitForLoadState("load");
    await this.#seen();
  }

  /** Opens a folded part, when it is folded: without scripts and with them. */
  async unfold(text) {
    const summary = this.page.locator("summary").filter({ hasText: text }).first();
    if ((await summary.locator("xpath=..").getAttribute("open")) === null) await summary.click();
  }

  async #seen() {
    this.at = Date.now();
    const { stage, looks } = this.story;
    const path = new URL(this.page.url()).pathname;
    const kind = route(path);
    stage.visited.add(kind);
    if (this.status >= 500) this.story.fault(path, `the server answered ${this.status}`);
    if (!looks || !this.scripts) return;
    const key = `${kind}#${await shape(this.page)}`;
    if (stage.shapes.has(key)) return;
    stage.shapes.add(key);
    for (const violation of await axe(this.page)) this.story.fault(path, `axe: ${violation}`);
  }

  /** Pictures of the whole page on a desk and on a phone, and no sideways scrolling there. */
  async look(name) {
    const { story, page } = this;
    if (!story.screens) return;
    await mkdir(SCREENS, { recursive: true });
    const file = join(SCREENS, story.shotName(`${story.key}-${name}`));
    await page.screenshot({ path: `${file}-1440.png`, fullPage: true });
    await page.setViewportSize(PHONE);
    const over = await sideways(page);
    if (over) story.fault(new URL(page.url()).pathname, `scrolls sideways on a phone: ${over}`);
    await page.screenshot({ path: `${file}-360.png`, fullPage: true });
    await page.setViewportSize(WIDE);
  }
}
