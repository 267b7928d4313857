// Chromium without a screen, and a watch over what a page says and fetches.
import { existsSync } from "node:fs";
import { chromium } from "../../web/node_modules/playwright-core/index.mjs";

/** How large a page is, in points. */
export const SIZE = { width: 1280, height: 800 };

/** How long anything may take; drawing in software on a busy machine is slow. */
export const PATIENCE_MS = 45_000;

/** Starts the browser on a screen so sharp; it draws WebGL in software and reaches nothing but this machine. */
export function launch(scale) {
  const name = process.env.CHROMIUM || "chromium";
  return chromium.launch({
    executablePath: pathOf(name),
    // Root cannot have the sandbox, and what is loaded here is our own.
    chromiumSandbox: process.getuid?.() !== 0,
    timeout: PATIENCE_MS,
    args: [
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
      // A page's own scale alone is not what the observer of its canvas measures by.
      `--force-device-scale-factor=${scale}`,
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

/** Where a program is, as a shell would find it. */
function pathOf(name) {
  const folders = name.includes("/") ? [""] : (process.env.PATH ?? "").split(":").map((it) => `${it}/`);
  const found = folders.map((it) => it + name).find((it) => existsSync(it));
  if (!found) {
    throw new Error(`there is no ${name}: install Chromium, or say where it is with CHROMIUM=PATH`);
  }
  return found;
}

/** Opens an address on a dark or light system, and notes every fault from the first request on. */
export async function visit(browser, address, { colorScheme, scale }) {
  const context = await browser.newContext({ viewport: SIZE, colorScheme, deviceScaleFactor: scale });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults = watch(page, address);
  await page.goto(address);
  return { page, faults, close: () => context.close() };
}

/** Opens another tab of the same browser, which shares what that keeps. */
export async function tab(page, address) {
  const other = await page.context().newPage();
  const faults = watch(other, address);
  await other.goto(address);
  return { page: other, faults };
}

/** Ends a tab's process as a crash does: nothing in the page can do anything about it, or notices. */
export async function kill(page) {
  const session = await page.context().newCDPSession(page);
  const gone = page.waitForEvent("crash");
  // There is nobody left to answer.
  session.send("Page.crash").catch(() => {});
  await gone;
}

/** Notes errors, requests that leave the folder, and files that do not come or come as the wrong type. */
function watch(page, address) {
  const faults = [];
  const note = (text) => faults.push(text);
  page.on("console", (it) => it.type() === "error" && note(`console: ${it.text()}`));
  page.on("pageerror", (it) => note(`page: ${it.message}`));
  page.on("crash", () => note("the page crashed"));
  page.on("requestfailed", (it) => note(`request failed: ${it.url()} ${it.failure()?.errorText}`));
  page.on("request", (it) => {
    const isOwn = it.url().startsWith(address) || /^(blob|data):/.test(it.url());
    isOwn || note(`request beyond ${address}: ${it.url()}`);
  });
  page.on("response", (it) => {
    const type = it.headers()["content-type"];
    it.status() < 400 || note(`${it.status()}: ${it.url()}`);
    it.url().endsWith(".wasm") && type !== "application/wasm" && note(`${it.url()} comes as ${type}`);
  });
  return faults;
}
