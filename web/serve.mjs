// Serves a folder on this machine alone.
//
// Use: node web/serve.mjs FOLDER PORT, or `serve(folder, port, below)` from the test: `below` is the path under which
// the folder stands, as in a sub-folder of a server; the answer has the address and `close`.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { pathToFileURL } from "node:url";

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

export async function serve(folder, port = 0, below = "/") {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = normalize(join(folder, path.slice(below.length), path.endsWith("/") ? "index.html" : ""));
    const inside = path.startsWith(below) && file.startsWith(normalize(folder) + sep);
    const found = inside && (await stat(file).catch(() => null));
    if (!found || !found.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "content-length": found.size,
      "cache-control": "no-cache",
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((done, failed) => server.once("error", failed).listen(port, "127.0.0.1", done));
  const address = `http://127.0.0.1:${server.address().port}${below}`;
  return { address, close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }) };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, port] = process.argv.slice(2);
  const { address } = await serve(folder, Number(port)).catch((error) => {
    console.error(`port ${port} cannot be used: ${error.message}`);
    process.exit(1);
  });
  console.log(address);
}
