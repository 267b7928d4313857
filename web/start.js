// Loads the program, or says why it cannot run here.
import init from "./parapet.js";

function fail(text) {
  document.getElementById("parapet-note-text").textContent = text;
  document.getElementById("parapet-note").hidden = false;
}

const probe = document.createElement("canvas");
if (!(probe.getContext("webgl2") || probe.getContext("webgl"))) {
  fail("Parapet draws with WebGL, which this browser does not offer. Switch hardware acceleration on, or try another browser.");
} else {
  init({ module_or_path: new URL("parapet_bg.wasm", import.meta.url) }).catch((error) => {
    console.error(error);
    fail(`Parapet did not load: ${error.message ?? error}. Load the page again; if that does not help, the files on the server are not complete.`);
  });
}
