// The preview in Chromium: the real program, the repository's own content, files that change.
import { after, afterEach, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { FLAGS, binary, executablePath, root as repository } from "./portal.js";

/** A folder for pictures of what the tests see; none by default. */
const pictures = process.env.PICTURES;
const FIRST = "content/organizations/fulian.md";
const SECOND = "content/pages/about.md";
const STYLE = "themes/harbor/assets/main.css";

let root;
let preview;
let origin;
let browser;
let context;
let page;
let noise;

const path = (file) => join(root, file);
const read = (file) => readFileSync(path(file), "utf8");

/** Writes a file as editors do: beside the old one, which it then replaces. */
function save(file, text) {
  writeFileSync(`${root}.new`, text);
  renameSync(`${root}.new`, path(file));
}

function edit(file, change) {
  save(file, change(read(file)));
}

/** Runs the preview and returns where it says that it is. */
function start() {
  const args = ["serve", "--port", "0", "--root", root, "--lang", "zh"];
  preview = spawn(binary, args, { stdio: ["ignore", "ignore", "pipe"] });
  return new Promise((resolve, reject) => {
    let said = "";
    preview.stderr.on("data", (chunk) => {
      said += chunk;
      const found = said.match(/网站预览 {2}(http:\/\/127\.0\.0\.1:\d+)/);
      if (found) resolve(found[1]);
    });
    preview.on("exit", () => reject(new Error(said)));
  });
}

function listen(page) {
  page.on("console", (message) => {
    // The content of this repository has no icon; browsers ask for one all the same.
    const isIcon = message.location().url.endsWith("/favicon.ico");
    if (message.type() === "error" && !isIcon) noise.push(message.text());
  });
  page.on("pageerror", (error) => noise.push(String(error)));
}

async function open(url, viewport = { width: 1280, height: 800 }) {
  await page.setViewportSize(viewport);
  await page.goto(origin + url);
  await page.waitForFunction(() => document.querySelector("#yugang-preview:not([hidden])"));
}

/** Marks the page, so that a page that was loaded again can be told from it. */
const mark = (tab) => tab.evaluate(() => (window.same = true));
const isSame = (tab) => tab.evaluate(() => window.same === true);
const shows = (tab, text) => tab.waitForFunction((text) => document.querySelector("main").textContent.includes(text), text);

async function picture(name, viewports = [1280, 390]) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  for (const width of viewports) {
    await page.setViewportSize({ width, height: width > 500 ? 800 : 780 });
    // Taking a picture adds styles that the page's policy forbids, and the browser says so.
    const before = noise.length;
    await page.screenshot({ path: join(pictures, `${name}-${width}.png`) });
    await page.waitForTimeout(100);
    noise.length = before;
  }
}

before(async () => {
  browser = await chromium.launch({ executablePath, args: FLAGS });
});

after(() => browser?.close());

beforeEach(async () => {
  root = join(mkdtempSync(join(tmpdir(), "渔港 serve ")), "网站 site");
  mkdirSync(root);
  for (const name of ["site.yaml", "content", "themes"]) cpSync(join(repository, name), path(name), { recursive: true });
  noise = [];
  context = await browser.newContext();
  page = await context.newPage();
  listen(page);
});

afterEach(async () => {
  await context.close();
  preview.kill("SIGINT");
  rmSync(join(root, ".."), { recursive: true, force: true });
});

test("the open page shows an edit by itself and stays where it was", async () => {
  origin = await start();
  await open("/documents/2021/qunzhong-gaige-fangan/");
  await mark(page);
  await page.evaluate(() => window.scrollTo({ top: 1500, behavior: "instant" }));
  edit("content/documents/2021/qunzhong-gaige-fangan.md", (text) => `${text}\n这是刚刚写下的一段。\n`);
  await shows(page, "这是刚刚写下的一段。");
  assert.equal(await isSame(page), false);
  await page.waitForFunction(() => window.scrollY === 1500);
  await picture("badge");
  assert.deepEqual(noise, []);
});

test("a style sheet with a digest changes under the strictest policy", async () => {
  const policy = "default-src 'none'; base-uri 'none'; form-action 'self'; connect-src 'self'; font-src 'self'; img-src 'self' data:; manifest-src 'self'; media-src 'self'; script-src 'self'; style-src 'self'";
  edit("themes/harbor/templates/shared-assets.html", (text) => {
    const link = /<link rel="stylesheet" href="\{\{ asset\(path="main.css"\) \}\}"[^>]*>/;
    assert.match(text, link);
    const sheet = '<link rel="stylesheet" href="{{ asset(path="main.css") }}" integrity="{{ integrity(path="main.css") }}">';
    return text.replace(link, `<meta http-equiv="Content-Security-Policy" content="${policy}">\n${sheet}`);
  });
  origin = await start();
  await open("/about/");
  await mark(page);
  assert.match(await page.locator("head link[rel=stylesheet]").getAttribute("integrity"), /^sha384-/);
  edit(STYLE, (text) => `${text}\nh1 { color: rgb(1, 2, 3); }\n`);
  await page.waitForFunction(() => getComputedStyle(document.querySelector("h1")).color === "rgb(1, 2, 3)");
  edit(STYLE, (text) => text.replace("rgb(1, 2, 3)", "rgb(3, 2, 1)"));
  await page.waitForFunction(() => getComputedStyle(document.querySelector("h1")).color === "rgb(3, 2, 1)");
  assert.equal(await isSame(page), true);
  save(STYLE, read(STYLE).replace("h1 { color: rgb(3, 2, 1); }", "h1 { color: rgb(3, 2, 1);"));
  const sheet = page.getByRole("dialog");
  await sheet.waitFor();
  assert.match(await sheet.innerText(), /themes\/harbor\/assets\/main\.css:\d+:\d+/);
  assert.deepEqual(noise, []);
});

test("a page that did not change is not loaded again", async () => {
  origin = await start();
  await open("/organizations/fulian/");
  const other = await context.newPage();
  listen(other);
  await other.goto(`${origin}/about/`);
  await mark(page);
  await mark(other);
  edit(FIRST, (text) => `${text}\n只改了这一页。\n`);
  await shows(page, "只改了这一页。");
  assert.equal(await isSame(other), true);
  await mark(page);
  edit(SECOND, (text) => `${text}\n又改了那一页。\n`);
  await shows(other, "又改了那一页。");
  assert.equal(await isSame(page), true);
  assert.deepEqual(noise, []);
});

test("a site that is broken at first opens by itself", async () => {
  const good = read(FIRST);
  save(FIRST, good.replace(/^kind: .*$/m, "kind: womens_federatoin"));
  origin = await start();
  await open("/about/");
  assert.equal(await page.locator("h1").innerText(), "网站还有错误");
  await page.waitForFunction(() => document.querySelector("#yugang-waiting").textContent.includes("womens_federatoin"));
  await picture("waiting");
  save(FIRST, good);
  await page.waitForFunction(() => document.title.startsWith("关于"));
  assert.deepEqual(noise.filter((text) => !text.includes("503 (Service Unavailable)")), []);
});

test("the status page follows what happens", async () => {
  save("content/pages/draft.md", "---\ntitle: 还没写完的一页\ndraft: true\n---\n");
  save("content/pages/later.md", "---\ntitle: 明年的活动\npublish_on: 2999-01-01\n---\n");
  origin = await start();
  await page.goto(`${origin}/_yugang/`);
  await shows(page, "还没写完的一页");
  await shows(page, "明年的活动");
  await mark(page);
  await picture("status");
  edit(FIRST, (text) => text.replace(/^kind: .*$/m, "kind: womens_federatoin"));
  await shows(page, "womens_federatoin");
  await picture("status-broken");
  assert.equal(await isSame(page), true);
  assert.deepEqual(noise, []);
});
