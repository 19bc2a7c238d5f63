// A static file server as plain as object storage: index documents, a 404 page, nothing else.
import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".xml": "application/xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".jpg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

async function find(folder, path) {
  const file = join(folder, normalize(path));
  const isFolder = await stat(file).then((found) => found.isDirectory(), () => false);
  const target = isFolder && path.endsWith("/") ? join(file, "index.html") : file;
  return [target, await readFile(target)];
}

/** Serves `folder` under `base` on a free port; resolves to its origin and a function to stop it. */
export async function serve(folder, base = "/") {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    if (path === "/favicon.ico") return response.writeHead(204).end();
    try {
      if (!path.startsWith(base)) throw new Error("outside the base path");
      const [file, body] = await find(folder, `/${path.slice(base.length)}`);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
      response.end(body);
    } catch {
      response.writeHead(404, { "content-type": TYPES[".html"] });
      response.end(await readFile(join(folder, "404.html")));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}
