// Lists of what is coming in Chromium, on a site of their own: as the month goes by, without script, and
// with events of every sort.
import { test } from "node:test";
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { close, open as openAt, portalOf } from "./portal.js";

const entry = (title, ...lines) => `${["---", `title: ${title}`, ...lines, "---"].join("\n")}\n`;
const ALL = ["organizations: [a]", "stations: [s]"];
const files = {
  "content/organizations/a.md": entry("街道妇联", "kind: womens_federation"),
  "content/stations/s.md": entry(
    "中心站", "kind: center", "hours: [周一至周日 08:30-17:00]",
    "rooms: [{title: 会议室, uses: [{title: 读书, times: [周一至周日 09:00-10:00]}]}]",
  ),
  "content/events/whole-day.md": entry("全天活动", "start: 2021-05-20", ...ALL),
  "content/events/once.md": entry("月底的讲座", "start: 2021-05-31 14:00", "end: 2021-05-31 16:00", ...ALL),
  "content/stations/t.md": entry("小站", "kind: community"),
  "content/events/course.md": entry(
    "每月课程", "start: 2021-05-20 09:00", "end: 2021-05-20 11:00", "repeats: {every: month, until: 2021-06-30}", "stations: [t]",
    "sample: [repeats]",
  ),
  "content/events/show.md": entry("小展览", "start: 2021-05-19", "end: 2021-05-20", "sample: [start]", "stations: [t]"),
  "content/events/lasting.md": entry("上月开始的展览", "start: 2021-04-20", "end: 2021-05-21", ...ALL),
};
for (let number = 1; number <= 40; number += 1) {
  const day = String(1 + (number % 7)).padStart(2, "0");
  files[`content/events/weekly-${number}.md`] = entry(
    `每周第${number}个读书会，题目有点长，为了让页面够大`, `start: 2021-05-${day} 19:00`, "end: 2021-05-" + day + " 20:30",
    "repeats: {every: week}", "signup: {phone: 0580-3011234}", "stations: [s]", ...(number <= 4 ? ["organizations: [a]"] : []),
  );
}
const site = portalOf(files);

const open = (path, options) => openAt(site, path, { at: "2021-05-20T09:05:00+08:00", viewport: { width: 1280, height: 800 }, ...options });

const LISTS = [["/", ".upcoming-item"], ["/calendar/", ".upcoming-item"], ["/events/", ".upcoming-item"], ["/organizations/a/", ".coming li"]];

test("a list built in this month is full on its last day", async () => {
  for (const [path, item] of LISTS) {
    const page = await open(path, { at: "2021-05-31T17:00:00+08:00" });
    const shown = page.locator(`${item}:visible`);
    assert.ok((await shown.count()) >= 6, path);
    const starts = await shown.evaluateAll((items) => items.map((found) => found.dataset.start));
    assert.ok(starts.every((start) => start > "2021-05-31T17:00"), `${path} ${starts}`);
    await close(page);
  }
});

test("an event that began last month is on where it is still on", async () => {
  for (const [path, item] of LISTS) {
    const page = await open(path);
    assert.match(await page.locator(`${item}:visible`).first().innerText(), /上月开始的展览/, path);
    await close(page);
  }
});

test("without script everything is there, and no page is large", async () => {
  for (const [path, item] of LISTS) {
    const page = await open(path, { javaScriptEnabled: false });
    const all = page.locator(item);
    assert.ok((await all.count()) <= 200, path);
    assert.equal(await page.locator(`${item}:visible`).count(), await all.count(), path);
    const size = gzipSync(await page.content()).length;
    assert.ok(size < 60 * 1024, `${path} has ${size} bytes`);
    await close(page);
  }
});

test("no list shows more than its limit before the script runs", async () => {
  const page = await open("/");
  const shown = await page.evaluate(() => {
    document.querySelectorAll("[data-ready]").forEach((list) => delete list.dataset.ready);
    const items = Array.from(document.querySelectorAll(".upcoming-item"), (item) => Object.assign(item, { hidden: false }));
    return items.filter((item) => item.getClientRects().length > 0).length;
  });
  assert.equal(shown, 8);
  await close(page);
});

test("an event that takes the whole of today stops no script on the page of an organization", async () => {
  const page = await open("/organizations/a/");
  assert.equal(await page.locator(".coming li:visible").filter({ hasText: "全天活动" }).count(), 1);
  // What comes later in the bundle works, too.
  await page.goto(`${site.origin}/stations/`);
  assert.match(await page.locator(".open-state").first().textContent(), /17:00/);
  await page.goto(`${site.origin}/organizations/a/`);
  await page.evaluate(() => {
    const item = document.querySelector(".coming li");
    Object.assign(item.dataset, { day: "2021-05-20" });
  });
  await page.clock.runFor(61000);
  await close(page);
});

test("the week of a station keeps its mark of today", async () => {
  const page = await open("/stations/s/");
  const today = page.locator(".week-grid th.is-today");
  assert.equal(await today.getAttribute("data-day"), "4");
  await page.evaluate(() => {
    window.lost = 0;
    const day = document.querySelector(".week-grid th.is-today");
    new MutationObserver(() => { window.lost += 1; }).observe(day, { attributeFilter: ["class"] });
  });
  await page.clock.runFor(121000);
  assert.equal(await page.evaluate(() => window.lost), 0);
  await close(page);
});

test("a station says what is on, what comes next and lets go of what is over, to the minute", async () => {
  const lines = (page) => page.locator(".station-events li:visible").allInnerTexts();
  const page = await open("/stations/t/", { at: "2021-05-20T10:59:00+08:00" });
  assert.match((await lines(page)).join(), /小展览[\s\S]*正在进行[\s\S]*示例[\s\S]*每月课程[\s\S]*正在进行[\s\S]*至 2021年6月30日/);
  await page.clock.runFor(120000);
  assert.match((await lines(page)).join(), /小展览[\s\S]*每月课程[\s\S]*下一次：6月20日 周日 09:00/);
  await page.clock.setSystemTime(new Date("2021-05-21T00:00:10+08:00"));
  await page.clock.runFor(31000);
  assert.equal((await lines(page)).length, 1);
  await page.clock.setSystemTime(new Date("2021-06-20T11:00:10+08:00"));
  await page.clock.runFor(31000);
  assert.equal(await page.locator(".station-events").isVisible(), false);
  await close(page);
});

test("what is over keeps its marks: of an illustrative start too, and none of its own for the repeats", async () => {
  const page = await open("/events/", { at: "2021-05-21T00:00:30+08:00" });
  const past = page.locator("[data-past-events] li").filter({ hasText: "小展览" });
  assert.equal((await past.innerText()).replace(/\s+/g, " "), "小展览 2021年5月19日 示例");
  await close(page);
});
