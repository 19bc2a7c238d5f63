// The home page, the calendar, events, rotas and meetings in Chromium, as residents use them.
import { test } from "node:test";
import assert from "node:assert/strict";
import { close, open as openAt, portal, tabTo } from "./portal.js";

const site = portal();
const THURSDAY = "2021-05-20T09:05:00+08:00";

/** A page at a moment, of a reader in New York, for whom the site's time zone holds too. */
const open = (path, options) => openAt(site, path, { at: THURSDAY, timezoneId: "America/New_York", ...options });

const next = (page) => page.locator(".is-next");

test("the home page says what is next, today, on, and lets go of what is over", async () => {
  for (const [at, title, mark] of [
    ["2021-05-20T09:05:00+08:00", /法律咨询/, "还有 2 天"],
    ["2021-05-21T23:59:00+08:00", /法律咨询/, "明天"],
    ["2021-05-22T08:59:00+08:00", /法律咨询/, "今天"],
    ["2021-05-22T09:00:00+08:00", /法律咨询/, "正在进行"],
    ["2021-05-22T11:00:00+08:00", /全民清洁日/, "还有 3 天"],
  ]) {
    const page = await open("/", { at });
    assert.match(await next(page).locator("h3").textContent(), title, at);
    assert.equal(await next(page).locator("[data-mark]").textContent(), mark, at);
    assert.equal(await page.locator(".upcoming-item:visible").filter({ hasText: "全民清洁日" }).count(), 1);
    await close(page);
  }
});

test("when all that is known is over, the page says so", async () => {
  const page = await open("/", { at: "2031-01-01T09:00:00+08:00" });
  assert.equal(await page.locator(".upcoming-item:visible").count(), 0);
  assert.equal(await page.locator(".upcoming-none").isVisible(), true);
  assert.equal(await page.locator(".turn-now:visible").count(), 0);
  assert.equal(await page.locator(".turn-year").getAttribute("open"), "");
  await close(page);
});

test("the turn of the month is on the home page, also when the page stays open over midnight", async () => {
  const page = await open("/", { at: "2021-05-31T23:58:00+08:00" });
  assert.match(await page.locator(".turn-now:visible").textContent(), /2021年5月 街道妇联/);
  assert.equal(await page.locator(".turn-lines").isVisible(), false);
  await page.clock.runFor(180000);
  assert.match(await page.locator(".turn-now:visible").textContent(), /2021年6月 街道总工会/);
  await close(page);
});

test("with the keyboard alone: from the home page to the calendar, a month and an event", async () => {
  const page = await open("/", { viewport: { width: 1280, height: 900 } });
  const follow = async (selector) => {
    await tabTo(page, selector);
    await page.keyboard.press("Enter");
  };
  await follow(".quick[href$='/calendar/']");
  await page.waitForURL("**/calendar/");
  await follow(".month-links [aria-current]");
  await page.waitForURL("**/calendar/2021-05/");
  assert.equal(await page.locator(".month-grid .is-today").getAttribute("data-day"), "2021-05-20");
  await follow(".month-grid [data-day='2021-05-22'] .happening a");
  await page.waitForURL("**/events/falv-zixun/");
  assert.equal(await next(page).locator("[data-mark]").textContent(), "还有 2 天");
  await close(page);
});

test("with the keyboard alone: from an event to subscribing to the calendar", async () => {
  const page = await open("/events/falv-zixun/");
  await page.locator(".event-subscribe a").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/calendar/#subscribe");
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => document.activeElement.href), /^webcal:\/\/.+\/calendar\.ics$/);
  assert.match(await page.locator("#subscribe code").textContent(), /^https?:\/\/.+\/calendar\.ics$/);
  await close(page);
});

test("on a phone a month is a list by day", async () => {
  const page = await open("/calendar/2021-05/");
  assert.equal(await page.locator(".month-grid").isVisible(), false);
  assert.equal(await page.locator(".month-day").first().isVisible(), true);
  await close(page);
});

test("a sign-up ends with the last minute of its day", async () => {
  for (const [at, closed] of [["2021-05-20T23:59:00+08:00", 0], ["2021-05-21T00:00:00+08:00", 1]]) {
    const page = await open("/events/falv-zixun/", { at });
    assert.equal(await page.getByText("报名已截止").count(), closed, at);
    await close(page);
  }
});

test("events that are over move below the others", async () => {
  const page = await open("/events/", { at: "2021-06-01T08:00:00+08:00" });
  const past = await page.locator("[data-past-events] li").allTextContents();
  assert.equal(past.length, 2);
  assert.match(past[0], /科普讲座.*示例.*2021年5月28日/);
  assert.equal(await page.locator(".past-events").isVisible(), true);
  await close(page);
});

test("the rota marks the current turn", async () => {
  const page = await open("/rota/2021/");
  assert.equal(await page.locator(".turn[aria-current]").getAttribute("id"), "m5");
  assert.equal(await page.locator(".turn-tile[aria-current] [data-turn]").textContent(), "本月轮值");
  await close(page);
});

test("a task that is late is told in words", async () => {
  const page = await open("/rota/2021/");
  await page.evaluate(() => { document.querySelector("#m4 .task").dataset.due = "2021-05-20"; });
  await page.clock.runFor(61000);
  assert.equal(await page.locator("#m4 .task [data-late]").first().isVisible(), false);
  await page.clock.setSystemTime(new Date("2021-05-21T00:00:30+08:00"));
  await page.clock.runFor(61000);
  assert.equal(await page.locator("#m4 .task [data-late]").first().textContent(), "已超过时限");
  await close(page);
});

test("without script there are dated lists and nothing claims to know the day", async () => {
  const page = await open("/", { javaScriptEnabled: false });
  assert.match(await page.locator(".upcoming").textContent(), /5月22日[\s\S]*5月25日/);
  assert.equal(await page.locator(".when-mark:visible").count(), 0);
  assert.match(await page.locator(".turn-lines").first().innerText(), /5月[\s\S]*街道妇联/);
  await page.goto(`${site.origin}/calendar/2021-05/`);
  assert.equal(await page.locator(".month-day").count(), 5);
  await close(page);
});
