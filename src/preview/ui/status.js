// The status page: what the last rebuild had to say, and what is not, or not yet, public.

/** How many rows of a list are made at a time; a site can have tens of thousands of pages. */
const AT_A_TIME = 200;

const main = document.getElementById("status");
const lost = element("p", { class: "lost", role: "status", hidden: true });
const summary = element("p", { class: "summary", role: "status" });
const toSite = element("a", { class: "button" }, words.to_site);
const menu = element("nav", { class: "menu", "aria-label": words.sections });
const heading = main.querySelector("h1");
let site = { root: "", base: "/" };
let seen = null;
let latest = 0;

const sections = [
  problemSection(),
  listSection("drafts", words.drafts_none, entryRow(() => "")),
  listSection("not_yet_due", words.not_yet_due_none, entryRow((entry) => say(words.due_on, entry.date))),
  listSection("expired", words.expired_none, entryRow((entry) => say(words.expired_on, entry.date))),
  listSection("samples", words.samples_none, sampleRow),
  rebuildSection(),
  listSection("site_map", words.site_map_none, pageRow, filterField()),
];

fill(main, lost, heading, summary, element("p", {}, toSite), menu, ...sections.map((section) => section.box));
listen(
  "/_yugang/",
  (state) => {
    const now = state.build + "\n" + state.problems;
    if (now !== seen) refresh(now);
  },
  (isLost) => {
    lost.hidden = !isLost;
    lost.textContent = isLost ? words.disconnected : "";
  },
);

function refresh(now) {
  const turn = ++latest;
  seen = now;
  Promise.all([fetchJson("/_yugang/status.json"), fetchJson("/_yugang/problems.json")]).then(
    ([status, problems]) => {
      if (turn === latest) show(status, problems);
    },
    () => {
      if (turn === latest) seen = null;
    },
  );
}

function show(status, problems) {
  site = status;
  document.title = status.title ? words.status + " · " + status.title : words.status;
  heading.textContent = document.title;
  toSite.href = status.base;
  const counts = countedTogether({ error: problems.errors, warning: problems.warnings, note: problems.notes });
  const state = problems.errors === 0 ? words.state_good : problems.site ? words.state_kept : words.state_none;
  summary.className = "summary " + (problems.errors ? "error" : problems.warnings ? "warning" : "good");
  summary.textContent = counts ? state + words.colon + counts : state;
  for (const section of sections) section.show(status, problems);
  fill(menu, element("ul", {}, ...sections.map(menuItem)));
}

function menuItem(section) {
  const count = section.count();
  const number = count === null ? null : element("span", { class: "count" }, String(count));
  return element("li", {}, element("a", { href: "#" + section.id }, words[section.id], " ", number));
}

/** A section of the page: its box, with a heading that is also the target of the menu. */
function frame(id, ...children) {
  const title = element("h2", { id: id + "-title" }, words[id]);
  const box = element("section", { id, class: "section", "aria-labelledby": id + "-title" }, title, ...children);
  return { id, box };
}

/** Calls `write` only for data that differs from what it was last called with. */
function onChange(write) {
  let last = null;
  return (data) => {
    const now = JSON.stringify(data);
    if (now !== last) write(data);
    last = now;
  };
}

function problemSection() {
  const content = element("div", {});
  let count = 0;
  const write = onChange((told) => {
    count = told.errors + told.warnings + told.notes;
    const groups = [
      problemGroup(words.errors, "error", told.errors, told),
      problemGroup(words.warnings, "warning", told.warnings, told),
      problemGroup(words.notes, "note", told.notes, told),
    ];
    const more = told.more > 0 ? element("p", {}, say(words.more, told.more)) : null;
    fill(content, ...(count ? groups : [element("p", { class: "none" }, words.problems_none)]), more);
    showMarks(content);
  });
  const show = (status, { build, ...told }) => write(told);
  return { ...frame("problems", content), show, count: () => count };
}

/** The problems of one severity; notes are folded, since nothing has to be done about them. */
function problemGroup(label, severity, count, told) {
  const items = told.items.filter((item) => item.severity === severity);
  if (items.length === 0) return null;
  const title = element("summary", {}, label + " ", element("span", { class: "count" }, String(count)));
  const group = element("details", { class: "group", open: severity !== "note" }, title, problemList(items, "h3"));
  group.addEventListener("toggle", () => showMarks(group));
  return group;
}

/** A section that lists `status[id]`, so many rows at a time; `field` filters them. */
function listSection(id, none, row, field) {
  const list = element("ul", { class: "rows" });
  const empty = element("p", { class: "none" }, none);
  const more = element("button", { type: "button", class: "button" });
  let all = [];
  let chosen = [];
  let shown = 0;

  function append() {
    const next = chosen.slice(shown, shown + AT_A_TIME);
    shown += next.length;
    list.append(...next.map((item) => element("li", {}, ...row(item))));
    const rest = Math.min(AT_A_TIME, chosen.length - shown);
    more.hidden = rest === 0;
    more.textContent = say(words.show_more, rest);
  }

  function choose() {
    chosen = field ? all.filter(field.matches) : all;
    shown = 0;
    fill(list);
    append();
    empty.hidden = all.length > 0;
    if (field) field.found(chosen.length);
  }

  more.addEventListener("click", () => {
    const first = list.childElementCount;
    append();
    const target = list.children[first].querySelector("a, button");
    if (target) target.focus();
  });
  if (field) field.onInput(choose);
  const write = onChange((items) => {
    all = items;
    choose();
  });
  const section = frame(id, field ? field.box : null, empty, list, more);
  return { ...section, show: (status) => write(status[id]), count: () => all.length };
}

/** The field that filters the list of all pages. */
function filterField() {
  const input = element("input", { id: "filter", type: "search", autocomplete: "off" });
  const found = element("p", { class: "found", role: "status" });
  const label = element("label", { for: "filter" }, words.filter);
  const text = () => input.value.trim().toLowerCase();
  let timer = 0;
  return {
    box: element("div", { class: "filter" }, label, input, found),
    matches: ({ url, file }) => (readable(url) + "\n" + (file || "")).toLowerCase().includes(text()),
    found: (count) => (found.textContent = text() ? say(words.found, count) : ""),
    onInput(then) {
      input.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(then, 150);
      });
    },
  };
}

/** A URL as a person reads it. */
function readable(url) {
  try {
    return decodeURI(url);
  } catch (malformed) {
    return url;
  }
}

/** Where a file of the site is, for links and the clipboard. */
function absolute(file) {
  const separator = site.root.includes("\\") ? "\\" : "/";
  return site.root.replace(/[\\/]+$/, "") + separator + file.split("/").join(separator);
}

function fileRow(file) {
  const buttons = element("span", { class: "actions" }, ...fileActions(absolute(file)));
  return element("div", { class: "file" }, element("span", { class: "place" }, file), buttons);
}

/** The rows of entries; `told` says what their date means. */
function entryRow(told) {
  return (entry) => {
    const title = entry.url ? element("a", { href: entry.url }, entry.title) : entry.title;
    const said = [entry.kind, entry.date ? told(entry) : ""].filter(Boolean).join(" · ");
    const about = element("span", { class: "about" }, said);
    return [element("p", { class: "name" }, title, " ", about), fileRow(entry.file)];
  };
}

function sampleRow(entry) {
  const said = entry.keys.length ? say(words.sample_keys, entry.keys.join(", ")) : words.sample_all;
  const [name, file] = entryRow(() => "")(entry);
  return [name, element("p", { class: "about" }, said), file];
}

function pageRow({ url, file }) {
  const name = element("p", { class: "name" }, element("a", { href: url }, readable(url)));
  return [name, file ? fileRow(file) : element("p", { class: "about" }, words.generated)];
}

function rebuildSection() {
  const content = element("div", {});
  const write = onChange((status) => {
    const facts = element("dl", { class: "facts" });
    const fact = (name, value) => facts.append(element("div", {}, element("dt", {}, name), element("dd", {}, value)));
    fact(words.built_at, status.built_at || "–");
    fact(words.next_due, status.next_due || words.next_due_none);
    fact(words.rendered, say(words.of_pages, status.rendered, status.pages));
    fill(content, facts, status.stages.length ? stageTable(status.stages) : null);
  });
  const show = ({ built_at, next_due, rendered, pages, stages }) => write({ built_at, next_due, rendered, pages, stages });
  return { ...frame("rebuild", content), show, count: () => null };
}

function stageTable(stages) {
  const head = element("tr", {}, element("th", { scope: "col" }, words.stage), element("th", { scope: "col", class: "number" }, words.took));
  const rows = stages.map(({ label, milliseconds }) => {
    const digits = milliseconds < 10 ? 1 : 0;
    const took = say(words.milliseconds, milliseconds.toFixed(digits));
    return element("tr", {}, element("th", { scope: "row" }, label), element("td", { class: "number" }, took));
  });
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
}
