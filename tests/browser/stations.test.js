// The list of stations and a station's page in Chromium, as residents use them.
import { test } from "node:test";
import assert from "node:assert/strict";
import { close, open as openAt, portal, tabTo } from "./portal.js";

const site = portal();
const THURSDAY = "2021-05-20T09:05:00+08:00";
const HERE = { latitude: 29.9465, longitude: 122.283 };

/** A page at a moment, of a reader in New York, for whom the site's time zone holds too. */
const open = (path, options) => openAt(site, path, { at: THURSDAY, timezoneId: "America/New_York", ...options });

const shown = (page) => page.locator(".station-item:not([hidden])");
const status = (page) => page.locator(".station-found").textContent();
const attempt = (page) => page.locator(".station-attempt").textContent();

test("a station that is open now is found with the keyboard alone", async () => {
  const page = await open("/stations/", { at: "2021-05-22T20:30:00+08:00" });
  const all = await shown(page).count();
  assert.ok(all >= 25);
  assert.match(await status(page), new RegExp(`^共找到 ${all} 个服务站点`));
  await tabTo(page, "[name=open]");
  await page.keyboard.press("Space");
  const marks = await shown(page).locator(".open-state").allTextContents();
  assert.deepEqual(marks, ["开放中，到 22:00"]);
  assert.match(await status(page), /^共找到 1 个服务站点/);
  await tabTo(page, ".station-more summary");
  await page.keyboard.press("Enter");
  await tabTo(page, ".station-filter [type=submit]");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.className), "station-found");
  await tabTo(page, ".station-item h3 a");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/stations/shangquan/");
  assert.equal(await page.locator(".station-open .open-state").textContent(), "开放中，到 22:00");
  await page.goBack();
  assert.ok(page.url().endsWith("/stations/?open=1"));
  assert.equal(await shown(page).count(), 1);
  await close(page);
});

test("filters are in the address, can be shared and cleared", async () => {
  const page = await open("/stations/?community=shequ-05&service=%E6%B3%95%E5%BE%8B%E7%BB%B4%E6%9D%83");
  assert.equal(await shown(page).count(), 1);
  assert.equal(await page.locator("#station-community").inputValue(), "shequ-05");
  const more = page.locator(".station-more summary");
  assert.equal(await more.textContent(), "更多条件（已选 2 项）");
  await more.click();
  await page.selectOption("#station-service", "");
  assert.equal(await more.textContent(), "更多条件（已选 1 项）");
  assert.equal(await shown(page).count(), 2);
  assert.ok(page.url().endsWith("/stations/?community=shequ-05"));
  await page.selectOption("#station-kind", "womens_home");
  assert.equal(await shown(page).count(), 0);
  assert.match(await status(page), /没有符合条件的服务站点/);
  await page.getByRole("button", { name: "清除条件" }).click();
  assert.ok((await shown(page).count()) >= 25);
  assert.ok(page.url().endsWith("/stations/"));
  assert.equal(await more.textContent(), "更多条件");
  assert.equal(await page.getByRole("button", { name: "清除条件" }).count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.className), "station-found");
  await close(page);
});

test("on a phone the first station is in sight, and a station's page begins with what people come for", async () => {
  const page = await open("/stations/");
  assert.ok((await page.locator(".station-item").first().boundingBox()).y < 720);
  assert.ok((await page.evaluate(() => document.documentElement.scrollHeight)) < 6000);
  assert.equal(await page.locator("#station-kind").isVisible(), false);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator("#station-kind").waitFor();
  assert.equal(await page.locator(".station-more summary").isVisible(), false);
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(`${site.origin}/stations/shequ-03/`);
  for (const first of [".station-open .open-state", ".station-today", ".station-call a", ".station-address", ".station-route a"]) {
    assert.ok((await page.locator(first).first().boundingBox()).y < 760, first);
  }
  await page.goto(`${site.origin}/stations/568-haianxian/`);
  assert.ok((await page.evaluate(() => document.documentElement.scrollHeight)) < 5500);
  // The week once: of its days, today's is unfolded.
  assert.deepEqual(await page.locator(".week-day[open] h3").allTextContents(), ["周四 今天"]);
  assert.doesNotMatch(await page.locator(".rooms").textContent(), /\d\d:\d\d/);
  await close(page);
});

test("unknown words in the address ask for nothing", async () => {
  const page = await open("/stations/?community=nowhere&kind=%22%3E&open=yes");
  assert.ok((await shown(page).count()) >= 25);
  await close(page);
});

test("the nearest come first, those without a place last, and nothing leaves the device", async () => {
  const page = await open("/stations/#nearest", { geolocation: HERE, permissions: ["geolocation"] });
  assert.equal(await page.evaluate(() => document.activeElement.id), "nearest");
  assert.match(await page.locator("#nearest-why").textContent(), /不会发送给任何人/);
  assert.equal(await page.locator(".station-near").isVisible(), false);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".station-near:not([hidden])");
  const near = await page.locator(".station-near .station-distance > span").allTextContents();
  const metres = near.map((text) => {
    const [, count, unit] = /^直线约 ([\d.]+) (米|公里)$/.exec(text);
    return Number(count) * (unit === "米" ? 1 : 1000);
  });
  assert.ok(metres.length >= 15);
  assert.deepEqual(metres, [...metres].sort((a, b) => a - b));
  const places = await page.locator(".station-nowhere .station-item").count();
  assert.equal(places + metres.length, await shown(page).count());
  assert.match(await attempt(page), /最近的是示例社区一党群服务中心（示例），约 400 米/);
  await page.locator(".station-more summary").click();
  await page.selectOption("#station-community", "shequ-03");
  assert.match(await attempt(page), /最近的是示例社区三党群服务中心/);
  await page.getByRole("button", { name: "清除条件" }).click();
  assert.equal(await page.locator(".station-near").isVisible(), false);
  assert.equal(await page.locator(".station-distance:visible").count(), 0);
  await close(page);
});

test("a position is asked for only on request, and a refusal is explained", async () => {
  const page = await open("/about/");
  await page.addInitScript(() => {
    window.asked = 0;
    const answers = [1, 2, 3];
    navigator.geolocation.getCurrentPosition = (done, fail) => fail({ code: answers[window.asked++] });
  });
  await page.goto(`${site.origin}/stations/`);
  assert.equal(await page.evaluate(() => window.asked), 0);
  for (const words of [/没有得到允许/, /现在定不了位/, /还没有定到位/]) {
    await page.click("#nearest");
    assert.match(await attempt(page), words);
    assert.match(await attempt(page), /按社区查找/);
  }
  assert.ok((await shown(page).count()) >= 25);
  await close(page);
});

test("without script the stations are a plain list with links to communities", async () => {
  const page = await open("/stations/", { javaScriptEnabled: false });
  assert.equal(await page.locator(".station-filter").isVisible(), false);
  assert.ok((await page.locator(".station-item").count()) >= 25);
  await page.locator(".station-jump").getByRole("link", { name: /^示例社区九/ }).click();
  const target = page.locator(new URL(page.url()).hash);
  assert.match(await target.textContent(), /示例社区九党群服务中心/);
  assert.match(await target.textContent(), /周一至周五\s*08:30–17:00/);
  await close(page);
});

for (const [at, words] of [
  ["2021-05-20T08:29:00+08:00", "今天 08:30 开"],
  ["2021-05-20T11:29:00+08:00", "开放中，到 11:30"],
  ["2021-05-20T12:00:00+08:00", "今天 14:00 开"],
  ["2021-05-20T17:00:00+08:00", "已关，明天 08:30 开"],
  ["2021-05-21T23:00:00+08:00", "已关，周一 08:30 开"],
]) {
  test(`at ${at} the centre's page says ${words}`, async () => {
    const page = await open("/stations/568-haianxian/", { at });
    assert.equal(await page.locator(".station-open .open-state").textContent(), words);
    assert.match(await page.locator(".station-open").textContent(), /按公布的时间推算/);
    assert.match(await page.locator(".station-open").textContent(), /示例/);
    await close(page);
  });
}

test("what is said changes while the page stays open", async () => {
  const page = await open("/stations/568-haianxian/", { at: "2021-05-20T11:29:00+08:00" });
  await page.clock.runFor("01:30");
  assert.equal(await page.locator(".station-open .open-state").textContent(), "今天 14:00 开");
  await close(page);
});

test("the week of the rooms marks today and what is going on, uses that overlap together", async () => {
  const page = await open("/stations/shequ-08/", { at: "2021-05-20T16:10:00+08:00", viewport: { width: 1280, height: 900 } });
  assert.equal(await page.locator(".week-grid th.is-today").textContent(), "周四 今天");
  const today = page.locator(".week-grid td.is-today");
  assert.equal(await today.locator(".together .room-use").count(), 3);
  assert.equal(await page.locator(".week-grid .room-use.is-on").count(), 3);
  assert.equal(await page.locator(".week-list").isVisible(), false);
  await page.setViewportSize({ width: 360, height: 800 });
  assert.equal(await page.locator(".week-grid").isVisible(), false);
  assert.equal(await page.locator(".week-list .is-today .mark").first().textContent(), "今天");
  await close(page);
});

test("an event that repeats says when it comes next", async () => {
  const page = await open("/stations/568-haianxian/");
  assert.equal(await page.locator(".station-next").textContent(), "下一次：5月25日 周二 08:30");
  await close(page);
  const later = await open("/stations/shequ-01/", { at: "2021-06-01T08:00:00+08:00" });
  assert.equal(await later.locator(".station-events").isVisible(), false);
  await close(later);
});

test("a phone number, the way there and the sheet for the wall are at hand", async () => {
  const page = await open("/stations/shequ-03/");
  const call = page.locator(".station-call a");
  assert.equal(await call.getAttribute("href"), "tel:0580-0000000");
  assert.ok((await call.boundingBox()).height >= 44);
  const maps = page.locator(".station-route a");
  assert.deepEqual(await maps.allTextContents(), ["高德地图", "百度地图", "腾讯地图"]);
  for (const link of await maps.all()) assert.equal(await link.getAttribute("rel"), "external noopener");
  // What Baidu is told is what the file says, which is in its datum.
  assert.match(await maps.nth(1).getAttribute("href"), /29\.9579\d*,122\.2955/);
  await page.evaluate(() => { window.print = () => { window.printed = document.documentElement.className; }; });
  await page.click("[data-print-poster]");
  assert.match(await page.evaluate(() => window.printed), /prints-poster/);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("main").isVisible(), false);
  const sheet = page.locator("body > .poster-copy");
  assert.match(await sheet.textContent(), /示例社区三党群服务中心[\s\S]*0580/);
  assert.ok((await sheet.locator("svg").boundingBox()).width > 300);
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: "screen" });
  assert.equal(await sheet.count(), 0);
  assert.equal(await page.locator("main").isVisible(), true);
  await close(page);
});
