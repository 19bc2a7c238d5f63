// Pages of organizations, persons, projects and terms in Chromium. YUGANG names the binary that
// builds the site.
import { test } from "node:test";
import assert from "node:assert/strict";
import { close, open as openAt, portal } from "./portal.js";

const site = portal();

const open = (path, { width = 1280, ...options } = {}) =>
  openAt(site, path, { at: "2021-05-20T09:05:00+08:00", viewport: { width, height: 800 }, ...options });

test("the coverage is a table on a wide screen and a list on a narrow one, each alone", async () => {
  for (const [width, shown, hidden] of [[1280, ".coverage-table", ".coverage-list"], [360, ".coverage-list", ".coverage-table"]]) {
    const page = await open("/organizations/", { width });
    assert.ok(await page.locator(shown).isVisible());
    assert.ok(!(await page.locator(hidden).isVisible()));
    const planned = page.locator(`${shown} .is-planned`).first();
    assert.equal(await planned.evaluate((item) => getComputedStyle(item).borderTopStyle), "dashed");
    assert.ok((await planned.innerText()).includes("拟建"));
    await close(page);
  }
});

test("by keyboard from the organizations to the station where one is found", async () => {
  const page = await open("/organizations/");
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
  const tabTo = async (text) => {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press("Tab");
      if ((await focused()) === text) return;
    }
    assert.fail(`${text} is not reached`);
  };
  await tabTo("街道妇联");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/organizations/fulian/");
  await tabTo("妇女之家");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/stations/funv-zhijia/");
  await close(page);
});

test("events that are over are gone, the next one and this month's turn are marked", async () => {
  const page = await open("/organizations/fulian/", { at: "2021-06-01T09:00:00+08:00" });
  const shown = page.locator(".coming li:visible");
  // Of the same event no more than two times.
  assert.equal(await shown.count(), 2);
  assert.ok((await shown.first().innerText()).includes("下一场"));
  assert.ok(await page.locator('.coming [data-start^="2021-05-25"]').isHidden());
  assert.equal(await page.locator(".months .is-current").count(), 0);
  await close(page);
  const may = await open("/organizations/fulian/");
  assert.equal(await may.locator(".coming li:visible").count(), 2);
  assert.ok((await may.locator(".months .is-current").innerText()).includes("本月"));
  await close(may);
  const later = await open("/organizations/fulian/", { at: "2023-01-01T09:00:00+08:00" });
  assert.ok(await later.locator(".coming-section").isHidden());
  await close(later);
});

test("an event is over on its own day once its end has passed", async () => {
  const before = await open("/organizations/fulian/", { at: "2021-05-25T10:29:00+08:00" });
  assert.ok(await before.locator('.coming [data-start^="2021-05-25"]').isVisible());
  await close(before);
  const after = await open("/organizations/fulian/", { at: "2021-05-25T10:31:00+08:00" });
  assert.ok(await after.locator('.coming [data-start^="2021-05-25"]').isHidden());
  await close(after);
});

test("without script everything is there with its date", async () => {
  const page = await open("/organizations/fulian/", { javaScriptEnabled: false });
  const times = page.locator(".coming li:visible time");
  assert.equal(await times.count(), await page.locator(".coming li").count());
  assert.ok((await times.count()) > 2);
  await page.locator(".rest summary").first().click();
  assert.ok(await page.locator(".rest li").first().isVisible());
  await close(page);
});
