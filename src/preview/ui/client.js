// The preview on a page of the site: reloads it when it changed, swaps its style sheets, shows what
// is wrong. The server adds this script to its answers; the site itself knows nothing of it.

const data = document.currentScript.dataset;
const own = { page: data.page || "", source: data.source || "", file: data.file || "" };
const path = pagePath();
/** The list on the page that is shown while there is no site. */
const waiting = document.getElementById("yugang-waiting");
const styles = knownStyles();
const overlay = makeOverlay(own);
let isLeaving = false;
let problems = null;
let latest = 0;

if (waiting) overlay.quiet();
comeBack();
listen(path, onState, overlay.lost);

function pagePath() {
  try {
    return decodeURIComponent(location.pathname);
  } catch (malformed) {
    return data.path || location.pathname;
  }
}

function onState(state) {
  if (isLeaving) return;
  if (isOther(state) && leave(state)) return;
  swapStyles(state.styles || {});
  updateProblems(state);
}

/** Whether another page would be shown here by now. */
function isOther(state) {
  const other = (state.page || "") !== own.page || Boolean(waiting && state.site);
  if (!other) memory.set("reloaded", null);
  return other;
}

/** Loads the page again, but not twice for the same change, and only if the server is there. */
function leave(state) {
  const change = path + "\n" + (state.page || state.build);
  if (memory.get("reloaded") === change) return false;
  isLeaving = true;
  const unheard = () => (isLeaving = false);
  fetch(location.href, { cache: "no-store" }).then(() => {
    memory.set("reloaded", change);
    keepPlace();
    location.reload();
  }, unheard);
  return true;
}

// Style sheets

/** The style sheets of the page by name: their URL, their link, and the link that is to replace it. */
function knownStyles() {
  const known = JSON.parse(data.styles || "{}");
  const links = Array.from(document.querySelectorAll("link[rel~=stylesheet][href]"));
  const found = {};
  for (const name of Object.keys(known)) {
    const url = new URL(known[name], location.href).href;
    found[name] = { url, link: links.find((link) => link.href === url) || null, next: null };
  }
  return found;
}

function swapStyles(current) {
  for (const name of Object.keys(current)) {
    const known = styles[name];
    const url = new URL(current[name], location.href).href;
    if (known && known.link && known.url !== url) swapStyle(known, url);
  }
}

/** The new style sheet replaces the old one when it is there; until then both apply. */
function swapStyle(known, url) {
  if (known.next) known.next.remove();
  known.url = url;
  known.next = null;
  if (known.link.href === url) return;
  const next = known.link.cloneNode();
  // The digest is that of the old one; what the preview answers need not be checked.
  next.removeAttribute("integrity");
  next.href = url;
  next.addEventListener("load", () => {
    if (known.next !== next) return;
    known.link.remove();
    known.link = next;
    known.next = null;
  });
  next.addEventListener("error", () => {
    next.remove();
    if (known.next !== next) return;
    known.url = known.link.href;
    known.next = null;
  });
  known.next = next;
  known.link.after(next);
}

// Problems

function updateProblems(state) {
  const turn = ++latest;
  const isKnown = problems === state.problems;
  problems = state.problems;
  if (state.errors === 0 && !waiting) return overlay.fine(state.warnings || 0);
  if (isKnown) return;
  fetchJson("/_yugang/problems.json").then(
    (told) => {
      if (turn !== latest) return;
      if (waiting) fill(waiting, ...sheetContent(told, "h2"));
      else overlay.problems(told, state.problems);
      if (waiting) showMarks(waiting);
    },
    () => {
      if (turn !== latest) return;
      problems = null;
      if (!waiting) overlay.unreadable(state.errors);
    },
  );
}

// The place on the page

function keepPlace() {
  const details = Array.from(document.querySelectorAll("details"));
  const place = {
    path,
    x: window.scrollX,
    y: window.scrollY,
    details: details.map((one) => one.open),
    focus: focusable().indexOf(document.activeElement),
  };
  memory.set("place", JSON.stringify(place));
}

/** Goes back to the place from before a reload that this script asked for. */
function comeBack() {
  const kept = memory.get("place");
  memory.set("place", null);
  const place = kept && JSON.parse(kept);
  if (!place || place.path !== path) return;
  const details = Array.from(document.querySelectorAll("details"));
  if (details.length === place.details.length) {
    details.forEach((one, at) => (one.open = place.details[at]));
  }
  const focused = focusable()[place.focus];
  if (focused) focused.focus({ preventScroll: true });
  goTo(place);
}

/** Scrolls at once, whatever the page's style says of scrolling, and again when the images are there, unless the
    reader has scrolled since. */
function goTo(place) {
  const scroll = () => window.scrollTo({ left: place.x, top: place.y, behavior: "instant" });
  let isMoved = false;
  for (const kind of ["wheel", "touchmove", "keydown", "mousedown"]) {
    window.addEventListener(kind, () => (isMoved = true), { once: true, passive: true });
  }
  scroll();
  if (document.readyState === "complete") return;
  window.addEventListener("load", () => requestAnimationFrame(() => isMoved || scroll()));
}

function focusable() {
  return Array.from(document.querySelectorAll("a[href], button, input, select, textarea, summary"));
}
