// Reports, documents, responses, funds, visits and the site map in Chromium, as residents use them.
import { test } from "node:test";
import assert from "node:assert/strict";
import { close, open as openAt, portal, tabTo } from "./portal.js";

const site = portal();

const open = (path, options) => openAt(site, path, options);

const REPORT = "/reports/2021/04/qingjie-ri-1/";

test("photos are looked at by keyboard, and the focus returns to the photo", async () => {
  const page = await open(REPORT);
  await tabTo(page, "[data-photo]");
  await page.keyboard.press("Enter");
  const viewer = page.locator("dialog.viewer[open]");
  await viewer.waitFor();
  assert.match(await viewer.textContent(), /第 1 张，共 2 张/);
  await page.keyboard.press("ArrowRight");
  assert.match(await viewer.textContent(), /晴天的渔港.*第 2 张，共 2 张/);
  assert.ok((await viewer.locator("img").getAttribute("alt")).includes("蓝天"));
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog.viewer[open]").count(), 0);
  // The event that tells of closing comes a moment after the dialog is gone.
  await page.waitForFunction(() => [...document.querySelectorAll("[data-photo]")].indexOf(document.activeElement) === 1);
  await close(page);
});

test("the viewer shows the largest size that the screen has room for", async () => {
  for (const [width, wanted] of [[1600, /\.1200\.webp$/], [360, /\.480\.webp$/]]) {
    const page = await open(REPORT, { viewport: { width, height: 800 } });
    await page.locator("[data-photo]").first().click();
    const shown = page.locator("dialog.viewer img");
    await page.waitForFunction(() => document.querySelector("dialog.viewer img").complete);
    assert.match(await shown.evaluate((image) => image.currentSrc), wanted);
    await page.keyboard.press("ArrowRight");
    const second = page.locator("[data-photo] source").nth(1);
    assert.equal(await page.locator("dialog.viewer source").getAttribute("srcset"), await second.getAttribute("srcset"));
    await close(page);
  }
});

test("without script, or without dialogs, a photo's link leads to the picture", async () => {
  for (const javaScriptEnabled of [false, true]) {
    const page = await open(REPORT, { javaScriptEnabled });
    if (javaScriptEnabled) {
      await page.addInitScript(() => { delete window.HTMLDialogElement; });
      await page.reload();
    }
    await page.locator("[data-photo]").first().click();
    await page.waitForURL(/\.(jpe?g|webp)$/);
    await close(page);
  }
});

test("reports are found by organization with the keyboard, and by month in the calendar", async () => {
  const page = await open("/reports/");
  await tabTo(page, ".report-ways nav:last-child details:nth-of-type(2) summary");
  await page.keyboard.press("Enter");
  await tabTo(page, ".ways a");
  const wanted = await page.evaluate(() => document.activeElement.getAttribute("href"));
  assert.match(wanted, /^\/organizations\/.+\/reports\/$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**${wanted}`);
  assert.ok((await page.locator(".report-item").count()) > 0);
  await page.goto(`${site.origin}/reports/`);
  const months = page.locator(".months a");
  if ((await months.count()) > 0) {
    await months.first().click();
    await page.waitForURL("**/calendar/2021-04/");
  }
  await close(page);
});

test("a report without photos has facts and related reports, and no empty gallery", async () => {
  const page = await open("/reports/2021/05/kepu/");
  assert.equal(await page.locator(".gallery, [data-viewer], .lead-photo").count(), 0);
  assert.ok((await page.locator(".facts dd").count()) > 1);
  const related = await page.locator(".reports.compact .report-item").count();
  assert.ok(related > 0 && related <= 4);
  await close(page);
});

test("the contents of a long document stay in sight beside it and lead to their places", async () => {
  const page = await open("/documents/2021/qunzhong-gaige-fangan/", { viewport: { width: 1280, height: 800 } });
  await page.locator(".toc a").last().click();
  await page.waitForFunction(() => location.hash.length > 1);
  await page.waitForTimeout(1000);
  const { toc, heading } = await page.evaluate(() => ({
    toc: document.querySelector(".toc").getBoundingClientRect().top,
    heading: document.querySelector(":target").getBoundingClientRect().top,
  }));
  assert.ok(toc >= 0 && toc < 800, `contents at ${toc}`);
  assert.ok(heading >= 0 && heading < 800, `heading at ${heading}`);
  await close(page);
});

test("a document and its interpretation lead to one another", async () => {
  const page = await open("/documents/2021/qunzhong-gaige-fangan/");
  await page.locator(".explains + .list a").click();
  await page.waitForURL("**/documents/2021/fangan-jiedu/");
  await page.locator(".explains + .list a").click();
  await page.waitForURL("**/documents/2021/qunzhong-gaige-fangan/");
  await close(page);
});

test("the site map leads to every kind of page", async () => {
  const page = await open("/site-map/");
  const links = await page.locator("main a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  for (const wanted of ["/organizations/fulian/", "/stations/shequ-19/", "/reports/2021/", "/about/", "/topics/qingjie-ri/", "/atom.xml"]) {
    assert.ok(links.includes(wanted), wanted);
  }
  await close(page);
});
