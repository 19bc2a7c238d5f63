// The reader's tools in Chromium: size, plain mode, colours, reading aloud, leaving, copying. YUGANG
// names the binary that builds the site.
import { test } from "node:test";
import assert from "node:assert/strict";
import { open as openAt, portal } from "./portal.js";

const site = portal();
const REPORT = "reports/2021/04/qingjie-ri-1/";

const open = (path, options) => openAt(site, `/${path}`, { viewport: { width: 360, height: 740 }, ...options });

function textSize(page) {
  return page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("main")).fontSize));
}

test("the text grows in three steps, by keyboard, and stays so on the next page", async () => {
  const page = await open(REPORT);
  await page.locator("details.tools summary").focus();
  await page.keyboard.press("Enter");
  const sizes = [await textSize(page)];
  for (const name of ["大", "特大"]) {
    const button = page.getByRole("button", { name, exact: true });
    await button.focus();
    await page.keyboard.press("Enter");
    assert.equal(await button.getAttribute("aria-pressed"), "true");
    sizes.push(await textSize(page));
  }
  assert.ok(sizes[0] < sizes[1] && sizes[1] < sizes[2], String(sizes));
  await page.goto(`${site.origin}/about/`);
  assert.equal(await textSize(page), sizes[2]);
});

test("the plain mode has large text, large targets and wide lines, and can be left", async () => {
  const page = await open("");
  const button = page.getByRole("button", { name: "长者模式" });
  await button.click();
  assert.ok(await textSize(page) >= 18);
  const small = await page.evaluate(() => {
    const wanted = "button, summary, .site-nav a, .footer-links a, .button, .card h3 a, .more a, .list .title a";
    const targets = Array.from(document.querySelectorAll(wanted)).filter((target) => target.offsetParent);
    return targets.filter((target) => target.getBoundingClientRect().height < 60).map((target) => target.outerHTML.slice(0, 90));
  });
  assert.deepEqual(small, []);
  const leading = await page.evaluate(() => {
    const { fontSize, lineHeight } = getComputedStyle(document.querySelector("main"));
    return parseFloat(lineHeight) / parseFloat(fontSize);
  });
  assert.ok(leading >= 1.5);
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.mode), "elder");
  await button.click();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.mode), undefined);
});

/** How much of the screen a page's header takes, and where its heading begins. */
function measure(page) {
  return page.evaluate(() => ({
    header: document.querySelector(".site-header").getBoundingClientRect().height,
    heading: document.querySelector("h1").getBoundingClientRect().top,
  }));
}

test("on a phone the header leaves two thirds of the screen to the page, in large text too", async () => {
  for (const path of ["", "stations/", "stations/568-haianxian/", "reports/", REPORT]) {
    const plain = await measure(await open(path));
    assert.ok(plain.header <= 250, `${path}: ${plain.header}`);
    const elder = await measure(await open(path, { chosen: { mode: "elder" } }));
    assert.ok(elder.header <= 160, `${path} elder: ${elder.header}`);
    assert.ok(elder.heading <= 260, `${path} elder: ${elder.heading}`);
    for (const size of ["2", "3"]) {
      const large = await measure(await open(path, { chosen: { size } }));
      assert.ok(large.header <= 180, `${path} size ${size}: ${large.header}`);
    }
  }
});

test("in the plain mode on a phone a button unfolds the navigation, by keyboard too", async () => {
  const page = await open("stations/", { chosen: { mode: "elder" } });
  const menu = page.getByRole("button", { name: "菜单" });
  const items = page.locator(".site-nav a");
  assert.equal(await menu.getAttribute("aria-expanded"), "false");
  assert.equal(await items.first().isVisible(), false);
  await menu.focus();
  await page.keyboard.press("Enter");
  assert.equal(await menu.getAttribute("aria-expanded"), "true");
  for (const item of await items.all()) assert.ok((await item.boundingBox()).height >= 60);
  await page.keyboard.press("Space");
  assert.equal(await menu.getAttribute("aria-expanded"), "false");
  assert.equal(await items.first().isVisible(), false);
  // The link that skips to the navigation does not lead into nothing.
  await page.locator(".skip[href='#nav']").focus();
  await page.keyboard.press("Enter");
  assert.equal(await menu.getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.closest("nav").id), "nav");
  await page.getByRole("link", { name: "品牌项目", exact: true }).click();
  await page.waitForURL("**/projects/");
  assert.equal(await items.first().isVisible(), false);
  await page.setViewportSize({ width: 1280, height: 800 });
  assert.equal(await menu.count(), 0);
  assert.equal(await items.first().isVisible(), true);
});

test("in the plain mode on a phone the button of the search leads to its page", async () => {
  const page = await open("about/", { chosen: { mode: "elder" } });
  const button = page.locator(".header-search button");
  assert.equal((await button.textContent()).trim(), "搜索");
  assert.ok((await button.boundingBox()).height >= 60);
  await button.click();
  await page.waitForURL("**/search/?q=");
  assert.ok(await page.locator(".search-line input").isVisible());
});

test("high contrast is kept, and the panel closes by Escape", async () => {
  const page = await open("");
  const summary = page.locator("details.tools summary");
  await summary.click();
  await page.getByRole("button", { name: "高对比" }).click();
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(0, 0, 0)");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.querySelector("details.tools").open), false);
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.scheme), "contrast");
});

// Headless browsers have no voice: this one notes what it is to say.
const VOICE = () => {
  const spoken = [];
  window.spoken = spoken;
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const voice = {
    speak(utterance) { spoken.push(utterance.text); this.current = utterance; if (utterance.onstart) utterance.onstart(); },
    pause() { spoken.push("(pause)"); },
    resume() { spoken.push("(resume)"); },
    cancel() {},
  };
  Object.defineProperty(window, "speechSynthesis", { value: voice });
};

test("a report is read aloud by keyboard, passage by passage, with pause, resume and stop", async () => {
  const context = await site.browser.newContext();
  await context.addInitScript(VOICE);
  const page = await context.newPage();
  await page.goto(`${site.origin}/${REPORT}`);
  const play = page.locator("[data-reader] button").first();
  await play.focus();
  await page.keyboard.press("Enter");
  assert.equal((await play.textContent()).trim(), "暂停");
  const heading = (await page.locator("h1").textContent()).trim();
  assert.equal(await page.evaluate(() => window.spoken[0].trim()), heading);
  assert.equal(await page.locator(".reading").count(), 1);
  await page.keyboard.press("Enter");
  assert.equal((await play.textContent()).trim(), "继续");
  await page.keyboard.press("Enter");
  assert.deepEqual(await page.evaluate(() => window.spoken.slice(1)), ["(pause)", "(resume)"]);
  await page.evaluate(() => window.speechSynthesis.current.onend());
  assert.equal(await page.evaluate(() => window.spoken.length), 4);
  await page.getByRole("button", { name: "停止" }).click();
  assert.equal((await play.textContent()).trim(), "朗读");
  assert.equal(await page.locator(".reading").count(), 0);
});

/** Everything that is said of a page, from its title to its end. */
async function said(path, width) {
  const context = await site.browser.newContext({ viewport: { width, height: 800 } });
  await context.addInitScript(VOICE);
  const page = await context.newPage();
  await page.goto(`${site.origin}/${path}`);
  const play = page.locator("[data-reader] button").first();
  await play.click();
  const spoken = await page.evaluate((word) => {
    const label = document.querySelector("[data-reader] button");
    while (label.textContent.trim() !== word) window.speechSynthesis.current.onend();
    return window.spoken.map((text) => text.trim());
  }, "朗读");
  await context.close();
  return spoken;
}

test("what is read aloud is the article as it is seen: no buttons, no contents, nothing twice", async () => {
  const report = await said(REPORT, 1280);
  assert.ok(report.length > 10, report.join());
  const tools = report.filter((text) => /朗读|暂停|停止|打印|复制链接/.test(text));
  assert.deepEqual(tools, []);
  const station = "stations/568-haianxian/";
  const uses = (spoken) => spoken.filter((text) => /^\d\d:\d\d–\d\d:\d\d/.test(text)).length;
  const [wide, narrow] = [await said(station, 1280), await said(station, 360)];
  assert.ok(uses(wide) > 0);
  // On a phone the days of the week are folded, but for one.
  assert.ok(uses(narrow) > 0 && uses(narrow) < uses(wide), `${uses(narrow)} of ${uses(wide)}`);
  for (const spoken of [wide, narrow]) {
    assert.deepEqual(spoken.filter((text) => /高德地图|百度地图|朗读|复制链接/.test(text)), []);
  }
  const long = await said("documents/2021/qunzhong-gaige-fangan/", 1280);
  const headings = long.filter((text) => /指导思想/.test(text));
  assert.equal(new Set(headings).size, headings.length, headings.join());
});

test("a link that leads away asks first and takes no for an answer", async () => {
  const page = await open("");
  await page.evaluate(() => {
    document.querySelector("main").insertAdjacentHTML("beforeend", '<a id="away" href="https://example.com/x">外站</a>');
  });
  await page.locator("#away").focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  assert.match(await dialog.textContent(), /您访问的链接即将离开“沈家门街道群团工作门户”网站，是否继续？/);
  assert.match(await dialog.textContent(), /https:\/\/example\.com\/x/);
  await page.getByRole("button", { name: "放弃" }).click();
  assert.equal(await dialog.count(), 0);
  assert.equal(page.url(), `${site.origin}/`);
  assert.equal(await page.evaluate(() => document.activeElement.id), "away");
  await page.route("https://example.com/x", (route) => route.fulfill({ contentType: "text/html", body: "外站" }));
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "继续访问" }).click();
  await page.waitForURL("https://example.com/x");
});

test("the address of a page is copied, and that is said", async () => {
  const page = await open(REPORT, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.getByRole("button", { name: "复制链接" }).click();
  await page.getByText("链接已复制").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
});

test("without script there are no dead buttons and everything can be read", async () => {
  const page = await open(REPORT, { javaScriptEnabled: false });
  // That of the search leads to a page that says what it needs.
  assert.equal(await page.locator("button:visible:not([type=submit])").count(), 0);
  assert.ok(await page.locator(".body").isVisible());
  assert.ok(await page.locator(".site-nav a").first().isVisible());
});

test("a printed page carries its source, its address and a QR code, and no navigation", async () => {
  const page = await open(REPORT);
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".imprint svg.qr").isVisible());
  assert.match(await page.locator(".imprint").innerText(), /来源：[\s\S]*网址：https:\/\/example\.org\/reports/);
  for (const gone of [".site-nav", ".header-search", ".header-tools", ".page-tools", ".site-footer"]) {
    assert.equal(await page.locator(gone).isVisible(), false, gone);
  }
});
