// Makes layouts beside the page, so that it goes on answering meanwhile: the same program, in a worker.
import init, { lay_out } from "./parapet.js";

const ready = init({ module_or_path: new URL("parapet_bg.wasm", import.meta.url) });

self.onmessage = async ({ data }) => {
  try {
    await ready;
    self.postMessage(lay_out(data) ?? "the task was not understood");
  } catch (error) {
    self.postMessage(String(error?.message ?? error));
  }
};
