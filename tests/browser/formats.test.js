// What the repository's own site offers to programs, read by programs of others: feeds and site maps by an
// XML parser, calendars by ical.js, GeoJSON by a checker, structured data as JSON. YUGANG names the
// binary that builds the site.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { check } from "@placemarkio/check-geojson";
import { DOMParser } from "@xmldom/xmldom";
import ICAL from "ical.js";
import { build } from "./portal.js";

const folder = mkdtempSync(join(tmpdir(), "渔港 formats "));
// Under a path, so that a URL that forgot it leads nowhere.
const BASE = "https://example.org/qt/";
let files;

before(() => {
  build(folder, BASE);
  const entries = readdirSync(folder, { recursive: true }).map((path) => join(folder, path));
  const paths = entries.filter((path) => statSync(path).isFile());
  files = new Set(paths.map((path) => relative(folder, path).split(sep).join("/")));
});

after(() => rmSync(folder, { recursive: true, force: true }));

const read = (path) => readFileSync(join(folder, path), "utf8");
const named = (ending) => [...files].filter((path) => path.endsWith(ending) && !path.startsWith(".")).sort();

/** The file that a full address of the site leads to. */
function fileOf(url) {
  assert.ok(url.startsWith(BASE), url);
  const path = decodeURIComponent(new URL(url).pathname).slice(new URL(BASE).pathname.length);
  return path === "" || path.endsWith("/") ? `${path}index.html` : path;
}

function assertLeadsSomewhere(url, where) {
  assert.ok(files.has(fileOf(url)), `${where} has ${url}, where nothing is`);
}

function xml(path) {
  const onError = (level, message) => assert.fail(`${path}: ${level}: ${message}`);
  return new DOMParser({ onError }).parseFromString(read(path), "application/xml");
}

const texts = (element, name) => [...element.getElementsByTagName(name)].map((found) => found.textContent);

test("every feed is Atom, tells real dates and leads to its pages", () => {
  const feeds = named("atom.xml");
  assert.ok(feeds.includes("atom.xml") && feeds.includes("organizations/fulian/atom.xml"));
  assert.ok(feeds.some((path) => path.startsWith("projects/")) && feeds.some((path) => path.startsWith("topics/")));
  const all = new Set(texts(xml("sitemap.xml"), "loc"));
  for (const path of feeds) {
    const feed = xml(path).documentElement;
    assert.equal(feed.namespaceURI, "http://www.w3.org/2005/Atom");
    const [self] = [...feed.getElementsByTagName("link")].filter((link) => link.getAttribute("rel") === "self");
    assert.equal(fileOf(self.getAttribute("href")), path);
    for (const link of feed.getElementsByTagName("link")) assertLeadsSomewhere(link.getAttribute("href"), path);
    const entries = [...feed.getElementsByTagName("entry")];
    assert.ok(entries.length > 0 && entries.length <= 20, path);
    const moments = entries.map((entry) => {
      const [id] = texts(entry, "id");
      assert.ok(all.has(id), `${path}: ${id}`);
      const [updated] = texts(entry, "updated");
      assert.match(updated, /^\d{4}-\d\d-\d\dT\d\d:\d\d:00\+08:00$/);
      const page = read(fileOf(id));
      const [day, time] = [updated.slice(0, 10), updated.slice(11, 16)];
      const stamp = time === "00:00" ? day : `${day}T${time}`;
      assert.ok(page.includes(`datetime="${stamp}"`), `${path}: ${id} does not show ${stamp}`);
      return Date.parse(updated);
    });
    assert.equal(Date.parse(feed.getElementsByTagName("updated")[0].textContent), Math.max(...moments));
  }
});

test("the feed of an organization tells of entries that name it", () => {
  const [id] = texts(xml("organizations/fulian/atom.xml").getElementsByTagName("entry")[0], "id");
  assert.ok(read(fileOf(id)).includes('href="/qt/organizations/fulian/"'));
});

test("the site map names every page once and nothing else", () => {
  const urls = texts(xml("sitemap.xml"), "loc");
  assert.equal(new Set(urls).size, urls.length);
  for (const url of urls) assertLeadsSomewhere(url, "sitemap.xml");
  const isPage = (path) => path !== "404.html" && !read(path).includes('http-equiv="refresh"');
  const pages = named(".html").filter(isPage);
  assert.deepEqual(urls.map(fileOf).sort(), pages);
  for (const day of texts(xml("sitemap.xml"), "lastmod")) assert.match(day, /^2021-\d\d-\d\d$/);
  assert.ok(read("robots.txt").includes(`Sitemap: ${BASE}sitemap.xml`));
});

function calendar(path) {
  const text = read(path);
  assert.ok(!/[^\r]\n/.test(text), `${path} has lines that end without CR`);
  for (const line of text.split("\r\n")) {
    assert.ok(Buffer.byteLength(line) <= 75, `${path}: ${line}`);
    assert.equal(Buffer.from(line).toString(), line);
  }
  return new ICAL.Component(ICAL.parse(text));
}

const day = (time) => time.toString().slice(0, 10);

test("every calendar is iCalendar, with events that have a page", () => {
  const calendars = named("calendar.ics");
  for (const path of ["calendar.ics", "organizations/fulian/calendar.ics", "stations/shequ-01/calendar.ics"]) {
    assert.ok(calendars.includes(path), path);
  }
  for (const path of calendars) {
    const component = calendar(path);
    assert.equal(component.getFirstPropertyValue("version"), "2.0");
    const zones = component.getAllSubcomponents("vtimezone").map((zone) => zone.getFirstPropertyValue("tzid"));
    const events = component.getAllSubcomponents("vevent");
    assert.ok(events.length > 0, path);
    const ids = events.map((event) => event.getFirstPropertyValue("uid"));
    assert.equal(new Set(ids).size, ids.length);
    for (const event of events) {
      for (const name of ["uid", "dtstamp", "dtstart", "summary", "url"]) {
        assert.ok(event.hasProperty(name), `${path}: ${name}`);
      }
      const url = event.getFirstPropertyValue("url");
      assertLeadsSomewhere(url, path);
      const { startDate, endDate, summary } = new ICAL.Event(event);
      const zone = event.getFirstProperty("dtstart").getFirstParameter("tzid");
      assert.ok(startDate.isDate || zones.includes(zone), path);
      if (event.hasProperty("dtend")) assert.ok(endDate.compare(startDate) > 0, path);
      const page = read(fileOf(url));
      const written = startDate.isDate ? day(startDate) : startDate.toString().slice(0, 16);
      assert.ok(page.includes(`datetime="${written}"`), `${url} does not show ${written}`);
      // Every event of this site is illustrative, as a whole or in its times.
      assert.ok(summary.startsWith("【示例】"), summary);
    }
  }
});

test("the rule of the activity day gives the days of the calendar's pages", () => {
  const events = calendar("calendar.ics").getAllSubcomponents("vevent");
  const event = new ICAL.Event(events.find((event) => event.hasProperty("rrule")));
  assert.equal(event.startDate.zone.tzid, "Asia/Shanghai");
  const iterator = event.iterator();
  const days = Array.from({ length: 14 }, () => iterator.next().toString().slice(0, 16));
  assert.equal(days[0], "2021-04-25T08:30");
  assert.equal(days[13], "2022-05-25T08:30");
  // The window over which the site unrolls repeats ends with May 2022.
  for (const written of days) {
    const month = `calendar/${written.slice(0, 7)}/index.html`;
    if (files.has("calendar/index.html")) assert.ok(files.has(month), month);
    if (files.has(month)) assert.ok(read(month).includes(written.slice(0, 10)), `${month} lacks ${written}`);
  }
});

test("the index names every data file with its size and number of records", () => {
  const index = JSON.parse(read("data/index.json"));
  assert.equal(index.version, 1);
  assert.equal(index.time_zone, "Asia/Shanghai");
  assertLeadsSomewhere(index.documentation, "data/index.json");
  const listed = index.files.map(({ url }) => fileOf(url)).sort();
  const there = [...files].filter((path) => /^data\/.*json$/.test(path) && path !== "data/index.json").sort();
  assert.deepEqual(listed, there);
  for (const { url, bytes, count, format, kind, year } of index.files) {
    const text = read(fileOf(url));
    assert.equal(Buffer.byteLength(text), bytes, url);
    const data = JSON.parse(text);
    assert.equal((data.items ?? data.features).length, count, url);
    if (format === "json") assert.deepEqual([data.version, data.kind, data.year], [1, kind, year]);
  }
});

/** Every value below `value` with its key. */
function* walk(value, key = "") {
  yield [key, value];
  if (value === null || typeof value !== "object") return;
  for (const [name, inner] of Object.entries(value)) yield* walk(inner, Array.isArray(value) ? key : name);
}

test("every record says what is a sample, and its dates, titles and URLs are those of its page", () => {
  let records = 0;
  for (const path of named(".json").filter((path) => path.startsWith("data/") && path !== "data/index.json")) {
    const { items } = JSON.parse(read(path));
    assert.equal(new Set(items.map(({ id }) => id)).size, items.length, path);
    for (const item of items) {
      records += 1;
      assert.ok(item.id && item.title && item.url, path);
      const { sample } = item;
      assert.ok(typeof sample === "boolean" || (Array.isArray(sample) && sample.length > 0), path);
      const page = read(fileOf(item.url));
      const title = item.title.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
      assert.ok(page.includes(title), item.url);
      assert.ok(sample === false || page.includes('class="sample'), item.url);
      for (const key of ["date", "start", "issued_on"]) {
        if (item[key]) assert.ok(page.includes(`datetime="${item[key]}"`), `${item.url} does not show ${item[key]}`);
      }
      for (const [key, value] of walk(item)) {
        assert.notEqual(value, null, `${path}: ${key}`);
        if (key === "url" && value.startsWith(BASE)) assertLeadsSomewhere(value, path);
      }
    }
  }
  assert.ok(records > 120, `${records} records`);
});

test("no person is told of without consent", () => {
  const { items } = JSON.parse(read("data/persons.json"));
  assert.ok(items.length > 0 && items.every(({ consent }) => consent === true));
});

test("the places are GeoJSON within the district, and tell what is a sample", () => {
  const { features } = check(read("data/stations.geojson"));
  const stations = JSON.parse(read("data/stations.json")).items.filter(({ location }) => location);
  assert.deepEqual(features.map(({ id }) => id), stations.map(({ id }) => id));
  for (const { geometry, properties } of features) {
    const [longitude, latitude] = geometry.coordinates;
    assert.ok(longitude > 122.2 && longitude < 122.4 && latitude > 29.9 && latitude < 30.1, geometry.coordinates);
    assert.notEqual(properties.sample, undefined);
    assertLeadsSomewhere(properties.url, "stations.geojson");
  }
  // Written in GCJ-02, published in WGS-84: some hundred metres apart.
  const [first] = features;
  const { location } = stations[0];
  assert.equal(location.datum.key, "gcj02");
  const apart = Math.hypot(first.geometry.coordinates[0] - location.longitude, first.geometry.coordinates[1] - location.latitude);
  assert.ok(apart > 0.002 && apart < 0.008, `${apart}`);
});

test("structured data in pages is JSON of schema.org that leads to what exists", () => {
  for (const path of named(".html")) {
    for (const [, text] of read(path).matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)) {
      const data = JSON.parse(text);
      for (const item of Array.isArray(data) ? data : [data]) {
        assert.match(item["@context"], /^https?:\/\/schema\.org\/?$/, path);
        assert.ok(item["@type"] || item["@graph"], path);
      }
      for (const [key, value] of walk(data)) {
        assert.ok(value !== null && value !== "", `${path}: ${key}`);
        if (typeof value !== "string") continue;
        if (["url", "item", "contentUrl", "@id"].includes(key) && value.startsWith(BASE)) {
          assertLeadsSomewhere(value.split("#")[0], path);
        }
        if (/^(datePublished|dateModified|startDate|endDate)$/.test(key)) {
          assert.match(value, /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:00)?\+08:00)?$/, path);
        }
        if (key === "latitude" || key === "longitude") assert.ok(Number.isFinite(Number(value)), path);
      }
    }
  }
});

test("the page about open data names every file", () => {
  const page = read("data/index.html");
  for (const path of [...named("calendar.ics"), ...named("atom.xml"), ...named(".geojson")]) {
    assert.ok(page.includes(`/qt/${path}`), path);
  }
  for (const path of files) {
    if (/^data\/.*\.json$/.test(path)) assert.ok(page.includes(`href="/qt/${path}"`), path);
  }
  assert.ok(existsSync(join(folder, "data/index.html")));
});
