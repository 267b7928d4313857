// The goals of the canvas, measured in the page: the script of benches/goals.rs, in Chromium.
//
// Use: cargo bench --bench goals -- files; scripts/web; node tests/web/goals.mjs [ELEMENTS ...]
//
// What is measured is what a frame of the page takes of the main thread: the call that the browser makes for each frame, with
// all that the application does in it, panels too, and its calls of WebGL. What these draw is left out: a machine without a
// graphics card would draw on the cores that are measured. 95 in 100 stay below what is printed; half as many frames as
// without a page, as each takes a second of the clock here.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "../../web/serve.mjs";
import { launch } from "./browser.mjs";

const SIZE = { width: 2560, height: 1440 };
const FRAMES = 60;
/** How far the view goes in a frame at 100 %. */
const STEP = { x: -16, y: 5 };
/** Opening a hundred thousand elements on a slow machine. */
const PATIENCE_MS = 240_000;
/** A call in which nothing was painted. */
const IDLE_MS = 0.25;
/** The canvas between the panels. */
const MIDDLE = { x: 238 + (SIZE.width - 238 - 374) / 2, y: 50 + (SIZE.height - 50 - 30) / 2 };
/** The smallest card, in points at 100 %. */
const CARD = { width: 120, height: 56 };
/** Between a card and where a box begins, in points. */
const GAP = 10;

async function main() {
  process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
  const asked = process.argv.slice(2).map(Number);
  const sizes = asked.length > 0 ? asked : [1_000, 10_000, 100_000];
  const server = await serve("dist");
  console.log("| elements | at 100 %, moved | all in view, moved | zoomed | 50 dragged and dropped at 100 % | slowest | open, until it shows | frames at rest |");
  console.log("|---|---|---|---|---|---|---|---|");
  for (const elements of sizes) {
    console.log(await row(server.address, elements));
  }
  await server.close();
}

async function row(address, elements) {
  const path = resolve(`target/goals/${elements}.parapet.ron`);
  const text = await readFile(path, "utf8");
  const browser = await launch(1, false);
  const context = await browser.newContext({ viewport: SIZE, deviceScaleFactor: 1 });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.addInitScript(watchFrames);
  await page.goto(address);
  const title = () => page.title();
  await until(async () => (await title()) !== "Parapet");
  await rest(page);

  const before = await title();
  const chosen = page.waitForEvent("filechooser");
  await page.keyboard.press("ControlOrMeta+o");
  const chooser = await chosen;
  const start = await page.evaluate(() => performance.now());
  await chooser.setFiles(path);
  await until(async () => (await title()) !== before);
  const shown = await page.evaluate(() => window.frames_.at(-1).end);
  const open = shown - start;
  await rest(page);

  const slow = { moved: [], all: [], zoomed: [], dragged: [] };
  await page.mouse.move(MIDDLE.x, MIDDLE.y);
  await take(page);
  for (let n = 0; n < FRAMES; n += 1) {
    await wheel(page, n % 2 ? 1 : -1);
  }
  slow.all = await take(page);
  await page.keyboard.down("Control");
  for (let n = 0; n < FRAMES; n += 1) {
    await wheel(page, n % 2 ? 4 : -4);
  }
  await page.keyboard.up("Control");
  slow.zoomed = await take(page);

  // What is found comes to the middle.
  const cards = cardsOf(text);
  const middle = nearest(cards);
  await page.keyboard.press("ControlOrMeta+f");
  await page.keyboard.type(middle.id);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+0");
  await rest(page);
  await take(page);
  for (let n = 0; n < FRAMES; n += 1) {
    const back = n < FRAMES / 2 ? 1 : -1;
    await wheel(page, -STEP.y * back, -STEP.x * back);
  }
  slow.moved = await take(page);

  const box = boxAround(cards, middle);
  await page.keyboard.press("Escape");
  await page.mouse.move(MIDDLE.x + box.left, MIDDLE.y + box.top);
  await page.mouse.down();
  await page.mouse.move(MIDDLE.x + box.right, MIDDLE.y + box.bottom, { steps: 8 });
  await page.mouse.up();
  await rest(page);
  await page.mouse.move(MIDDLE.x, MIDDLE.y);
  await take(page);
  await page.mouse.down();
  for (let n = 0; n < FRAMES; n += 1) {
    await page.mouse.move(MIDDLE.x + 20 + n, MIDDLE.y + 40);
    await frame(page);
  }
  await page.mouse.up();
  await rest(page);
  slow.dragged = await take(page);
  const isMoved = (await title()).startsWith("●");

  await rest(page);
  await page.mouse.move(MIDDLE.x + 400, MIDDLE.y);
  await rest(page);
  await take(page);
  await page.waitForTimeout(2_000);
  const atRest = (await take(page)).length;
  await browser.close();
  const slowest = Math.max(...Object.values(slow).flat());
  const cells = [slow.moved, slow.all, slow.zoomed, slow.dragged].map((it) => `${p95(it).toFixed(1)} ms`);
  const dragged = isMoved ? "" : " (nothing was dragged)";
  return `| ${elements} | ${cells.join(" | ")}${dragged} | ${slowest.toFixed(1)} ms | ${open.toFixed(0)} ms | ${atRest} |`;
}

/** Runs in the page: notes when each call for a frame began and ended. */
function watchFrames() {
  window.frames_ = [];
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (call) =>
    request((time) => {
      const start = performance.now();
      call(time);
      window.frames_.push({ start, end: performance.now() });
    });
}

/** The times of the frames since the last call, in which something was painted. */
async function take(page) {
  const all = await page.evaluate(() => window.frames_.splice(0).map((it) => it.end - it.start));
  return all.filter((it) => it >= IDLE_MS);
}

function frame(page) {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

async function wheel(page, down, right = 0) {
  await page.mouse.wheel(right, down);
  await frame(page);
}

/** Until nothing was painted for a while. */
async function rest(page) {
  let last = 0;
  await until(async () => {
    const busy = await page.evaluate((idle) => window.frames_.filter((it) => it.end - it.start >= idle).at(-1)?.end ?? 0, IDLE_MS);
    const isSame = busy === last;
    last = busy;
    return isSame;
  }, 700);
}

async function until(isDone, every = 50) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isDone())) {
    if (Date.now() > end) {
      throw new Error("it takes too long");
    }
    await new Promise((done) => setTimeout(done, every));
  }
}

/** The places of all that has no width of its own, which are cards. */
function cardsOf(text) {
  const place = /\("main", "([^"]+)"\): \(x: (-?[\d.]+), y: (-?[\d.]+)\)/g;
  return [...text.matchAll(place)].map(([, id, x, y]) => ({ id, x: Number(x), y: Number(y) }));
}

function nearest(cards) {
  const mean = (of) => cards.reduce((sum, it) => sum + of(it), 0) / cards.length;
  const [x, y] = [mean((it) => it.x), mean((it) => it.y)];
  return cards.reduce((a, b) => (Math.hypot(a.x - x, a.y - y) <= Math.hypot(b.x - x, b.y - y) ? a : b));
}

/** Around some fifty cards, as many as there are at most; it begins where no card is. */
function boxAround(cards, middle) {
  const at = { x: middle.x + CARD.width / 2, y: middle.y + CARD.height / 2 };
  const isFree = (x, y) =>
    cards.every((it) => x < it.x - GAP - at.x || x > it.x + 2 * CARD.width - at.x || y < it.y - GAP - at.y || y > it.y + CARD.height + GAP - at.y);
  const boxes = [];
  for (let x = 60; x < 900; x += 12) {
    for (let y = 60; y < 620; y += 12) {
      const held = cards.filter((it) => Math.abs(it.x + CARD.width / 2 - at.x) < x && Math.abs(it.y + CARD.height / 2 - at.y) < y).length;
      boxes.push({ off: Math.abs(held - 50), x, y });
    }
  }
  boxes.sort((a, b) => a.off - b.off);
  const box = boxes.find(({ x, y }) => isFree(-x, -y));
  if (!box) {
    throw new Error("no free place to begin a box was found");
  }
  return { left: -box.x, top: -box.y, right: box.x, bottom: box.y };
}

function p95(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.95)] ?? 0;
}

await main();
