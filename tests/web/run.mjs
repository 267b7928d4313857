// Uses the browser's version as somebody would who opens it for the first time, in Chromium without a screen.
//
// Use: node tests/web/run.mjs, after scripts/web. Pictures go to target/pictures/web-*.png, for whoever looks.
//
// dist/ is served by the same code as `scripts/web --serve`, once in a folder of the server and once at its root. What
// the application shows is read from the page's summary, which is all that screen readers get in a browser.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { serve } from "../../web/serve.mjs";
import { App, CANVAS, STATUS_BAR } from "./app.mjs";
import { SIZE, kill, launch, tab, visit } from "./browser.mjs";

/** How long everything may take together; whatever hangs then ends with the process, the browser too. */
const ALL_MS = 300_000;

/** A card of the gallery, and the names that the summary gives. */
const SHOP = { card: { x: 924, y: 320 }, title: "Three-tier shop" };
const NAIVE = { card: { x: 616, y: 320 }, title: "Naive: one server" };
const REFERENCE = { title: "Reference architecture" };

/** On the shop's drawing: in the network, where anything may come in, and in none of its tiers. */
const IN_THE_NETWORK = { x: 700, y: 486 };

/** What is said of a database that stands there. */
const FINDING = /; High: The internet can reach [^;]+ on 5432/;

/** How it is written to a file. */
const DATABASE = /kind: "sql-database", name: "[^"]+", technology: "PostgreSQL", within: "vpc"/;

/** What is going on, for whoever reads that it failed. */
const now = { step: "starting", app: null };

async function everything() {
  assert(existsSync("dist/index.html"), "there is no dist/: run scripts/web");
  const folder = await serve("dist", 0, "/some/where/");
  const root = await serve("dist");
  await inBrowser({ scale: 1 }, async (browser) => {
    await inPage(browser, folder.address, { colorScheme: "dark", scale: 1 }, design);
    await losesTab(browser, root.address, { colorScheme: "dark", scale: 1 });
    await inPage(browser, root.address, { colorScheme: "light", scale: 1 }, async (app, look) => {
      await looks(app, look);
      await step("keys mean what they mean here", () => takesKeys(app));
    });
  });
  await inBrowser({ scale: 2 }, async (browser) => {
    await inPage(browser, root.address, { colorScheme: "dark", scale: 2 }, looks);
    await inPage(browser, root.address, { colorScheme: "light", scale: 2 }, looks);
  });
  await Promise.all([folder.close(), root.close()]);
}

async function inBrowser({ scale }, use) {
  const browser = await launch(scale);
  await use(browser);
  await browser.close();
}

/** Opens the page, waits for the application, and uses it; whatever the page complained about meanwhile is a failure. */
async function inPage(browser, address, look, use) {
  const { page, faults, close } = await visit(browser, address, look);
  const app = new App(page, faults);
  now.app = app;
  await step(`${look.colorScheme}, ${look.scale} pixels a point: it loads`, () => starts(app));
  await use(app, look);
  assert.deepEqual(faults, []);
  now.app = null;
  await close();
}

async function step(name, act) {
  now.step = name;
  const start = Date.now();
  await act();
  console.log(`${String(Date.now() - start).padStart(6)} ms  ${name}`);
}

/** The reference architecture is there at once, and takes keys without a click. */
async function starts(app) {
  await app.summaryWith(`it shows the ${REFERENCE.title}`, isOf(REFERENCE));
  assert(await app.page.locator("#parapet-note").isHidden(), "the note is hidden");
  assert.equal(await app.page.title(), `${REFERENCE.title} · Parapet`);
  assert(await app.isSpokenOnly(), "the summary and what is said are out of sight, and what is said is announced");
  await app.saidWith("it says what is open", (it) => it.startsWith(`${REFERENCE.title}: `));
  await app.still(CANVAS);
}

/** The way of a first drawing: from a sample to a finding, to a file, and back. */
async function design(app) {
  await app.picture("dark");
  let before, after, saved;
  await step("a sample opens from the gallery", async () => {
    before = await opensSample(app, SHOP);
    assert.doesNotMatch(before, FINDING);
  });
  await step("what is dragged from the palette makes a finding", async () => {
    await app.dragFromPalette("postgres", IN_THE_NETWORK);
    after = await app.summaryWith("the finding appears", (it) => FINDING.test(it));
    assert.equal(components(after), components(before) + 1);
    await app.saidWith("it is said", (it) => / new findings?: /.test(it));
    await app.still(CANVAS);
    await app.picture("finding");
  });
  await step("undo takes it away, redo brings it back", async () => {
    await app.press("ControlOrMeta+z");
    // First, as what is found is said after it.
    await app.saidWith("that is said", (it) => /^Undone: add /.test(it));
    await app.summaryWith("all is as before", (it) => it === before);
    await app.press("ControlOrMeta+Shift+z");
    await app.summaryWith("the finding is back", (it) => it === after);
  });
  await step("leaving without a save is asked about", () => asksBeforeLeaving(app));
  await step("the file is saved", async () => {
    saved = await saves(app);
    assert.match(saved.text, DATABASE);
  });
  await step("another sample opens", () => opensSample(app, NAIVE));
  await step("a file that does not read leaves the drawing alone", () => refuses(app));
  await step("the saved file opens, and all is as it was", async () => {
    await choosesFile(app, saved.name, saved.text);
    await app.summaryWith("the saved file is open", (it) => it === after);
    await app.still(CANVAS);
    await app.picture("opened");
  });
  await step("a layout is made beside the page", async () => {
    await app.press("Alt+Shift+l");
    await app.saidWith("it is proposed", (it) => /^Layout proposed: .+ move/.test(it));
    assert.equal(app.page.workers().length, 1, "a worker made it");
    await app.still(CANVAS);
    await app.picture("proposed");
    await app.press("Enter");
    await app.saidWith("it is kept", (it) => it.includes("Done: lay out the view"));
    await app.press("ControlOrMeta+z");
    await app.saidWith("and taken back", (it) => /^Undone: lay out/.test(it));
  });
  await step("a row of the outline is said", async () => {
    await app.press("Alt+6");
    await app.saidWith("the first is", (it) => it.startsWith("Region Frankfurt, region, 1 inside, "));
    await app.press("ArrowDown");
    await app.saidWith("the next is", (it) => it.startsWith("Shop network, network, "));
  });
}

/** What is not saved in a tab that dies comes back in the next one, and only there. */
async function losesTab(browser, address, look) {
  const first = await visit(browser, address, look);
  let before;
  await step("a drawing is changed and not saved", async () => {
    const app = openIn(first);
    await starts(app);
    const count = components(await app.summary());
    await app.dragFromPalette("postgres", IN_THE_NETWORK);
    const isDrawn = (it) => components(it) === count + 1 && FINDING.test(it);
    before = await app.summaryWith("it is drawn, and its finding is there", isDrawn);
    await app.titleWith("it is not saved", (it) => it.startsWith("●"));
  });
  await step("another tab leaves that one alone", async () => {
    const second = await tab(first.page, address);
    const app = openIn(second);
    await starts(app);
    // Were there a question, this would answer it.
    await app.press("Enter");
    await app.still(CANVAS);
    assert.equal(await app.page.title(), `${REFERENCE.title} · Parapet`);
    await second.page.close();
  });
  await step("the tab is killed, and the next one asks", async () => {
    await kill(first.page);
    const third = await tab(first.page, address);
    const app = openIn(third);
    await app.summaryWith(`it shows the ${REFERENCE.title}`, isOf(REFERENCE));
    await app.still();
    await app.picture("lost");
    await app.press("Enter");
    await app.titleWith("it is back, and not saved", (it) => it.startsWith("●"));
    await app.summaryWith("all is as before", (it) => it === before);
    // Undone, it is the sample again.
    await app.press("ControlOrMeta+z");
    await app.titleWith("nothing is left to save", (it) => !it.startsWith("●"));
    assert.deepEqual(third.faults, []);
    await third.page.close();
  });
  await step("what was taken back is not asked about", async () => {
    const fourth = await tab(first.page, address);
    const app = openIn(fourth);
    await starts(app);
    await app.press("Enter");
    await app.still(CANVAS);
    assert.equal(await app.page.title(), `${REFERENCE.title} · Parapet`);
  });
  now.app = null;
  await first.close();
}

function openIn({ page, faults }) {
  now.app = new App(page, faults);
  return now.app;
}

/** Opens a sample by its card in the gallery, which the command palette finds. */
async function opensSample(app, sample) {
  await app.command("open a sample");
  await app.still();
  await app.picture("gallery");
  await app.click(sample.card);
  const summary = await app.summaryWith(`it shows ${sample.title}`, isOf(sample));
  await app.still(CANVAS);
  return summary;
}

/** The browser asks, and the answer here is to stay. */
async function asksBeforeLeaving(app) {
  const asked = app.page.waitForEvent("dialog");
  await app.page.close({ runBeforeUnload: true });
  const dialog = await asked;
  assert.equal(dialog.type(), "beforeunload");
  await dialog.dismiss();
}

/** Saves by its keys; a page saves by a download. */
async function saves(app) {
  assert.match(await app.page.title(), /^● /);
  const downloaded = app.page.waitForEvent("download");
  await app.press("ControlOrMeta+s");
  const download = await downloaded;
  assert.equal(download.suggestedFilename(), "three-tier-shop.parapet.ron");
  const text = await readFile(await download.path(), "utf8");
  await app.titleWith("nothing is left to save", (it) => !it.startsWith("●"));
  return { name: download.suggestedFilename(), text };
}

async function refuses(app) {
  const [summary, bar] = [await app.summary(), await app.still(STATUS_BAR)];
  await choosesFile(app, "broken.parapet.ron", "(format: 9)");
  await app.changed("the bar at the bottom says so", STATUS_BAR, bar);
  await app.picture("refused");
  const said = await app.summary();
  assert(said.includes(summary), `the drawing changed to: ${said}`);
}

/** Chooses a file in the browser's dialog, which the keys for Open bring. */
async function choosesFile(app, name, text) {
  const asked = app.page.waitForEvent("filechooser");
  await app.press("ControlOrMeta+o");
  const chooser = await asked;
  await chooser.setFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
}

/** Dark or light as the system wishes, and as sharp as the screen. */
async function looks(app, { colorScheme, scale }) {
  await step(`${colorScheme}, ${scale} pixels a point: it looks so`, async () => {
    const picture = await app.picture(`${colorScheme}-${scale}x`);
    const { size, ground } = await app.read(picture);
    const sizes = { picture: size, canvas: await app.pixels() };
    const expected = [SIZE.width * scale, SIZE.height * scale];
    assert.deepEqual(sizes, { picture: expected, canvas: expected });
    assert(colorScheme === "light" ? ground > 200 : ground < 60, `the ground is ${ground} of 255 bright`);
  });
}

/** Keys that browsers have a use of their own for, such as a search, a bookmark, a zoom; and those that they must keep. */
async function takesKeys(app) {
  for (const key of ["=", "-", "0", "d", "g", "k"]) {
    assert(await app.takes(`ControlOrMeta+${key}`), `the browser does something of its own at Control+${key}`);
  }
  for (const key of ["c", "v", "x", "r", "l"]) {
    assert(!(await app.takes(`ControlOrMeta+${key}`)), `the browser cannot do its own at Control+${key}`);
  }
}

function isOf(sample) {
  return (summary) => summary.startsWith(`${sample.title}. `) && !summary.includes("Looking for findings");
}

function components(summary) {
  return Number(/(\d+) components?/.exec(summary)?.[1]);
}

/** Says where it failed, with what was to be heard and seen then. */
async function report(error) {
  console.error(`\nFAILED: ${now.step}\n${error.message ?? error}`);
  if (now.app) {
    const summary = await now.app.summary().catch((it) => `not to be read: ${it.message}`);
    console.error(`\nThe last summary: ${summary}`);
    await now.app.picture("failure").then(() => console.error("The picture: target/pictures/web-failure.png"), () => {});
  }
}

function tooLong() {
  return new Promise((_, failed) => {
    setTimeout(() => failed(new Error(`all of it took longer than ${ALL_MS / 1000} s`)), ALL_MS).unref();
  });
}

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
await Promise.race([everything(), tooLong()]).catch(async (error) => {
  await report(error);
  process.exit(1);
});
