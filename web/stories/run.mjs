// Runs the stories, one after the other, against a node of their own.
//
//   node web/stories/run.mjs            all stories, on a node started for them
//   node web/stories/run.mjs A C        some of them
//   TONGBAN_URL=http://127.0.0.1:8081   on a server that runs already
//   TONGBAN_BIN=…/tongban CHROMIUM=…    other programs than target/debug/tongban and /usr/bin/chromium
import { openBrowser } from "./lib/browser.mjs";
import { node } from "./lib/server.mjs";
import { SCREENS, Stage } from "./lib/story.mjs";
import { badInput } from "./bad-input.mjs";
import { budgets } from "./budgets.mjs";
import { documents } from "./documents.mjs";
import { logins } from "./logins.mjs";
import { parties } from "./parties.mjs";
import { rights } from "./rights.mjs";
import { systems } from "./systems.mjs";
import { unified } from "./unified.mjs";
import { wholeLife } from "./whole-life.mjs";

const STORIES = [
  { key: "A", name: "a whole life, with scripts", tell: wholeLife },
  { key: "B", name: "a whole life, without scripts", tell: wholeLife, scripts: false, screens: false },
  { key: "C", name: "bad input", tell: badInput },
  { key: "E", name: "hearing, credit, a department that moves", tell: rights },
  { key: "F", name: "documents, made and checked", tell: documents },
  { key: "G", name: "logging in, accounts, persons", tell: logins },
  { key: "H", name: "the own system of a department", tell: systems },
  { key: "I", name: "a provider vouches for people", tell: unified },
  { key: "J", name: "who else has a say", tell: parties },
  { key: "D", name: "budgets, every page, narrow and large", tell: budgets },
];

const wanted = process.argv.slice(2).map((key) => key.toUpperCase());
const chosen = STORIES.filter(({ key }) => wanted.length === 0 || wanted.includes(key));

let browser;
let server;
let failed = 0;
const closing = async () => {
  await browser?.close().catch(() => {});
  await server?.stop();
};
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => closing().finally(() => process.exit(130)));

try {
  browser = await openBrowser();
  server = await node();
} catch (error) {
  console.error(`the stories cannot be told: ${error.message}`);
  await closing();
  process.exit(2);
}

const stage = new Stage(browser, server.origin);
stage.complete = chosen.length === STORIES.length;
for (const { key, name, tell, ...options } of chosen) {
  const story = stage.story(key.toLowerCase(), options);
  const began = Date.now();
  let failure;
  try {
    await tell(story);
  } catch (error) {
    failure = error;
  }
  await story.end();
  const passed = !failure && story.faults.length === 0;
  if (!passed) failed += 1;
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`${passed ? "passed" : "FAILED"}  ${key}  ${name}  (${story.steps} steps, ${seconds} s)`);
  if (failure) console.log(`   ✗ ${failure.message}`);
  for (const note of story.notes) console.log(`   ${note}`);
  const seen = new Set();
  for (const { step, url, words } of story.faults) {
    const line = `   · ${words}\n      at ${url}, while: ${step}`;
    if (!seen.has(words)) console.log(line);
    seen.add(words);
  }
}
await closing();
console.log(`${chosen.length - failed} passed, ${failed} failed; pictures in ${SCREENS}`);
process.exit(failed === 0 ? 0 : 1);
