// Parapet in a page, driven as a user drives it: by keys and pointer. What comes of it is read from the page's summary,
// as screen readers do; where that does not say it, from the picture.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PATIENCE_MS, SIZE } from "./browser.mjs";

const PICTURES = "target/pictures";

/** How often a condition is looked at again, in milliseconds. */
const LOOK_EVERY_MS = 50;

/** The strip at the bottom, where what was said last is shown. */
export const STATUS_BAR = { x: 0, y: SIZE.height - 28, width: SIZE.width, height: 28 };

/** The canvas between the panels; less a point, for the edges by which panels are resized. */
export const CANVAS = { x: 238, y: 50, width: SIZE.width - 238 - 374, height: SIZE.height - 50 - 30 };

/** The first tile of the palette while something is searched for. */
const FIRST_TILE = { x: 60, y: 164 };

export class App {
  constructor(page, faults) {
    this.page = page;
    /** What the page complained about. */
    this.faults = faults;
  }

  /** What screen readers are told. */
  summary() {
    return this.page.locator("#parapet-summary").textContent();
  }

  /** What screen readers were told of what happened since the last call, and what before that last: it goes by quickly. */
  said() {
    return this.page.evaluate(() => {
      const status = document.querySelector('[role="status"]');
      if (!status) {
        return [];
      }
      if (!window.said_) {
        window.said_ = [status.textContent];
        const hear = () => window.said_.push(status.textContent);
        new MutationObserver(hear).observe(status, { childList: true, characterData: true, subtree: true });
      }
      const said = window.said_;
      window.said_ = said.slice(-1);
      return said;
    });
  }

  /** Waits until something was said as wanted. */
  saidWith(what, isWanted) {
    return this.until(what, () => this.said(), (all) => all.some(isWanted));
  }

  /** Whether what is said can be heard and not seen, and the summary is read with the canvas. */
  async isSpokenOnly() {
    const isOutOfSight = (it) => {
      const { width, height } = it.getBoundingClientRect();
      return width <= 1 && height <= 1;
    };
    const isSummaryOut = await this.page.locator("#parapet-summary").evaluate(isOutOfSight);
    const isSaidOut = await this.page.getByRole("status").evaluate(isOutOfSight);
    const ids = await this.page.evaluate(() => [
      document.querySelector("canvas").getAttribute("aria-describedby"),
      document.querySelector('[role="status"][aria-live="polite"]').id,
    ]);
    return isSummaryOut && isSaidOut && ids.join() === "parapet-summary,parapet-said";
  }

  /** Waits until the summary is as wanted; `what` says in words how that is. */
  summaryWith(what, isWanted) {
    return this.until(what, () => this.summary(), isWanted);
  }

  /** Waits until the page's title is as wanted. */
  titleWith(what, isWanted) {
    return this.until(what, () => this.page.title(), isWanted);
  }

  /** Waits until what has happened so far is handled: the application takes its input once a frame. */
  async frames() {
    const twoFrames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await this.page.evaluate(twoFrames);
  }

  async press(keys) {
    await this.page.keyboard.press(keys);
    await this.frames();
  }

  /** Presses keys, and says whether the browser was kept from what it does itself at them. */
  async takes(keys) {
    await this.page.evaluate(() => {
      const note = (it) => setTimeout(() => (window.wasTaken = it.defaultPrevented));
      addEventListener("keydown", note, { capture: true });
      window.stopNoting = () => removeEventListener("keydown", note, { capture: true });
    });
    await this.press(keys);
    return this.page.evaluate(() => (window.stopNoting(), window.wasTaken));
  }

  async type(text) {
    await this.page.keyboard.type(text);
    await this.frames();
  }

  /** Clicks at once: a press that is held over slow frames is none. */
  async click(at) {
    await this.page.mouse.move(at.x, at.y, { steps: 3 });
    await this.frames();
    await this.page.mouse.click(at.x, at.y);
    await this.frames();
  }

  /** Runs the first command that is found by these words. */
  async command(words) {
    await this.press("ControlOrMeta+k");
    await this.type(words);
    await this.press("Enter");
  }

  /** Searches the palette, and drags the best that is found to a place on the canvas. */
  async dragFromPalette(words, to) {
    const { mouse } = this.page;
    await this.press("/");
    await this.type(words);
    await mouse.move(FIRST_TILE.x, FIRST_TILE.y, { steps: 3 });
    await this.frames();
    await mouse.down();
    await this.frames();
    await mouse.move(FIRST_TILE.x + 20, FIRST_TILE.y + 20, { steps: 4 });
    await this.frames();
    await mouse.move(to.x, to.y, { steps: 12 });
    await this.frames();
    await this.picture("drag");
    await mouse.up();
    await this.frames();
  }

  /** Waits until a part of the picture no longer moves. */
  async still(part) {
    let before = await this.look(part);
    const isSame = async () => {
      const now = await this.look(part);
      const isSame = now.equals(before);
      before = now;
      return isSame;
    };
    await this.until("the picture is still", isSame, (it) => it);
    return before;
  }

  look(clip) {
    return this.page.screenshot({ clip });
  }

  /** Waits until a part of the picture is another than before. */
  async changed(what, part, before) {
    await this.until(what, () => this.look(part), (it) => !it.equals(before));
  }

  /** Keeps what is seen for whoever looks. */
  async picture(name) {
    await mkdir(PICTURES, { recursive: true });
    return this.page.screenshot({ path: join(PICTURES, `web-${name}.png`) });
  }

  /** The size of a picture, and how bright the canvas's corner in it is, of 255. */
  read(png) {
    return this.page.evaluate(
      async ({ base64, corner }) => {
        const bytes = Uint8Array.from(atob(base64), (it) => it.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
        const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
        context.drawImage(image, 0, 0);
        const at = [corner.x, corner.y].map((it) => it * devicePixelRatio);
        const [red, green, blue] = context.getImageData(...at, 1, 1).data;
        return { size: [image.width, image.height], ground: Math.round((red + green + blue) / 3) };
      },
      { base64: png.toString("base64"), corner: { x: CANVAS.x + 4, y: CANVAS.y + 4 } },
    );
  }

  /** How many pixels the application draws. */
  pixels() {
    return this.page.locator("canvas").evaluate((it) => [it.width, it.height]);
  }
  /** Looks until what is seen is wanted, and returns it; says what was wanted if it never is. */
  async until(what, see, isWanted) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const seen = await see();
      if (isWanted(seen)) {
        return seen;
      }
      if (Date.now() > end || this.faults.length > 0) {
        const why = this.faults.length > 0 ? this.faults.join("\n") : `not within ${PATIENCE_MS / 1000} s`;
        throw new Error(`${what}: ${why}`);
      }
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
  }
}
