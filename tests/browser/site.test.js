// The repository's own site in Chromium. YUGANG names the binary that builds it.
import { test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crawl, dead } from "./crawl.js";
import { CHOICES, assertAccessible, assertFits, close, open, portal, root } from "./portal.js";

const site = portal("/", "/qt/");

for (const base of ["/", "/qt/"]) {
  test(`every link of the site at ${base} leads to a page and a place on it`, async () => {
    const found = await crawl(site.sites[base]);
    assert.ok(found.pages.size > 150, `${found.pages.size} pages`);
    assert.deepEqual(dead(found), []);
  });
}

const PAGES = [
  "", "404.html", "about/", "assessments/2021/", "calendar/", "calendar/2021-05/", "campaigns/", "campaigns/wushui-gongzhi/", "communities/",
  "communities/shequ-01/", "documents/", "documents/2021/fangan-jiedu/", "documents/2021/qunzhong-gaige-fangan/", "events/",
  "events/falv-zixun/", "events/qingjie-ri/", "funds/", "funds/2021/", "meetings/", "meetings/2021-q2-lianxi/", "notices/",
  "notices/2021/zhiyuan-zhaomu/", "organizations/", "organizations/fulian/", "organizations/yuye/", "persons/", "persons/ganbu-jia/",
  "projects/", "projects/shen-mama/", "qudao/", "reports/", "reports/2021/", "reports/2021/04/qingjie-ri-1/", "reports/2021/05/kepu/",
  "responses/", "responses/2021/louti-zhaoming/", "rota/", "rota/2021/", "search/", "search/?q=%E6%B8%94%E5%AB%82", "sectors/", "sectors/yuye/",
  "service-areas/", "service-areas/falv-weiquan/", "service-areas/maodun-huajie/", "site-map/", "stations/", "stations/568-haianxian/",
  "stations/funv-weijia/", "stations/shequ-01/", "stations/shequ-08/", "topics/", "topics/qingjie-ri/", "visits/", "visits/2021-04/", "wuzhangai/",
];

/** Whose headings are all the theme's, in order. */
const GOOD = /^($|calendar\/|events\/|rota\/|meetings\/|stations\/)/;

for (const path of PAGES) {
  test(`/${path} is accessible in every mode, quiet and fits every width`, async () => {
    for (const chosen of CHOICES) {
      const page = await open(site, `/${path}`, { at: "2021-05-20T09:05:00+08:00", chosen });
      const heading = await page.locator("h1").allTextContents();
      assert.equal(heading.length, 1);
      assert.ok((await page.title()).startsWith(heading[0].trim().slice(0, 4)));
      for (const width of [320, 360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const what = `${width} px, ${JSON.stringify(chosen)}`;
        await assertFits(page, what);
        if (width > 320) await assertAccessible(page, what, GOOD.test(path));
      }
      await close(page);
    }
  });
}

test("titles, descriptions and addresses are each page's own", async () => {
  const { pages } = await crawl(site.sites["/"]);
  const seen = { title: new Map(), description: new Map(), canonical: new Map() };
  for (const [url, { body }] of pages) {
    if (!body.includes('<link rel="canonical"') || body.includes('http-equiv="refresh"')) continue;
    const found = {
      title: /<title>([^<]*)/.exec(body)[1],
      description: /<meta name="description" content="([^"]*)/.exec(body)[1],
      canonical: /<link rel="canonical" href="([^"]*)/.exec(body)[1],
    };
    for (const [what, value] of Object.entries(found)) {
      assert.ok(value, `${url} has no ${what}`);
      if (what === "description") continue;
      assert.ok(!seen[what].has(value), `${url} has the ${what} of ${seen[what].get(value)}`);
      seen[what].set(value, url);
    }
    for (const tag of ["SiteName", "SiteDomain", "ColumnName", "ColumnType"]) {
      assert.match(body, new RegExp(`<meta name="${tag}" content="[^"]+"`), `${url} lacks ${tag}`);
    }
    assert.ok(!/ style="|<style|<script>|javascript:/.test(body), `${url} has something inline`);
  }
});

test("the skip link is the first stop of the keyboard and leads to the text", async () => {
  const page = await site.browser.newPage();
  await page.goto(`${site.origin}/about/`);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.close();
});

// The plan as published on 1 April 2021, its slips of the pen included: 32 lines, without the marks
// of headings and the space around them.
const PLAN = "08fc37c3cf3a976d476c7bfbdd65efdcd96aafb76f06e4ec5a29d70a81bdce4a";

test("the page of the plan shows every line of it, word for word", async () => {
  const file = readFileSync(join(root, "content/documents/2021/qunzhong-gaige-fangan.md"), "utf8");
  const written = file.split("\n---\n")[1].split("\n").map((line) => line.replace(/^#+ /, "").trim());
  const lines = written.filter(Boolean);
  assert.equal(createHash("sha256").update(lines.join("\n")).digest("hex"), PLAN);
  const page = await site.browser.newPage();
  await page.goto(`${site.origin}/documents/2021/qunzhong-gaige-fangan/`);
  const shown = await page.locator(".body > *").allInnerTexts();
  assert.deepEqual(shown.map((line) => line.trim()), lines);
  await page.close();
});
