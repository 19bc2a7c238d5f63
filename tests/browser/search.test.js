// Searching the repository's own site: the journey of a reader, what can go wrong on the way, and whether what
// is found is what is there. YUGANG names the binary that builds the site.
import { test } from "node:test";
import assert from "node:assert/strict";
import { CHOICES, assertAccessible, assertFits, listen, portal, portalOf } from "./portal.js";
import { provide } from "./shipped.js";

const site = portal("/", "/qt/");

async function open(path = "search/", options = {}) {
  const { origin, base } = site.sites[options.base ?? "/"];
  const page = await site.browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  listen(page, origin);
  if (options.before) await options.before(page);
  await page.goto(`${origin}${base}${path}`);
  return page;
}

const status = (page) => page.locator(".search [role=status]");
const results = (page) => page.locator(".search-list > li");
const titles = (page) => page.locator(".search-list h3 a").allTextContents();

/** Waits until the search for what the box says is done. */
async function settled(page) {
  await page.waitForFunction(() => {
    const [list, status] = [document.querySelector(".search-list"), document.querySelector(".search [role=status]")];
    // While the page is being left for another, there may be none.
    if (document.readyState !== "complete" || !list) return false;
    const asked = new URLSearchParams(location.search).get("q") || "";
    const isKept = asked === document.getElementById("q").value.trim().slice(0, 200);
    return isKept && !list.hasAttribute("aria-busy") && (status.textContent || !asked);
  });
}

async function type(page, text) {
  await page.fill("#q", text);
  await page.waitForTimeout(200);
  await settled(page);
}

test("a reader types, reads the sentence, and opens the section", async () => {
  const page = await open();
  await page.focus("#q");
  await page.keyboard.type("渔嫂");
  await page.waitForTimeout(200);
  await settled(page);
  assert.match(await status(page).textContent(), /^找到 \d+ 个页面。/);
  assert.ok((await titles(page))[0].includes("渔嫂"), "the title that has it comes first");
  for (const marks of await results(page).evaluateAll((items) => items.map((item) => item.querySelectorAll("mark").length))) {
    assert.ok(marks > 0, "every result shows where");
  }
  assert.equal(await page.evaluate(() => document.activeElement.id), "q", "the focus stays where one types");
  assert.equal(new URL(page.url()).searchParams.get("q"), "渔嫂");
  const inSection = page.locator(".search-list h3 a[href*='#']").first();
  const href = await inSection.getAttribute("href");
  await inSection.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href.endsWith(href) || url.href.endsWith(encodeURI(decodeURI(href))));
  const id = decodeURIComponent(new URL(page.url()).hash.slice(1));
  assert.ok(await page.evaluate((id) => document.getElementById(id) !== null, id));
  await page.goBack();
  await settled(page);
  assert.equal(await page.inputValue("#q"), "渔嫂");
  assert.ok((await titles(page)).length > 0);
  assert.deepEqual(page.noise, []);
  await page.close();
});

test("arrow keys lead into the results and back, Enter to their heading", async () => {
  const page = await open("search/?q=%E5%BF%97%E6%84%BF");
  await settled(page);
  await page.focus("#q");
  const focused = () => page.evaluate(() => {
    const links = [...document.querySelectorAll(".search-list h3 a")];
    return document.activeElement.id || document.activeElement.className || links.indexOf(document.activeElement);
  });
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), 0);
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), 1);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(), "q");
  await page.keyboard.press("Enter");
  await settled(page);
  assert.equal(await focused(), "search-found");
  await page.close();
});

test("results come ten at a time, the next in focus", async () => {
  const page = await open();
  await type(page, "群团");
  assert.equal(await results(page).count(), 10);
  assert.match(await status(page).textContent(), /先显示 10 个/);
  await page.click(".search-more button");
  await page.waitForFunction(() => document.querySelectorAll(".search-list > li").length > 10);
  await page.waitForFunction(() => document.activeElement.closest(".search-list"));
  const at = await page.evaluate(() => [...document.querySelectorAll(".search-list > li")].indexOf(document.activeElement.closest("li")));
  assert.equal(at, 10);
  const all = await titles(page);
  assert.equal(new Set(await page.locator(".search-list h3 a").evaluateAll((links) => links.map((link) => link.pathname))).size, all.length);
  await page.close();
});

test("filters narrow the results down and stay in the address", async () => {
  const page = await open("search/?q=%E6%B8%85%E6%B4%81");
  await settled(page);
  const all = await status(page).textContent();
  await page.selectOption("select[name=kind]", "report");
  await settled(page);
  assert.equal(new URL(page.url()).searchParams.get("kind"), "report");
  assert.notEqual(await status(page).textContent(), all);
  for (const about of await page.locator(".search-list .meta").allTextContents()) assert.match(about, /活动报道.*2021年/);
  await page.selectOption("select[name=organization]", { label: "街道妇联" });
  await settled(page);
  const few = await titles(page);
  await page.reload();
  await settled(page);
  assert.deepEqual(await titles(page), few, "the address says it all");
  await page.selectOption("select[name=kind]", "funds");
  await settled(page);
  assert.match(await status(page).textContent(), /在选定的范围里，没有找到/);
  await page.click("[data-clear]");
  await settled(page);
  assert.equal(await status(page).textContent(), all);
  await page.goto(`${site.origin}/search/?q=%E6%B8%85%E6%B4%81&year=1999`);
  await settled(page);
  assert.equal(await status(page).textContent(), all, "a filter that does not exist is none");
  await page.close();
});

test("several words are all wanted, and any of them when no page has all", async () => {
  const page = await open();
  await type(page, "渔嫂 调解");
  assert.match(await status(page).textContent(), /^找到/);
  await type(page, "渔嫂 法治工作室 经费公开");
  assert.match(await status(page).textContent(), /^没有页面同时含有这几个词/);
  assert.ok((await titles(page)).length > 0);
  await type(page, "“渔嫂 调解”");
  assert.match(await status(page).textContent(), /^找到 \d/, "white space between Han characters does not count");
  await page.close();
});

test("words that mean the same are found too, which is said", async () => {
  const page = await open("search/", {
    before: (page) => page.route("**/search/index.json", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), synonyms: [["妇女组织", "妇联"]] } });
    }),
  });
  await type(page, "妇女组织");
  assert.match(await status(page).textContent(), /找“妇女组织”时，也找了意思相同的“妇联”/);
  assert.ok((await titles(page)).some((title) => title.includes("妇联")));
  await type(page, "“妇女组织”");
  assert.doesNotMatch(await status(page).textContent(), /意思相同/);
  await page.close();
});

test("traditional characters find simplified ones", async () => {
  const page = await open();
  await type(page, "渔嫂调解");
  const simplified = await titles(page);
  await type(page, "漁嫂調解");
  assert.ok(simplified.length > 0);
  assert.deepEqual(await titles(page), simplified);
  await page.close();
});

test("nothing found leads on: nearest terms, names, site map", async () => {
  const page = await open();
  await type(page, "渔嫂飞船联合会");
  assert.equal(await status(page).textContent(), "没有找到含有“渔嫂飞船联合会”的页面。");
  await page.waitForSelector(".search-parts a");
  assert.ok((await page.locator(".search-parts a").allTextContents()).includes("渔嫂"));
  assert.ok(await page.locator(".search-nothing a", { hasText: "网站地图" }).isVisible());
  await page.click(".search-parts a:text-is('渔嫂')");
  await page.waitForURL((url) => url.searchParams.get("q") === "渔嫂");
  await settled(page);
  assert.ok((await titles(page)).length > 0);
  await type(page, "街道妇女联盟");
  await page.waitForSelector(".search-names a");
  assert.ok((await page.locator(".search-names a").allTextContents()).includes("街道妇联"));
  await page.close();
});

for (const [path, selector] of [["search/", "#q"], ["about/", "#header-q"]]) {
  test(`/${path} suggests names by characters, initials and syllables`, async () => {
    const page = await open(path);
    const options = () => page.locator(`${selector === "#q" ? "#suggestions" : "#header-suggestions"} [role=option]:visible`);
    await page.focus(selector);
    await page.waitForTimeout(300);
    // The second reading of a character counts too; what is a sample says so.
    for (const [typed, ...found] of [["fl", "街道妇联"], ["fulia", "街道妇联"], ["妇联", "街道妇联"], ["gonghui", "街道总工会", "生物园区水产行业联合工会"],
      ["gongkuai", "街道总工会", "生物园区水产行业联合工会"], ["shangjuan", "商圈群团服务站示例", "个体行业商圈"],
      ["jddq", "街道党群服务中心（568海岸线）"], ["568", "街道党群服务中心（568海岸线）"]]) {
      await page.fill(selector, typed);
      assert.deepEqual((await options().allTextContents()).map((text) => text.replace(/\s/g, "")), found, typed);
    }
    await page.fill(selector, "xyz");
    assert.equal(await options().count(), 0);
    await page.fill(selector, "fl");
    await page.keyboard.press("ArrowDown");
    const active = await page.getAttribute(selector, "aria-activedescendant");
    assert.equal(await page.getAttribute(`#${active}`, "aria-selected"), "true");
    await assertAccessible(page);
    await page.keyboard.press("Escape");
    assert.equal(await options().count(), 0);
    await page.fill(selector, "fulian");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/organizations/fulian/");
    await page.close();
  });
}

test("the box in the header leads to the search page, under a path too", async () => {
  const page = await open("about/", { base: "/qt/" });
  await page.fill("#header-q", "渔嫂");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/qt/search/?q=*");
  await settled(page);
  assert.ok((await titles(page)).length > 0);
  const links = await page.locator(".search-list h3 a").evaluateAll((all) => all.map((link) => link.pathname));
  assert.ok(links.every((path) => path.startsWith("/qt/")));
  assert.deepEqual(page.noise, []);
  await page.close();
});

test("without script the page says so and leads on", async () => {
  const page = await open("search/?q=x", { javaScriptEnabled: false });
  assert.ok(await page.getByText("所以这里搜不了").isVisible());
  assert.ok(await page.getByRole("link", { name: "网站地图" }).first().isVisible());
  assert.equal(await page.locator("#q").isVisible(), false);
  await page.close();
});

test("results, and that there are none, are accessible in every mode and fit", async () => {
  const page = await open();
  for (const query of ["渔嫂", "渔嫂飞船联合会", "群团 渔嫂 x"]) {
    await type(page, query);
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      for (const choice of CHOICES) {
        await page.evaluate((choice) => {
          for (const name of ["scheme", "mode"]) {
            if (choice[name]) document.documentElement.dataset[name] = choice[name];
            else delete document.documentElement.dataset[name];
          }
        }, choice);
        const what = `${query}, ${width} px, ${JSON.stringify(choice)}`;
        await assertAccessible(page, what);
        await assertFits(page, what);
        const small = await page.locator(".search a, .search button, .search input, .search select, .header-search input, .header-search button")
          .evaluateAll((all) => all.filter((one) => one.offsetParent && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML));
        assert.deepEqual(small, []);
      }
    }
  }
  await page.close();
});

test("a result that is found by its title alone says what the page is about, and its date once", async () => {
  const page = await open();
  await type(page, "六月全民清洁日");
  const item = page.locator(".search-list > li").filter({ has: page.locator("a[href^='/reports/2021/06/qingjie-ri-3/']") });
  const excerpts = await item.locator(".search-excerpt").allTextContents();
  assert.equal(excerpts.length, 1);
  assert.match(excerpts[0], /码头边.*。/);
  assert.equal((await item.textContent()).match(/2021年6月27日/g).length, 1);
  // The badge stands behind the last word of the title, however long that is.
  await page.setViewportSize({ width: 320, height: 800 });
  const badge = page.locator(".search-list .sample").first();
  assert.ok((await badge.boundingBox()).height < 30);
  await page.close();
});

const HOSTILE = [
  "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "**", "“", "\"\"", "'\"--", "😀", "👨‍👩‍👧‍👦", "。。。", "   ", "\u0000\u0007",
  "\u200b\u200b", "{query}", "$&$1", "%00%E4", "\\u0041", "渔".repeat(500), "a".repeat(200), "渔 ".repeat(100), "«»", "\ud83d", "constructor",
  "__proto__", "..", "/", "?q=1&kind=x", "#", "javascript:alert(1)", "١٢٣", "e\u0301", "İ",
];

test("whatever is asked for, the page stays right", async () => {
  const page = await open();
  page.on("dialog", (dialog) => page.noise.push(dialog.message()));
  for (const query of HOSTILE) {
    await page.goto(`${site.origin}/search/?q=${encodeURIComponent(query.toWellFormed?.() ?? query.replace("\ud83d", "\ufffd"))}`);
    await page.waitForTimeout(250);
    await page.waitForFunction(() => !document.querySelector(".search-list").hasAttribute("aria-busy"));
    assert.equal(await page.locator(".search img, .search script").count(), 0, query);
    const asked = await page.inputValue("#q");
    assert.ok(asked.length <= 400);
    if (asked.trim()) assert.match(await status(page).textContent(), /找到/, JSON.stringify(query));
    else assert.equal(await status(page).textContent(), "");
  }
  await type(page, "<b>渔嫂</b>");
  assert.match(await status(page).textContent(), /<b>渔嫂<\/b>|找到/);
  assert.deepEqual(page.noise, []);
  await page.close();
});

test("a file that fails is tried again; when it goes on failing that is said, and can be retried", async () => {
  const page = await open();
  let failures = 2;
  await page.route("**/search/*.bin", (route) => (failures > 0 && failures-- ? route.fulfill({ status: 500 }) : route.continue()));
  await type(page, "渔嫂");
  assert.match(await status(page).textContent(), /^找到/);
  failures = Infinity;
  await page.goto(`${site.origin}/search/`);
  await page.fill("#q", "渔嫂");
  await page.waitForSelector(".search-retry:not([hidden])");
  assert.match(await status(page).textContent(), /没有取到/);
  failures = 0;
  await page.click(".search-retry button");
  await page.waitForSelector(".search-list > li");
  await settled(page);
  assert.equal(await page.locator(".search-retry").isVisible(), false);
  await page.close();
});

test("when a file is gone, the index is read again and the search begins anew", async () => {
  const page = await open();
  // What the page fetches when it is opened is there.
  await page.waitForLoadState("networkidle");
  let indexes = 0;
  let gone = null;
  page.on("request", (request) => { indexes += request.url().endsWith("/search/index.json") ? 1 : 0; });
  await page.route("**/search/*.bin", (route) => {
    // The first file that is asked for is of the old index, once.
    if (gone) return route.continue();
    gone = route.request().url();
    return route.fulfill({ status: 404, body: "" });
  });
  await page.focus("#q");
  await page.waitForTimeout(300);
  const before = indexes;
  await type(page, "渔嫂");
  assert.match(await status(page).textContent(), /^找到/);
  assert.ok(gone && indexes === before + 1);
  await page.close();
});

test("a page older than the index can be opened anew", async () => {
  const page = await open("search/", {
    before: (page) => page.route("**/search/index.json", (route) => route.fulfill({ json: { version: 99, segments: [] } })),
  });
  await page.fill("#q", "渔嫂");
  await page.waitForSelector(".search-retry:not([hidden])");
  assert.match(await status(page).textContent(), /请重新打开本页/);
  await page.unroute("**/search/index.json");
  await page.click(".search-retry button");
  await page.waitForSelector(".search-list > li");
  assert.equal(await page.inputValue("#q"), "渔嫂");
  await page.close();
});

test("an answer that comes late does not take the place of a later one", async () => {
  const page = await open();
  await page.route("**/*", async (route) => {
    const isPage = route.request().resourceType() === "fetch" && !route.request().url().includes("/search/");
    if (isPage) await new Promise((resolve) => { setTimeout(resolve, 700); });
    await route.continue();
  });
  await page.fill("#q", "群团");
  await page.waitForTimeout(400);
  await type(page, "渔嫂");
  const after = await titles(page);
  await page.waitForTimeout(1500);
  assert.deepEqual(await titles(page), after);
  assert.ok(after.length > 0 && new URL(page.url()).searchParams.get("q") === "渔嫂");
  await page.close();
});

test("nothing is fetched for nothing, nor while a word is being composed", async () => {
  const page = await open();
  await page.focus("#q");
  await page.waitForTimeout(300);
  const asked = [];
  page.on("request", (request) => request.resourceType() === "fetch" && asked.push(request.url()));
  await page.evaluate(() => {
    const input = document.getElementById("q");
    input.dispatchEvent(new CompositionEvent("compositionstart"));
    input.value = "yusao";
    input.dispatchEvent(new InputEvent("input", { isComposing: true }));
  });
  await page.waitForTimeout(400);
  assert.deepEqual(asked, []);
  await page.evaluate(() => {
    const input = document.getElementById("q");
    input.value = "渔嫂";
    input.dispatchEvent(new CompositionEvent("compositionend"));
  });
  await page.waitForSelector(".search-list > li");
  await settled(page);
  asked.length = 0;
  await type(page, "");
  assert.deepEqual(asked, []);
  assert.equal(await results(page).count(), 0);
  await page.close();
});

test("browsers without DecompressionStream search as well", async () => {
  const page = await open("search/?q=%E6%B8%94%E5%AB%82", {
    before: (page) => page.addInitScript(() => { delete window.DecompressionStream; }),
  });
  await settled(page);
  assert.ok((await titles(page)).length > 0);
  await page.close();
});

const EXTRA = ["妇联", "568海岸线", "街道妇联", "〔2021〕47号", "舟普委办〔2021〕47号", "X服务点", "19+X", "0580-0000000", "2021年4月", "“红领书记工作室”", "渔", "X+", "vlog", "baoming.txt", "不存在的词"];

/** A page on which `/shipped.js` and `/truth.js` are there to be imported. */
async function shipped() {
  const page = await open("about/");
  await provide(page, site.sites["/"].folder);
  return page;
}

test("what is found is what is there: 2 000 phrases cut at random and more, by the shipped code", async () => {
  const page = await shipped();
  const { pages, cuts, queries, wrong } = await page.evaluate(async (extra) => {
    const { Truth } = await import("/truth.js");
    const truth = await new Truth("/search/index.json").read();
    const phrases = Object.values(truth.phrases(2000, 100, 20210401)).flat();
    const { queries, wrong } = await truth.compare(phrases.concat(extra));
    return { pages: truth.pages.size, cuts: truth.cuts.length, queries, wrong };
  }, EXTRA);
  assert.ok(pages > 120 && cuts > 400 && queries > 2100, `${pages} pages, ${cuts} blocks, ${queries} queries`);
  assert.deepEqual(wrong, []);
  await page.close();
});

// What the repository's own site lacks: numbers of documents, and pages in traditional characters.
const papers = portalOf({
  "content/documents/2021/a.md": "---\ntitle: 关于群团改革的通知\nissued_on: 2021-04-01\nissuer: 党工委\ndocument_number: 舟普委办〔2021〕47号\n---\n各社区：\n",
  "content/documents/2021/b.md": "---\ntitle: 关于轮值的通知\nissued_on: 2021-04-02\nissuer: 党工委\ndocument_number: 舟普委办〔2021〕4号\n---\n按照规定办理。\n",
  "content/pages/c.md": "---\ntitle: 漁港歷史\n---\n漁嫂調解隊成立於渔港。\n",
});

test("numbers of documents and traditional characters are found however they are written, by a table that is fetched only for that", async () => {
  const page = await papers.browser.newPage();
  await provide(page, papers.sites["/"].folder);
  const tables = [];
  page.on("request", (request) => /\/search\/.+\.txt$/.test(request.url()) && tables.push(request.url()));
  await page.goto(`${papers.origin}/404.html`);
  const find = (query) => page.evaluate(async (query) => {
    const { Engine } = await import("/shipped.js");
    window.engine ??= new Engine(new URL("/search/index.json", location.href).href, (url, options) => fetch(url, options));
    return (await window.engine.find(query, { phrase: true })).sort();
  }, query);
  for (const query of ["〔2021〕47号", "[2021]47号", "（２０２１）47号", "委办【2021】47", "舟普委办 〔2021〕 47号"]) {
    assert.deepEqual(await find(query), ["/documents/2021/a/"], query);
  }
  assert.deepEqual(await find("〔2021〕4"), ["/documents/2021/a/", "/documents/2021/b/"]);
  assert.deepEqual(await find("〔2021〕4号"), ["/documents/2021/b/"]);
  assert.deepEqual(tables, []);
  for (const query of ["渔嫂调解队", "漁嫂調解隊", "漁嫂调解", "歷史", "历史", "漁港"]) assert.deepEqual(await find(query), ["/c/"], query);
  assert.equal(tables.length, 1);
  await page.close();
});

test("what the index says of a page, the page shows", async () => {
  const page = await shipped();
  const absent = await page.evaluate(async () => {
    const { Bits, Engine, fold, parameter } = await import("/shipped.js");
    const engine = new Engine(new URL("/search/index.json", location.href).href, (url, options) => fetch(url, options));
    await engine.learnVariants();
    const { segments } = await engine.index.root();
    const absent = [];
    for (const segment of segments) {
      const texts = [];
      for (let number = 0; number < segment.documents; number += 1) {
        const { url } = await engine.index.document(segment, number);
        texts.push({ url, blocks: (await engine.page(url)).map(({ text }) => fold(text, engine.variants)) });
      }
      const { shards } = await engine.index.manifest(segment);
      for (const { name } of shards) {
        const bits = new Bits(await engine.index.files.get(name, (bytes) => bytes));
        const size = 2 ** bits.bits(5);
        const terms = bits.bits(24);
        const [j, k] = [bits.bits(5), bits.bits(5)];
        let [one, two] = [0, 0];
        for (let at = 0; at < terms; at += 1) {
          const [step, further] = [bits.rice(j), bits.rice(k)];
          two = step === 0 && at > 0 ? two + further + 1 : further;
          one += step;
          const term = String.fromCodePoint(one) + (two ? String.fromCodePoint(two) : "");
          const count = bits.gamma();
          const hasPlaces = bits.bits(1);
          const m = parameter(size, count);
          let next = 0;
          for (let document = 0; document < count; document += 1) {
            next += bits.rice(m);
            if (hasPlaces) bits.bits(2);
            const { url, blocks } = texts[next];
            if (!blocks.some((text) => text.indexOf(term) >= 0)) absent.push(`${term} ${url}`);
            next += 1;
          }
        }
      }
    }
    return absent;
  });
  // The page of an event has the day of the week between day and hour.
  assert.deepEqual(absent.filter((line) => !/^日\d \/events\//.test(line)), []);
  await page.close();
});
