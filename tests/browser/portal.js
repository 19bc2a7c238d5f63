// The repository's own site, built and served for the tests of one file. YUGANG names the binary that
// builds it.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./server.js";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const binary = process.env.YUGANG ?? join(root, "target/debug/yugang");
export const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
export const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** The text of axe-core, to be evaluated in a page. */
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Builds the site as of 20 May 2021 into `out`. */
export function build(out, baseUrl = "https://example.org/", from = root) {
  execFileSync(binary, ["build", "--root", from, "--out", out, "--base-url", baseUrl, "--as-of", "2021-05-20", "-q"]);
}

/** Builds and serves the site at each of the base paths and starts a browser before the tests of the
    file, and takes all away after them. The result has, once tests run, `browser`, `sites` (each with its
    `origin` and `folder`) by base path, and the `origin` of the first. */
export function portal(...bases) {
  return served(() => root, bases);
}

/** The same for a site of these files, by path, with the theme of the repository. */
export function portalOf(files) {
  return served((folder) => {
    const from = join(folder, "source");
    cpSync(join(root, "themes/harbor"), join(from, "themes/harbor"), { recursive: true });
    const site = { "site.yaml": "title: 测试站\nbase_url: https://example.org/\nowner: 某街道\n" };
    for (const [path, text] of Object.entries({ ...site, ...files })) {
      mkdirSync(dirname(join(from, path)), { recursive: true });
      writeFileSync(join(from, path), text);
    }
    return from;
  }, []);
}

function served(source, bases) {
  const folder = mkdtempSync(join(tmpdir(), "渔港 site "));
  const found = { sites: {} };
  before(async () => {
    const from = source(folder);
    for (const base of bases.length > 0 ? bases : ["/"]) {
      const out = join(folder, encodeURIComponent(base));
      build(out, `https://example.org${base}`, from);
      found.sites[base] = { ...(await serve(out, base)), base, folder: out };
    }
    found.origin = Object.values(found.sites)[0].origin;
    found.browser = await chromium.launch({ executablePath, args: FLAGS });
  });
  after(async () => {
    await found.browser?.close();
    Object.values(found.sites).forEach((site) => site.stop());
    rmSync(folder, { recursive: true, force: true });
  });
  return found;
}

/** What readers may choose: nothing, plain pages, other colours. */
export const CHOICES = [{}, { mode: "elder" }, { scheme: "contrast" }, { scheme: "dark" }];

/** Opens a page of a portal on a phone, with what the reader has chosen before; `at` sets the clock. Everything else is as
    for a context of Playwright. */
export async function open({ browser, origin }, path, { at, chosen = {}, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, ...options });
  await context.addInitScript((chosen) => {
    for (const [name, value] of Object.entries(chosen)) localStorage.setItem(`yugang.${name}`, value);
  }, chosen);
  const page = await context.newPage();
  listen(page, origin);
  if (at) await page.clock.install({ time: new Date(at) });
  await page.goto(`${origin}${path}`);
  return page;
}

/** Closes what `open` has opened; nothing odd may have happened. */
export async function close(page) {
  assert.deepEqual(page.noise, []);
  await page.context().close();
}

/** Presses Tab until `selector` has the focus. */
export async function tabTo(page, selector) {
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  assert.fail(`the keyboard does not reach ${selector}`);
}

/** Asserts that a page does not scroll sideways. */
export async function assertFits(page, what) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${what}: scrolls ${overflow} px sideways`);
}

/** Asserts that axe finds nothing to object to: no breach of WCAG, and of good practice none where that is asked for. */
export async function assertAccessible(page, what, isGood = false) {
  await page.evaluate(axe);
  const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", ...(isGood ? ["best-practice"] : [])];
  const { violations } = await page.evaluate((runOnly) => window.axe.run({ runOnly }), runOnly);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
  assert.deepEqual(found, [], what);
}

/** Notes what a page must not do: errors, and requests outside the site. */
export function listen(page, origin) {
  page.noise = [];
  page.on("console", (message) => message.type() === "error" && page.noise.push(message.text()));
  page.on("pageerror", (error) => page.noise.push(String(error)));
  page.on("request", (request) => request.url().startsWith(origin) || page.noise.push(request.url()));
}
