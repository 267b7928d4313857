// Makes layouts beside the page, so that it goes on answering meanwhile: the same program, in a worker.
import init, { lay_out } from "./parapet.js";

const ready = init({ module_or_path: new URL("parapet_bg.wasm", import.meta.url) });

// Places are a list; one text says why there are none; nothing, that this is no place to make them.
self.onmessage = async ({ data }) => {
  try {
    await ready;
  } catch {
    self.postMessage(null);
    return;
  }
  try {
    self.postMessage(lay_out(data) ?? "the task was not understood");
  } catch (error) {
    self.postMessage(String(error?.message ?? error));
  }
};
