// The goals of the canvas, measured in the page: the script of benches/goals.rs, in Chromium.
//
// Use: cargo bench --bench goals -- files; scripts/web; node tests/web/goals.mjs [ELEMENTS ...]
//
// What is measured is what a frame of the page takes of the main thread: the call that the browser makes for each frame, and
// the handling of the events before it, with all that the application does, panels too. 95 in 100 stay below what is printed,
// once the script was played before, so that the browser has compiled what it runs. What WebGL draws is left out.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { serve } from "../../web/serve.mjs";
import { launch } from "./browser.mjs";

const SIZE = { width: 2560, height: 1440 };
const FRAMES = 120;
/** How far the view goes in a frame at 100 %. */
const STEP = { x: -16, y: 5 };
/** Opening a hundred thousand elements on a slow machine. */
const PATIENCE_MS = 240_000;
/** The canvas between the panels. */
const MIDDLE = { x: 238 + (SIZE.width - 238 - 374) / 2, y: 50 + (SIZE.height - 50 - 30) / 2 };

async function main() {
  process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
  const asked = process.argv.slice(2).map(Number);
  const sizes = asked.length > 0 ? asked : [1_000, 10_000, 100_000];
  const server = await serve("dist");
  console.log("| elements | at 100 %, moved | all in view, moved | zoomed | 50 dragged and dropped | slowest | open the first, the next, until it shows | frames at rest |");
  console.log("|---|---|---|---|---|---|---|---|");
  for (const elements of sizes) {
    console.log(await row(server.address, elements));
  }
  await server.close();
}

async function row(address, elements) {
  const text = await readFile(`target/goals/${elements}.parapet.ron`, "utf8");
  const browser = await launch(1);
  const context = await browser.newContext({ viewport: SIZE, deviceScaleFactor: 1 });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.addInitScript(takeGraphicsCard);
  await page.addInitScript(install);
  await page.goto(address);
  await page.waitForFunction(() => document.title !== "Parapet", null, { polling: 50 });
  const rest = () => page.evaluate(() => window.hand.rest());
  const play = (frames) => page.evaluate((it) => window.hand.play(it), frames);
  const said = () => page.evaluate(() => document.querySelector("#parapet-said").textContent);
  await rest();
  const open = [];
  for (const name of ["first", "next"]) {
    open.push(await page.evaluate(([name, text]) => window.hand.open(name, text), [`${name}.parapet.ron`, text]));
    await rest();
  }

  const there = (it) => ({ kind: "mousemove", x: MIDDLE.x, y: MIDDLE.y, ...it });
  const wheel = (deltaX, deltaY, ctrlKey = false) => [there({ kind: "wheel", deltaX, deltaY, ctrlKey })];
  const frames = (one) => Array.from({ length: FRAMES }, (_, n) => one(n));
  await play([[there()]]);
  await rest();
  const allMoved = () => play(frames((n) => wheel(0, n % 2 ? 1 : -1)));
  const allZoomed = () => play(frames((n) => wheel(0, n % 2 ? 4 : -4, true)));
  await allMoved();
  await allZoomed();
  await rest();
  const slow = { all: await allMoved(), zoomed: await allZoomed() };
  await rest();

  // What is found comes to the middle.
  const cards = cardsOf(text);
  const middle = nearest(cards);
  await page.keyboard.press("ControlOrMeta+f");
  await page.keyboard.type(middle.id);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+0");
  await rest();
  const moved = () => play(frames((n) => (n < FRAMES / 2 ? wheel(-STEP.x, -STEP.y) : wheel(STEP.x, STEP.y))));
  await moved();
  await rest();
  slow.moved = await moved();
  await rest();

  const at = (kind, x, y) => ({ kind, x: MIDDLE.x + x, y: MIDDLE.y + y });
  await page.keyboard.press("Escape");
  const card = await find(cards, { play, rest, at, said });
  const box = boxAround(cards, card);
  await play([[{ ...at("wheel", card.x, card.y), deltaY: -100 * Math.log(box.zoom), ctrlKey: true }]]);
  // While nothing can be dragged, a box may begin anywhere.
  await run(page, "Lock layout");
  await play([
    [at("mousemove", card.x - box.x, card.y - box.y)],
    [at("pointerdown", card.x - box.x, card.y - box.y)],
    ...[-0.5, 0, 0.5, 1].map((part) => [at("mousemove", card.x + box.x * part, card.y + box.y * part)]),
    [at("pointerup", card.x + box.x, card.y + box.y)],
  ]);
  await run(page, "Lock layout");
  await rest();
  await play([[at("mousemove", card.x, card.y)], [at("pointerdown", card.x, card.y)]]);
  const dragged = await play(frames((n) => [at("mousemove", card.x + 20 + 2 * n, card.y + 40)]));
  const dropped = await play([[at("pointerup", card.x + 20 + 2 * FRAMES, card.y + 40)], ...frames(() => [])]);
  slow.dragged = [...dragged, ...dropped];
  await rest();
  const heard = await page.evaluate(() => window.hand.heard.join(" "));
  const count = /Moved (\d+) elements/.exec(heard)?.[1] ?? "none";

  // What was changed is kept after some seconds.
  await play([[at("mousemove", 400, 0)]]);
  await page.evaluate(() => window.hand.rest(4_000));
  const atRest = await page.evaluate(() => window.hand.idle(2_000));
  await browser.close();
  const slowest = Math.max(...Object.values(slow).flat());
  const cells = [slow.moved, slow.all, slow.zoomed, slow.dragged].map((it) => `${p95(it).toFixed(1)} ms`);
  return `| ${elements} | ${cells.join(" | ")} (${count}) | ${slowest.toFixed(1)} ms | ${open.map((it) => it.toFixed(0)).join(", ")} ms | ${atRest} |`;
}

/**
 * Runs in the page: WebGL that takes everything, copies what it is sent as a browser does, and draws nothing. What a browser
 * without a graphics card has for it draws on the cores that are measured, for some 200 ms a frame of this size.
 */
function takeGraphicsCard() {
  const gl = Object.create(WebGL2RenderingContext.prototype);
  const answers = {
    checkFramebufferStatus: () => gl.FRAMEBUFFER_COMPLETE,
    getAttribLocation: () => 0,
    getContextAttributes: () => ({ alpha: true, antialias: false, depth: false, stencil: false }),
    getError: () => gl.NO_ERROR,
    getExtension: () => null,
    getParameter: (asked) => ({ [gl.VERSION]: "WebGL 2.0", [gl.SHADING_LANGUAGE_VERSION]: "WebGL GLSL ES 3.00", [gl.MAX_TEXTURE_SIZE]: 16_384 })[asked] ?? "",
    getProgramInfoLog: () => "",
    getProgramParameter: () => true,
    getShaderInfoLog: () => "",
    getShaderParameter: () => true,
    getSupportedExtensions: () => [],
    getUniformLocation: () => Object.create(WebGLUniformLocation.prototype),
    isContextLost: () => false,
  };
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(WebGL2RenderingContext.prototype))) {
    const made = name.startsWith("create") && window[`WebGL${name === "createVertexArray" ? "VertexArrayObject" : name.slice("create".length)}`];
    const call = answers[name] ?? (made ? () => Object.create(made.prototype) : (...all) => void all.at(-1)?.slice?.());
    if (typeof value === "function") {
      Object.defineProperty(gl, name, { value: call });
    }
  }
  const size = (name) => ({ get: () => document.querySelector("canvas")[name] });
  Object.defineProperties(gl, { drawingBufferWidth: size("width"), drawingBufferHeight: size("height") });
  HTMLCanvasElement.prototype.getContext = () => gl;
}

/** Runs in the page: a hand that plays events frame by frame, and what each frame took with the handling of its events. */
function install() {
  const request = window.requestAnimationFrame.bind(window);
  const turn = (wait) => new Promise((done) => setTimeout(done, wait));
  const frame = async () => {
    await new Promise((done) => request(done));
    // Calls come in the order in which they were asked for: that of the page may come after the one here.
    await turn(0);
  };
  let [spent, busyAt, shownAt, title] = [0, 0, 0, ""];
  window.requestAnimationFrame = (call) =>
    request((time) => {
      const start = performance.now();
      call(time);
      const end = performance.now();
      spent += end - start;
      // In a call in which nothing is painted next to nothing happens.
      if (end - start >= 0.25) {
        busyAt = end;
      }
      if (document.title !== title) {
        title = document.title;
        shownAt = end;
      }
    });
  const send = ({ kind, x, y, ...more }) => {
    const Kind = { mousemove: MouseEvent, wheel: WheelEvent }[kind] ?? PointerEvent;
    const canvas = document.querySelector("canvas");
    canvas.dispatchEvent(new Kind(kind, { clientX: x, clientY: y, bubbles: true, cancelable: true, ...more }));
  };
  const heard = [];
  document.addEventListener("DOMContentLoaded", () => {
    const said = document.querySelector("#parapet-said");
    const observer = new MutationObserver(() => heard.push(said.textContent));
    observer.observe(said, { childList: true, characterData: true, subtree: true });
  });
  window.hand = {
    heard,
    /** Each entry is the events of a frame. Returns what each took, in milliseconds. */
    async play(frames) {
      const all = [];
      await frame();
      for (const events of frames) {
        const start = performance.now();
        events.forEach(send);
        spent = performance.now() - start;
        await frame();
        all.push(spent);
      }
      return all;
    },
    /** Drops a file onto the page. Returns how long it takes until it is shown. */
    async open(name, text) {
      const data = new DataTransfer();
      data.items.add(new File([text], name));
      const before = shownAt;
      const start = performance.now();
      document.querySelector("canvas").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      while (shownAt === before) {
        await frame();
      }
      return shownAt - start;
    },
    /** Until nothing was painted for a while. */
    async rest(wait = 700) {
      do {
        await turn(wait);
      } while (performance.now() - busyAt < wait);
    },
    /** In how many frames of that time something was painted. */
    async idle(duration) {
      let [count, last] = [0, busyAt];
      const end = performance.now() + duration;
      while (performance.now() < end) {
        await frame();
        count += busyAt !== last;
        last = busyAt;
      }
      return count;
    },
  };
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

/** A card near the middle, and where it is from there: what is clicked on is said. */
async function find(cards, { play, rest, at, said }) {
  const near = [0, -20, 20, -40, 40, -60, 60, -80, 80, -100, 100];
  const places = near.flatMap((y) => near.map((x) => ({ x: 2 * x, y })));
  places.sort((a, b) => Math.hypot(a.x, a.y) - Math.hypot(b.x, b.y));
  for (const { x, y } of places) {
    await play([[at("mousemove", x, y)], [at("pointerdown", x, y)], [at("pointerup", x, y)]]);
    await rest();
    const [name] = (await said()).split(",");
    const card = cards.find((it) => it.id === name);
    if (card) {
      return { x, y, place: card };
    }
  }
  throw new Error("no card is near the middle");
}

/** A box with some fifty cards around one, half as wide and high as it is, in points of the screen at a zoom. */
function boxAround(cards, { x: right, y: down, place }) {
  const boxes = [];
  for (const zoom of [1, 0.5]) {
    for (let x = 60; x < 900 - Math.abs(right); x += 24) {
      for (let y = 60; y < 620 - Math.abs(down); y += 24) {
        const held = cards.filter((it) => Math.abs(it.x - place.x) < x / zoom && Math.abs(it.y - place.y) < y / zoom).length;
        boxes.push({ off: Math.abs(held - 50), zoom, x, y });
      }
    }
  }
  return boxes.reduce((best, it) => (it.off < best.off ? it : best));
}

async function run(page, command) {
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type(command);
  await page.keyboard.press("Enter");
}

function p95(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.95)] ?? 0;
}

await main();
