// The browser side of the preview: the real scripts and styles, a server that says what it is told.
import { after, afterEach, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { FLAGS, assertAccessible as assertAxe, executablePath } from "./portal.js";

const source = fileURLToPath(new URL("../../src/preview", import.meta.url));
/** The policy of the theme's pages, which they carry in a `<meta>`. */
const CSP = "default-src 'none'; base-uri 'none'; form-action 'self'; connect-src 'self'; font-src 'self'; img-src 'self' data:; manifest-src 'self'; media-src 'self'; script-src 'self'; style-src 'self'";
const SHEETS = {
  "/assets/main.1.css": "body { color: rgb(1, 1, 1) } div { margin: 40px; color: red }",
  "/assets/main.2.css": "body { color: rgb(2, 2, 2) }",
};
/** A folder for pictures of what the tests see; none by default. */
const pictures = process.env.PICTURES;

const rust = readFileSync(join(source, "pages.rs"), "utf8");
const wordsSource = readFileSync(join(source, "words.rs"), "utf8");

/** The files of which `pages.rs` makes one, joined as it joins them. */
function joined(constant) {
  const list = rust.match(new RegExp(`const ${constant}: &str = concat!\\(([^;]*)\\);`))[1];
  return [...list.matchAll(/include_str!\("([^"]+)"\)/g)].map(([, file]) => readFileSync(join(source, file), "utf8")).join("");
}

function words(lang) {
  const found = wordsSource.matchAll(/^ {4}(\w+): "((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)";$/gm);
  return Object.fromEntries([...found].map(([, key, zh, en]) => [key, lang === "zh" ? zh : en]));
}

function script(constant, lang) {
  return `(function () {\n"use strict";\nconst words = ${JSON.stringify(words(lang))};\n${joined(constant)}})();\n`;
}

const PROBLEM = {
  severity: "error", label: "错误", code: "unknown-reference",
  message: "没有名为 `<img src=x onerror=window.broken=1>` 的组织",
  hints: ["是不是 `fulian`（街道妇联）？"],
  file: "content/reports/2021/清洁日 1.md", path: "/网站/qt/content/reports/2021/清洁日 1.md", line: 5, column: 17,
  excerpt: { before: "organizations: [", marked: "<img src=x onerror=window.broken=1>", after: "]" },
  related: [{ message: "相近的 `fulian` 在这里", file: "content/organizations/fulian.md", path: "/网站/qt/content/organizations/fulian.md", line: 2, column: 1, excerpt: { before: "", marked: "title: 街道妇联", after: "" } }],
};
const LONG = {
  ...PROBLEM, code: "broken-link", message: "链接指向的文件不存在：`../不存在的文件.md`", related: [], hints: ["请检查文件名，或删去这个链接"],
  excerpt: { before: "长".repeat(60), marked: "../不存在的文件.md", after: "）。".repeat(40) },
};
const WARNING = { ...PROBLEM, severity: "warning", label: "警告", code: "missing-alt", message: "图片没有说明文字", related: [] };
const NOTE = { severity: "note", label: "提示", code: "vacant-post", message: "职位 `秘书长` 空缺", hints: [] };

function told(items) {
  const count = (severity) => items.filter((item) => item.severity === severity).length;
  return { build: 7, lang: "zh-CN", errors: count("error"), warnings: count("warning"), notes: count("note"), site: true, more: 0, items };
}

const entry = (title, more) => ({ title, kind: "活动报告", file: `content/reports/2021/${title}.md`, url: `/reports/2021/${title}/`, date: null, keys: [], ...more });
const STATUS = {
  build: 7, base: "/", root: "/网站/qt", lang: "zh-CN", title: "沈家门街道群团", built_at: "2026-11-25 10:01:07",
  next_due: "2026-12-01 00:00", pages: 14000, rendered: 3,
  stages: [{ label: "读取文件", milliseconds: 12.4 }, { label: "解析", milliseconds: 3.21 }, { label: "生成页面", milliseconds: 31 }],
  drafts: [entry("还没有写完的报告<b>", { url: null })], not_yet_due: [entry("元旦活动", { date: "2026-12-01" })], expired: [],
  samples: [entry("清洁日", { keys: ["hours", "location"] }), entry("示例活动")],
  site_map: Array.from({ length: 14000 }, (_, at) => ({ url: `/reports/${encodeURIComponent("报告")}-${at}/`, file: at % 3 ? `content/reports/2021/报告-${at}.md` : null })),
};

/** What the server says at the moment. */
let now;
let streams;
let asked;
let server;
let origin;
let browser;
let context;
let page;
let noise;
/** Whether a tool of the tests is at work in the page, which adds styles that its policy forbids. */
let isForeign;

function html({ version, lang = "zh" }) {
  const sheet = now.pageStyles["main.css"];
  const client = `<script src="/_yugang/client.js" defer data-page="${version}" data-path="/a/" data-source="content/reports/2021/清洁日 1.md" data-file="/网站/qt/content/reports/2021/清洁日 1.md" data-styles='${JSON.stringify(now.pageStyles)}'></script>`;
  const paragraphs = Array.from({ length: 80 }, (_, at) => `<p>第 ${at} 段。<a href="#${at}">链接</a></p>`).join("\n");
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>报告</title><meta http-equiv="Content-Security-Policy" content="${CSP}"><link rel="stylesheet" media="screen" href="${sheet}" integrity="sha384-${createHash("sha384").update(SHEETS[sheet] ?? "").digest("base64")}"></head><body><header><nav aria-label="导航"><a href="/">首页</a></nav></header><main><h1>版本 ${version}</h1><details><summary>更多</summary><p>内容</p></details>${paragraphs}</main>${client}</body></html>`;
}

const STATUS_PAGE = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>预览状态</title><link rel="stylesheet" href="/_yugang/status.css"><script src="/_yugang/status.js" defer></script></head><body><main id="status"><h1>预览状态</h1></main></body></html>`;

const WAITING_PAGE = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>网站还有错误</title><link rel="stylesheet" href="/_yugang/status.css"></head><body><main class="waiting"><h1>网站还有错误</h1><p class="lead">网站的文件中有错误，所以现在还没有页面可以显示。请按下面的提示修改并保存文件；全部改好以后，页面会自动打开。</p><div id="yugang-waiting"><ol class="problems"></ol></div></main><script src="/_yugang/client.js" defer data-page="" data-path="/a/" data-source="" data-file="" data-styles="{}"></script></body></html>`;

async function answer(url) {
  switch (url.pathname) {
    case "/_yugang/client.js": return ["text/javascript", script("CLIENT_SCRIPT", now.lang)];
    case "/_yugang/client.css": return ["text/css", joined("CLIENT_STYLE")];
    case "/_yugang/status.js": return ["text/javascript", script("STATUS_SCRIPT", now.lang)];
    case "/_yugang/status.css": return ["text/css", joined("STATUS_STYLE")];
    case "/_yugang/problems.json": return ["application/json", JSON.stringify(await now.problems())];
    case "/_yugang/status.json": return ["application/json", JSON.stringify(now.status)];
    case "/_yugang/": return ["text/html", STATUS_PAGE];
    case "/assets/main.1.css":
    case "/assets/main.2.css": return ["text/css", SHEETS[url.pathname]];
    case "/favicon.ico": return ["image/png", ""];
    default: return ["text/html", now.waiting ? WAITING_PAGE : html({ version: now.served ?? now.state.page })];
  }
}

async function listen(port = 0) {
  server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    asked.push(url.pathname);
    if (url.pathname === "/_yugang/events") {
      now.path = url.searchParams.get("path");
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write(`event: state\ndata: ${JSON.stringify(now.state)}\n\n`);
      streams.push(response);
      return;
    }
    if (url.pathname === "/assets/main.9.css") return response.writeHead(404).end();
    const [type, body] = await answer(url);
    response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "content-security-policy": CSP, "cache-control": "no-store" });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
}

function tell(change) {
  now.state = { ...now.state, build: now.state.build + 1, ...change };
  for (const stream of streams) stream.write(`event: state\ndata: ${JSON.stringify(now.state)}\n\n`);
}

function say(items, change = {}) {
  const problems = told(items);
  now.problems = () => problems;
  const { errors, warnings } = problems;
  tell({ errors, warnings, problems: JSON.stringify(items).length + "-" + items.length, ...change });
}

function stop() {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}

async function open(path = "/a/", viewport = { width: 1280, height: 800 }) {
  await page.setViewportSize(viewport);
  await page.goto(origin + path);
  await page.waitForFunction(() => !document.querySelector("#yugang-preview, #status") || document.querySelector("#yugang-preview:not([hidden]), .menu ul"));
}

const asksFor = (path) => asked.filter((url) => url === path).length;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function asForeign(work) {
  isForeign = true;
  const done = await work();
  await pause(50);
  isForeign = false;
  return done;
}

async function picture(name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await asForeign(() => page.screenshot({ path: join(pictures, `${name}.png`) }));
}

async function assertAccessible() {
  assert.deepEqual(noise, []);
  await asForeign(() => assertAxe(page, "the preview", true));
}

async function assertFits() {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `scrolls ${overflow} px sideways`);
  const wide = await page.evaluate(() => {
    const host = document.querySelector("#yugang-preview");
    const all = (host ? host.shadowRoot : document).querySelectorAll("*");
    const inScroller = (one) => one.parentElement && one.parentElement.closest(".excerpt, .unseen");
    return [...all].filter((one) => !inScroller(one) && one.getBoundingClientRect().right > window.innerWidth + 1).map((one) => one.outerHTML.slice(0, 80));
  });
  assert.deepEqual(wide, []);
}

before(async () => {
  browser = await chromium.launch({ executablePath, args: FLAGS });
});

after(() => browser?.close());

beforeEach(async () => {
  streams = [];
  asked = [];
  noise = [];
  isForeign = false;
  now = {
    lang: "zh", status: STATUS, problems: () => told([]), waiting: false,
    pageStyles: { "main.css": "/assets/main.1.css" },
    state: { build: 7, page: "one", styles: { "main.css": "/assets/main.1.css" }, errors: 0, warnings: 0, problems: "none", site: true },
  };
  await listen();
  context = await browser.newContext();
  page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && !isForeign && noise.push(message.text()));
  page.on("pageerror", (error) => noise.push(String(error)));
});

afterEach(async () => {
  await context.close();
  await stop();
});

test("a page is loaded again only when it changed, and stays where it was", async () => {
  await open();
  assert.equal(now.path, "/a/");
  await page.evaluate(() => {
    window.same = true;
    document.querySelector("details").open = true;
    document.querySelectorAll("main a")[20].focus();
    window.scrollTo(0, 900);
  });
  tell({});
  await pause(200);
  assert.equal(await page.evaluate(() => window.same), true);
  tell({ page: "two" });
  await page.waitForFunction(() => document.querySelector("h1")?.textContent === "版本 two" && !window.same);
  await page.waitForFunction(() => window.scrollY === 900);
  assert.equal(await page.evaluate(() => document.querySelector("details").open), true);
  assert.equal(await page.evaluate(() => document.activeElement.hash), "#20");
  await page.goto(origin + "/a/?again");
  assert.equal(await page.evaluate(() => window.scrollY), 0);
  assert.deepEqual(noise, []);
});

test("an answer that stays different is not loaded over and over", async () => {
  await open();
  now.served = "one";
  tell({ page: "other" });
  await pause(1500);
  assert.equal(asksFor("/a/"), 3);
});

test("a style sheet is swapped in place", async () => {
  await open();
  await page.evaluate(() => (window.same = true));
  tell({ styles: { "main.css": "/assets/main.2.css" } });
  await page.waitForFunction(() => getComputedStyle(document.body).color === "rgb(2, 2, 2)");
  await page.waitForFunction(() => document.querySelectorAll("link[rel=stylesheet]").length === 1);
  assert.equal(await page.evaluate(() => window.same), true);
  assert.equal(await page.locator("head link").getAttribute("media"), "screen");
  assert.deepEqual(noise, []);
  const missing = page.waitForResponse(/main\.9\.css/);
  tell({ styles: { "main.css": "/assets/main.9.css" } });
  await missing;
  await page.waitForFunction(() => document.querySelectorAll("link[rel=stylesheet]").length === 1);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), "rgb(2, 2, 2)");
  assert.equal(await page.evaluate(() => window.same), true);
});

test("errors appear over the page, can be folded, and vanish", async () => {
  await open();
  await page.evaluate(() => (window.same = true));
  say([PROBLEM, LONG, WARNING, NOTE]);
  const sheet = page.getByRole("dialog");
  await sheet.waitFor();
  assert.match(await sheet.innerText(), /没有名为 <img src=x onerror=window.broken=1> 的组织/);
  assert.match(await sheet.innerText(), /content\/reports\/2021\/清洁日 1\.md:5:17/);
  assert.match(await sheet.innerText(), /帮助：是不是 fulian（街道妇联）？/);
  assert.match(await sheet.innerText(), /页面仍是上一次正确的样子/);
  assert.match(await sheet.innerText(), /另有 1 个警告，1 个提示/);
  assert.equal(await sheet.locator("img").count(), 0);
  assert.equal(await page.evaluate(() => window.broken), undefined);
  assert.equal(await sheet.getByRole("link", { name: "在编辑器中打开" }).first().getAttribute("href"),
    `vscode://file/${encodeURIComponent("网站")}/qt/content/reports/2021/${encodeURIComponent("清洁日 1.md")}:5:17`);
  await page.waitForFunction(() => document.querySelector("#yugang-preview").shadowRoot.activeElement?.id === "title");
  await assertAccessible();
  await picture("overlay-1280");

  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });
  const badge = page.getByRole("button", { name: "查看2 个错误" });
  await badge.waitFor();
  await picture("folded-1280");
  tell({});
  await page.reload();
  await badge.waitFor();
  assert.equal(await sheet.isVisible(), false);
  await badge.press("Enter");
  await sheet.waitFor();
  await sheet.getByRole("button", { name: "收起" }).click();
  await sheet.waitFor({ state: "hidden" });
  say([PROBLEM]);
  await sheet.waitFor();
  say([]);
  await sheet.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "预览" }).waitFor();
  assert.deepEqual(noise, []);
});

test("of several problems at once only the latest are shown", async () => {
  await open();
  let answerFirst;
  now.problems = () => new Promise((resolve) => (answerFirst = resolve));
  tell({ errors: 1, problems: "first" });
  while (!answerFirst) await pause(10);
  say([LONG]);
  const sheet = page.getByRole("dialog");
  await sheet.waitFor();
  answerFirst(told([PROBLEM]));
  await pause(200);
  assert.match(await sheet.innerText(), /链接指向的文件不存在/);
  say([]);
  await sheet.waitFor({ state: "hidden" });
});

test("a path is copied, also without the clipboard interface", async () => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  say([PROBLEM]);
  for (const [way, path] of [PROBLEM.path, PROBLEM.related[0].path].entries()) {
    if (way === 1) await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await open();
    const sheet = page.getByRole("dialog");
    await sheet.getByRole("button", { name: "复制路径" }).nth(way).click();
    await sheet.getByRole("button", { name: "已复制" }).waitFor();
    const other = await context.newPage();
    await other.setContent("<textarea></textarea>");
    await other.focus("textarea");
    await other.keyboard.press("Control+V");
    assert.equal(await other.inputValue("textarea"), path);
    await other.close();
  }
  assert.deepEqual(noise, []);
});

test("the corner names the source of the page and leaves the layout alone", async () => {
  await page.route("**/client.js", (route) => route.abort());
  await page.goto(origin + "/a/");
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  const plain = await height();
  await page.unroute("**/client.js");
  noise.length = 0;
  now.state.warnings = 2;
  await open();
  assert.equal(await height(), plain);
  const button = page.getByRole("button", { name: "预览，2 个警告" });
  await button.focus();
  await page.keyboard.press("Enter");
  assert.equal(await button.getAttribute("aria-expanded"), "true");
  const panel = page.getByRole("region", { name: "本页的来源" });
  assert.match(await panel.innerText(), /content\/reports\/2021\/清洁日 1\.md/);
  assert.match(await panel.innerText(), /2 个警告/);
  assert.equal(await panel.getByRole("link", { name: "预览状态" }).getAttribute("href"), "/_yugang/");
  await assertAccessible();
  await picture("panel-1280");
  await page.setViewportSize({ width: 390, height: 800 });
  await picture("panel-390");
  await page.keyboard.press("Escape");
  assert.equal(await button.getAttribute("aria-expanded"), "false");
  await page.emulateMedia({ media: "print" });
  assert.equal(await button.isVisible(), false);
  assert.deepEqual(noise, []);
});

test("problems fit a narrow screen", async () => {
  say([PROBLEM, LONG, WARNING]);
  await open("/a/", { width: 320, height: 700 });
  await page.getByRole("dialog").waitFor();
  await assertFits();
  await picture("overlay-320");
  await page.setViewportSize({ width: 390, height: 844 });
  await picture("overlay-390");
});

test("a preview that is gone says so, and comes back by itself", async () => {
  await open();
  await page.evaluate(() => (window.same = true));
  const { port } = server.address();
  await stop();
  await page.getByText("预览已断开").waitFor();
  await picture("gone-1280");
  assert.equal(await page.evaluate(() => window.same), true);
  streams = [];
  now.state.page = "two";
  await listen(port);
  await page.waitForFunction(() => document.querySelector("h1")?.textContent === "版本 two", null, { timeout: 20000 });
  assert.equal(await page.getByText("预览已断开").count(), 0);
});

test("the page without a site lists the problems itself and opens when there is one", async () => {
  now.waiting = true;
  now.state = { ...now.state, page: "", site: false };
  say([PROBLEM, NOTE]);
  await open();
  const list = page.locator("#yugang-waiting");
  await list.getByText("unknown-reference").waitFor();
  assert.match(await list.innerText(), /另有 1 个提示，见 预览状态/);
  assert.equal(await page.getByRole("dialog").isVisible(), false);
  assert.equal(await page.getByRole("button", { name: "预览" }).isVisible(), false);
  await assertAccessible();
  await picture("waiting-1280");
  say([LONG]);
  await list.getByText("broken-link").waitFor();
  now.waiting = false;
  say([], { site: true });
  await page.waitForFunction(() => !document.querySelector("#yugang-waiting"));
});

test("the status page tells everything and stays quick with 14 000 pages", async () => {
  const problems = told([PROBLEM, LONG, WARNING, NOTE]);
  now.problems = () => problems;
  await open("/_yugang/");
  assert.equal(await page.locator("h1").innerText(), "预览状态 · 沈家门街道群团");
  const text = await page.locator("main").innerText();
  for (const part of ["有错误，网站仍是上一次正确的样子", "还没有写完的报告<b>", "2026-12-01 发布", "没有下线的内容", "示例的是：hours, location", "整篇都是示例", "2026-11-25 10:01:07", "3 页，共 14000 页", "3.2 毫秒", "/reports/报告-1/"]) {
    assert.ok(text.includes(part), `lacks ${part}`);
  }
  assert.equal(await page.locator("#site_map .rows > li").count(), 200);
  await page.getByRole("button", { name: "再显示 200 项" }).click();
  assert.equal(await page.locator("#site_map .rows > li").count(), 400);
  await page.getByRole("searchbox").fill("报告-1399");
  await page.getByText("找到 11 页").waitFor();
  assert.equal(await page.locator("#site_map .rows > li").count(), 11);
  now.status = { ...STATUS, built_at: "2026-11-25 10:02:00" };
  tell({});
  await page.getByText("2026-11-25 10:02:00").waitFor();
  assert.equal(await page.locator("#site_map .rows > li").count(), 11);
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  await assertAccessible();
  await page.evaluate(() => window.scrollTo(0, 0));
  await picture("status-1280");
  await page.setViewportSize({ width: 320, height: 800 });
  await assertFits();
  assert.deepEqual(noise, []);
});

for (const width of [390, 1280]) {
  test(`pictures of the status page at ${width}`, { skip: !pictures }, async () => {
    now.status = { ...STATUS, site_map: STATUS.site_map.slice(0, 5) };
    const problems = told([LONG, WARNING, NOTE]);
    now.problems = () => problems;
    await open("/_yugang/", { width, height: 800 });
    await page.screenshot({ path: join(pictures, `status-full-${width}.png`), fullPage: true });
  });
}

test("the words are English where the preview is", async () => {
  now.lang = "en";
  say([{ ...PROBLEM, label: "error" }]);
  await open();
  const sheet = page.getByRole("dialog", { name: "1 error" });
  await sheet.waitFor();
  assert.match(await sheet.innerText(), /Help: /);
  await sheet.getByRole("button", { name: "Fold" }).click();
  await page.getByRole("button", { name: "Show 1 error" }).waitFor();
});

test("paths of Windows are copied as they are and opened as links", async () => {
  now.status = { ...STATUS, root: "C:\\网站\\qt" };
  const path = "D:\\网站\\content\\a 1.md";
  const problems = told([{ ...PROBLEM, path, related: [] }]);
  now.problems = () => problems;
  await open("/_yugang/");
  const site = encodeURIComponent("网站");
  const links = page.getByRole("link", { name: "在编辑器中打开" });
  assert.equal(await links.first().getAttribute("href"), `vscode://file/D:/${site}/content/a%201.md:5:17`);
  const draft = encodeURIComponent("还没有写完的报告<b>.md");
  assert.equal(await links.nth(1).getAttribute("href"), `vscode://file/C:/${site}/qt/content/reports/2021/${draft}`);
});

test("the scripts use no syntax that Safari 13 and Chromium 80 do not know", () => {
  for (const constant of ["CLIENT_SCRIPT", "STATUS_SCRIPT"]) {
    const newer = joined(constant).match(/\?\.[a-z([]|\?\?|\|\|=|&&=|replaceChildren|\.at\(|replaceAll|^\s*static /im);
    assert.equal(newer && newer[0], null);
  }
  for (const constant of ["CLIENT_STYLE", "STATUS_STYLE"]) {
    const newer = joined(constant).replace(/\/\*[^]*?\*\//g, "").match(/[ ;{]gap:|inset:|:focus-visible|:is\(|:where\(|clamp\(|:has\(/);
    assert.equal(newer && newer[0], null);
  }
});
