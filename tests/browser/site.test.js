// The repository's own site in Chromium. YUGANG names the binary that builds it.
import { test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crawl, dead } from "./crawl.js";
import { axe, portal, root } from "./portal.js";

const site = portal("/", "/qt/");

for (const base of ["/", "/qt/"]) {
  test(`every link of the site at ${base} leads to a page and a place on it`, async () => {
    const found = await crawl(site.sites[base]);
    assert.ok(found.pages.size > 150, `${found.pages.size} pages`);
    assert.deepEqual(dead(found), []);
  });
}

const PAGES = [
  "", "404.html", "reports/", "reports/2021/", "organizations/", "meetings/",
  "organizations/fulian/", "persons/ganbu-jia/", "projects/shen-mama/", "stations/568-haianxian/",
  "stations/shequ-01/", "reports/2021/04/qingjie-ri-1/", "events/qingjie-ri/", "meetings/2021-q2-lianxi/",
  "visits/2021-04/", "documents/2021/qunzhong-gaige-fangan/", "notices/2021/zhiyuan-zhaomu/",
  "responses/2021/louti-zhaoming/", "rota/2021/", "funds/2021/", "assessments/2021/", "about/", "qudao/",
  "topics/qingjie-ri/", "campaigns/wushui-gongzhi/", "sectors/yuye/", "service-areas/falv-weiquan/",
  "communities/shequ-01/", "search/", "search/?q=%E6%B8%94%E5%AB%82",
];

const MODES = [{}, { scheme: "dark" }, { scheme: "contrast" }, { mode: "elder" }];

/** Sets the reader's choices as the tools do. */
function choose(page, choices) {
  return page.evaluate((choices) => {
    const { dataset } = document.documentElement;
    for (const name of ["scheme", "mode"]) {
      if (choices[name]) dataset[name] = choices[name];
      else delete dataset[name];
    }
  }, choices);
}

async function violations(page) {
  const { violations: all } = await page.evaluate(() =>
    axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  return all.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

for (const path of PAGES) {
  test(`/${path} is accessible in every mode, quiet and fits a narrow screen`, async () => {
    const { origin } = site;
    const page = await site.browser.newPage({ viewport: { width: 1280, height: 800 } });
    const noise = [];
    page.on("console", (message) => message.type() === "error" && noise.push(message.text()));
    page.on("pageerror", (error) => noise.push(String(error)));
    page.on("request", (request) => request.url().startsWith(origin) || noise.push(request.url()));
    await page.goto(`${origin}/${path}`);
    const heading = await page.locator("h1").allTextContents();
    assert.equal(heading.length, 1);
    assert.ok((await page.title()).startsWith(heading[0].trim().slice(0, 4)));
    await page.evaluate(axe);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      for (const mode of MODES) {
        await choose(page, mode);
        assert.deepEqual(await violations(page), [], `${width} px, ${JSON.stringify(mode)}`);
      }
    }
    await page.setViewportSize({ width: 320, height: 800 });
    for (const mode of MODES) {
      await choose(page, mode);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `scrolls ${overflow} px sideways in ${JSON.stringify(mode)}`);
    }
    assert.deepEqual(noise, []);
    await page.close();
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
