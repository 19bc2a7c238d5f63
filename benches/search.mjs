#!/usr/bin/env node
// Queries on a slow phone: what they transfer and how long the first results take.
//
// usage: node benches/search.mjs SITE [N]        default: 40 queries
//
// SITE is a built site of which `search.py --keep SITE` leaves one of 10 000 reports. Phrases of 2 to 8
// characters are cut at random, with a fixed seed, from the text of its reports, and typed into the search
// page in Chromium (of the system, or CHROME_PATH) with a processor four times as slow, 1.6 Mbit/s and 150 ms
// of latency. The server compresses, as object storage behind a content network does. Printed are the medians of
// bytes and of the time from the last key to the first result, cold (nothing kept; what the page has fetched of the
// index when it was opened counts among the bytes) and warm (asked again).
import { createServer } from "node:http";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";

const require = createRequire(new URL("../tests/browser/package.json", import.meta.url));
const { chromium } = require("playwright-core");

const [site, count = "40"] = process.argv.slice(2);
const LIMITS = { bytes: 100, cold: 1200, warm: 200 };
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml" };

/** Numbers that are the same each time (mulberry32). */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function phrases(folder, wanted) {
  const next = random(20210401);
  const reports = readdirSync(join(folder, "reports"), { recursive: true }).filter((name) => /r\d+\/index\.html$/.test(name));
  const found = [];
  while (found.length < wanted) {
    const html = readFileSync(join(folder, "reports", reports[next(reports.length)]), "utf8");
    const blocks = [...html.matchAll(/<p>([^<&]{20,})<\/p>/g)].map((match) => match[1]).filter((text) => /[\u4e00-\u9fff]{9}/.test(text));
    if (blocks.length === 0) continue;
    const text = [...blocks[next(blocks.length)]];
    const length = 2 + next(7);
    const start = next(text.length - length);
    found.push(text.slice(start, start + length).join(""));
  }
  return found;
}

let sent = 0;
// Those of them that are of the index.
let indexed = 0;
const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
  let file = join(site, path);
  if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
  if (!existsSync(file)) return response.writeHead(404).end();
  const isPacked = extname(file) === ".bin";
  const body = isPacked ? readFileSync(file) : gzipSync(readFileSync(file));
  const caching = /[0-9a-f]{10}\.\w+$/.test(file) ? "max-age=31536000, immutable" : "no-cache";
  const headers = { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "cache-control": caching };
  if (!isPacked) headers["content-encoding"] = "gzip";
  sent += body.length + 200;
  if (/^\/search\/.+/.test(path)) indexed += body.length + 200;
  response.writeHead(200, headers).end(body);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

async function ask(page, query) {
  const input = page.locator("main input[name=q]");
  await input.fill("");
  await page.waitForFunction(() => !document.querySelector(".search-list li"));
  sent = 0;
  const start = Date.now();
  await input.fill(query);
  await page.waitForFunction(() => document.querySelector(".search-list li a"), undefined, { polling: 20, timeout: 30000 });
  const time = Date.now() - start;
  await page.waitForLoadState("networkidle");
  return { time, bytes: sent };
}

const median = (numbers) => numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
const known = [process.env.CHROME_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser"];
const browser = await chromium.launch({ executablePath: known.find((path) => path && existsSync(path)), args: ["--no-sandbox", "--disable-gpu"] });
const cold = [];
const warm = [];
const missing = [];
for (const query of phrases(site, Number(count))) {
  const context = await browser.newContext();
  const page = await context.newPage();
  indexed = 0;
  await page.goto(`${origin}/search/`);
  await page.waitForLoadState("networkidle");
  const prepared = indexed;
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 });
  try {
    const first = await ask(page, query);
    cold.push({ ...first, bytes: first.bytes + prepared });
    warm.push(await ask(page, query));
  } catch {
    missing.push(query);
  }
  await context.close();
}
await browser.close();
server.close();
const kilobytes = (runs) => (median(runs.map((run) => run.bytes)) / 1000).toFixed(1);
const time = (runs) => median(runs.map((run) => run.time));
console.log(`${cold.length} queries of 2 to 8 characters, page open, processor ÷ 4, 1.6 Mbit/s, 150 ms; medians`);
console.log(`  cold: ${time(cold)} ms to the first result (at most ${LIMITS.cold}), ${kilobytes(cold)} kB (at most ${LIMITS.bytes})`);
console.log(`  warm: ${time(warm)} ms to the first result (at most ${LIMITS.warm}), ${kilobytes(warm)} kB`);
if (missing.length > 0) console.log(`  without a result: ${missing.join(" ")}`);
