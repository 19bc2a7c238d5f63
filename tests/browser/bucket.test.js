// The repository's own site published to a bucket, and served from there with the headers that are stored in it.
// The storage is that of tests/bucket; YUGANG names the binary that publishes.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { crawl, dead } from "./crawl.js";
import { FLAGS, binary, executablePath, listen, root } from "./portal.js";

const SERVER = "test --quiet --test deploy -- --ignored --exact bucket::serve_until_told_to_stop --nocapture";
const KEYS = { AWS_ACCESS_KEY_ID: "AKTEST", AWS_SECRET_ACCESS_KEY: "a secret of the test" };

const folder = mkdtempSync(join(tmpdir(), "渔港 bucket "));
let storage, origin, browser;

/** Starts the storage; resolves to its own address and that of the website that it serves. */
async function start() {
  storage = spawn("cargo", SERVER.split(" "), { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  const told = {};
  for await (const line of createInterface({ input: storage.stdout })) {
    const [word, address] = line.split(" ");
    told[word] = address;
    if (told.SERVING && told.WEBSITE) return told;
  }
  throw new Error("the storage does not start");
}

before(async () => {
  const { SERVING: endpoint, WEBSITE: website } = await start();
  origin = website;
  for (const part of ["site.yaml", "content", "themes/harbor"]) cpSync(join(root, part), join(folder, part), { recursive: true });
  const target = `{name: test, service: s3, endpoint: '${endpoint}', region: us-east-1, bucket: site, state: {bucket: private}, base_url: '${origin}/', staging: true}`;
  appendFileSync(join(folder, "site.yaml"), `\ndeploy:\n  - ${target}\n`);
  execFileSync(binary, ["deploy", "--root", folder, "-q"], { env: { ...process.env, ...KEYS } });
  browser = await chromium.launch({ executablePath, args: FLAGS });
});

after(async () => {
  await browser?.close();
  // The end of its input ends it.
  storage?.stdin.end();
  rmSync(folder, { recursive: true, force: true });
});

test("every link of the bucket leads to a page and a place on it, with the headers of its class", async () => {
  const found = await crawl({ origin, base: "/" });
  assert.ok(found.pages.size > 150, `${found.pages.size} pages`);
  assert.deepEqual(dead(found), []);
  for (const [url, { headers }] of found.pages) {
    const isNamedByContent = /\/assets\/[^/]+\.[0-9a-f]{10}\./.test(url);
    const isPhoto = /\.(?:webp|jpg|png)$/.test(url);
    const kept = isNamedByContent ? /immutable/ : isPhoto ? /max-age=86400/ : /^no-cache$/;
    assert.match(headers.get("cache-control"), kept, url);
    if (url.endsWith("/")) assert.equal(headers.get("content-type"), "text/html; charset=utf-8", url);
  }
});

test("a reader searches from the home page, opens what is found and goes on to a station", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  listen(page, origin);
  page.on("requestfailed", (request) => page.noise.push(`${request.url()} ${request.failure().errorText}`));
  page.on("response", (response) => response.status() >= 400 && page.noise.push(`${response.url()} ${response.status()}`));
  await page.goto(`${origin}/`);
  // What is being loaded when a reader goes on counts as failed.
  const names = page.waitForResponse((response) => /\/search\/[0-9a-f]{10}\.json$/.test(response.url()));
  await page.locator(".header-search [name=q]").fill("“渔嫂 调解”");
  await (await names).finished();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/search/");
  await page.waitForFunction(() => /^找到 \d+ 个页面/.test(document.querySelector(".search [role=status]").textContent));
  await page.waitForLoadState("networkidle");
  const found = page.locator(".search-list h3 a").first();
  const address = new URL(await found.getAttribute("href"), page.url());
  await found.click();
  await page.waitForURL((url) => url.pathname === address.pathname);
  assert.match(await page.locator("main").textContent(), /渔嫂/);
  await page.locator(".site-header nav a[href='/stations/']").click();
  await page.waitForURL("**/stations/");
  const station = page.locator(".station-item h3 a").first();
  const name = await station.textContent();
  await station.click();
  await page.waitForURL(/\/stations\/[^/]+\/$/);
  assert.ok((await page.locator("h1").textContent()).includes(name.trim()));
  await page.waitForLoadState("networkidle");
  assert.deepEqual(page.noise, []);
  // The policy of the page holds: what somebody would slip in does not run.
  const hasRun = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.hasRun = true";
    document.body.append(script);
    return window.hasRun === true;
  });
  assert.equal(hasRun, false);
  await page.close();
});

test("what is not there is answered with the page that says so", async () => {
  const response = await fetch(`${origin}/nothing/here/`);
  assert.equal(response.status, 404);
  assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  assert.match(await response.text(), /<h1>/);
});
