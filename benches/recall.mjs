#!/usr/bin/env node
// Whether a search finds what is there and nothing else, beside Pagefind on the same pages.
//
// usage: node benches/recall.mjs SITE [N] [SEED]        default: 2000 phrases, seed 20210401
//
// SITE is a built site of which `search.py --keep SITE` leaves one. N phrases of 2 to 8 characters are cut at
// random from the text of its pages, and up to 100 each of names, numbers, document numbers and mixed Latin-Han
// terms taken from it. What its own script finds of each, as one phrase, is compared with what a plain search
// through the same normalised text of every page finds (tests/browser/truth.js). Recall is the share of what is
// there that is found, precision the share of what is found that is there, over all queries together.
//
// Pagefind (1.6.0 by npx, or PAGEFIND=VERSION; not at all if that is set to nothing) indexes what is in `main`, and is
// asked both for the phrase as it is and in quotation marks. Of what it finds only pages count that have an
// entry, not lists, and one is right wherever in `main` the phrase is. It takes minutes and gigabytes for
// 10 000 reports.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { FLAGS, executablePath } from "../tests/browser/portal.js";
import { serve } from "../tests/browser/server.js";
import { provide } from "../tests/browser/shipped.js";

const { chromium } = createRequire(new URL("../tests/browser/package.json", import.meta.url))("playwright-core");

const [site, count = "2000", seed = "20210401"] = process.argv.slice(2);
const EACH = 100;
const VERSION = process.env.PAGEFIND ?? "1.6.0";

/** Has Pagefind index the site; seconds. */
function pagefind(folder) {
  const command = ["--yes", `pagefind@${VERSION}`];
  execFileSync("npx", [...command, "--version"], { stdio: "ignore" });
  const start = Date.now();
  const options = ["--site", resolve(site), "--output-path", folder, "--root-selector", "main"];
  execFileSync("npx", [...command, ...options], { stdio: "ignore" });
  return (Date.now() - start) / 1000;
}

/** In the page: reads the site; how many pages and phrases there are. */
async function prepare({ count, each, seed }) {
  const { Truth } = await import("/truth.js");
  const truth = await new Truth("/search/index.json").read();
  const phrases = truth.phrases(count, each, seed);
  Object.assign(window, { truth, phrases });
  return { pages: truth.pages.size, kinds: Object.entries(phrases).map(([kind, all]) => [kind, all.length]) };
}

/** In the page: what Pagefind finds of phrases of a kind, beside what is there. */
async function beside({ kind, quoted }) {
  const { Tally } = await import("/truth.js");
  window.found ??= await import("/pagefind/pagefind.js");
  window.addresses ??= new Map();
  const { truth, addresses } = window;
  const addressOf = async (result) => {
    if (!addresses.has(result.id)) addresses.set(result.id, decodeURI((await result.data()).url));
    return addresses.get(result.id);
  };
  const tally = new Tally();
  for (const phrase of window.phrases[kind]) {
    const asked = quoted ? `"${phrase.replace(/["“”]/g, "")}"` : phrase;
    const { results } = await window.found.search(asked);
    const urls = await Promise.all(results.map(addressOf));
    const folded = truth.engine.fold(phrase);
    const isRight = (url) => truth.whole.get(url).indexOf(folded) >= 0;
    tally.add(phrase, truth.there(phrase), new Set(urls.filter((url) => truth.pages.has(url))), isRight);
  }
  return tally;
}

function ratio(part, whole) {
  return (whole > 0 ? part / whole : 1).toFixed(4);
}

/** A line of the table; exactly 1.0000 is printed only where nothing is wrong. */
function line(name, { queries, faultless, wanted, found, right, added }) {
  const floor = (part, whole) => (part < whole && ratio(part, whole) === "1.0000" ? "0.9999" : ratio(part, whole));
  const columns = [queries, wanted, found, floor(right, wanted), floor(found - added, found), ratio(faultless, queries)];
  console.log(`  ${name.padEnd(22)}${columns.map((value) => String(value).padStart(10)).join("")}`);
}

/** The lines of all kinds of phrases, and of all together. */
async function table(title, kinds, measure) {
  const start = Date.now();
  const tallies = [];
  for (const [kind] of kinds) tallies.push([kind, await measure(kind)]);
  const fields = ["queries", "faultless", "wanted", "found", "right", "added"];
  const all = Object.fromEntries(fields.map((field) => [field, tallies.reduce((sum, [, tally]) => sum + tally[field], 0)]));
  console.log(`\n${title}  (${((Date.now() - start) / 1000).toFixed(0)} s)`);
  console.log(`  ${"".padEnd(22)}${["queries", "there", "found", "recall", "precision", "faultless"].map((head) => head.padStart(10)).join("")}`);
  tallies.forEach(([kind, tally]) => line(kind, tally));
  line("all", all);
  return tallies.flatMap(([, tally]) => tally.wrong);
}

const scratch = mkdtempSync(join(tmpdir(), "recall-"));
const server = await serve(resolve(site));
const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH ?? executablePath, args: FLAGS });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await provide(page, resolve(site));
  await page.goto(`${server.origin}/404.html`);
  const { pages, kinds } = await page.evaluate(prepare, { count: Number(count), each: EACH, seed: Number(seed) });
  console.log(`${pages} pages; each query one phrase, without synonyms, all words wanted`);
  const wrong = await table("yugang", kinds, (kind) => page.evaluate((of) => window.truth.compare(window.phrases[of]), kind));
  wrong.slice(0, 20).forEach((fault) => console.log(`    WRONG ${JSON.stringify(fault)}`));
  if (VERSION) {
    const seconds = pagefind(join(scratch, "pagefind"));
    const beneath = await serve(scratch);
    await page.route("**/pagefind/**", async (route) => {
      const { pathname } = new URL(route.request().url());
      await route.fulfill({ response: await route.fetch({ url: `${beneath.origin}${pathname}` }) });
    });
    console.log(`\npagefind ${VERSION}: indexed in ${seconds.toFixed(0)} s`);
    await table("pagefind, as typed", kinds, (kind) => page.evaluate(beside, { kind, quoted: false }));
    await table("pagefind, in quotation marks", kinds, (kind) => page.evaluate(beside, { kind, quoted: true }));
    beneath.stop();
  }
  process.exitCode = wrong.length > 0 ? 1 : 0;
} finally {
  await browser.close();
  server.stop();
  rmSync(scratch, { recursive: true, force: true });
}
