// What lies over a page of the site: the problems, the corner with the page's source, the notice
// that the preview is gone. All of it is in one shadow root, apart from the style of the site.

/** Puts the overlay over the page; `own` says which page that is. */
function makeOverlay(own) {
  const live = element("p", { class: "unseen", role: "status" });
  const gone = element("p", { class: "pill gone", role: "status", hidden: true });
  const style = element("link", { rel: "stylesheet", href: "/_yugang/client.css" });
  const ready = new Promise((resolve) => {
    style.addEventListener("load", resolve);
    style.addEventListener("error", resolve);
  });
  const sheet = makeSheet(own, ready);
  const panel = makePanel(own);
  const corner = element("div", { class: "corner" }, gone, panel.box, panel.button, sheet.badge);
  const host = element("div", { id: "yugang-preview", lang: words.lang, hidden: true });
  host.attachShadow({ mode: "open" }).append(style, sheet.box, corner, live);
  document.body.append(host);
  ready.then(() => (host.hidden = false));

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (panel.close() || sheet.fold()) event.preventDefault();
  });

  return {
    /** Shows the problems, unless this very set of them was folded before. */
    problems(told, digest) {
      if (sheet.show(told, digest)) live.textContent = counted(told.errors, "error");
      panel.setErrors(told.errors > 0);
    },
    /** There are errors, but what they say could not be fetched. */
    unreadable(errors) {
      sheet.unreadable(errors);
      panel.setErrors(true);
    },
    /** There are no errors. */
    fine(warnings) {
      sheet.hide();
      live.textContent = "";
      panel.setErrors(false);
      panel.setWarnings(warnings);
    },
    /** The page tells its problems itself; only that the preview is gone is said here. */
    quiet() {
      panel.setErrors(true);
    },
    lost(isLost) {
      gone.hidden = !isLost;
      gone.textContent = isLost ? words.disconnected : "";
    },
  };
}

/** The sheet that lists the problems, and the badge to which it folds; `ready` when it has style. */
function makeSheet(own, ready) {
  const title = element("h2", { id: "title", tabindex: "-1" });
  const state = element("p", { class: "state" });
  const foldButton = element("button", { type: "button", class: "button fold" }, words.fold);
  const head = element("div", { class: "head" }, title, foldButton);
  const content = element("div", { class: "content" });
  const inner = element("div", { class: "inner" }, head, content);
  const box = element("section", { class: "sheet", role: "dialog", "aria-labelledby": "title", hidden: true }, inner);
  const badge = element("button", { type: "button", class: "pill badge", "aria-expanded": "false", hidden: true });
  let digest = null;
  let before = null;

  function open() {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test((document.activeElement || {}).tagName);
    if (!before && document.activeElement !== document.body) before = document.activeElement;
    box.hidden = false;
    badge.hidden = true;
    ready.then(() => {
      if (box.hidden) return;
      showMarks(box);
      if (!typing) title.focus({ preventScroll: true });
    });
  }

  function fold() {
    if (box.hidden) return false;
    memory.set("folded", digest);
    const hadFocus = box.getRootNode().activeElement;
    box.hidden = true;
    badge.hidden = false;
    if (hadFocus) badge.focus();
    return true;
  }

  function hide() {
    const hadFocus = box.getRootNode().activeElement;
    box.hidden = badge.hidden = true;
    digest = null;
    memory.set("folded", null);
    if (hadFocus && before && before.isConnected) before.focus({ preventScroll: true });
    before = null;
  }

  function write(told, errors) {
    title.textContent = badge.textContent = counted(errors, "error");
    badge.setAttribute("aria-label", say(words.unfold, counted(errors, "error")));
    state.textContent = !told || told.site ? words.kept : words.none_yet;
    const focused = content.contains(box.getRootNode().activeElement);
    if (!told) fill(content, state, element("p", {}, words.unreadable), statusLink());
    else fill(content, state, ...sheetContent(told, "h3"), sourceOf(own));
    if (focused && !box.hidden) title.focus({ preventScroll: true });
  }

  foldButton.addEventListener("click", fold);
  badge.addEventListener("click", open);

  return {
    box,
    badge,
    fold,
    hide,
    show(told, newDigest) {
      const isNew = digest !== newDigest;
      digest = newDigest;
      const place = box.scrollTop;
      write(told, told.errors);
      if (!isNew) return false;
      if (memory.get("folded") === digest) {
        box.hidden = true;
        badge.hidden = false;
      } else if (box.hidden) open();
      else {
        box.scrollTop = place;
        showMarks(box);
      }
      return true;
    },
    unreadable(errors) {
      write(null, errors);
      if (box.hidden) badge.hidden = false;
    },
  };
}

/** The errors, each with a `heading`, and where the rest is to be found. */
function sheetContent(told, heading) {
  const errors = told.items.filter((item) => item.severity === "error");
  const parts = [problemList(errors, heading)];
  if (told.errors > errors.length) {
    parts.push(element("p", {}, say(words.more, told.errors - errors.length)));
  }
  const others = countedTogether({ warning: told.warnings, note: told.notes });
  if (others) parts.push(element("p", {}, say(words.others, others) + " ", statusLink()));
  return parts;
}

function statusLink() {
  return element("a", { href: "/_yugang/" }, words.status);
}

/** The source of the page, with what can be done with it. */
function sourceOf({ page, source, file }) {
  if (!page) return element("p", { class: "source" }, words.no_page);
  if (!source) return element("p", { class: "source" }, words.no_source);
  const label = element("strong", {}, words.source + words.colon);
  const name = element("span", { class: "place" }, source);
  const buttons = element("p", { class: "actions" }, ...fileActions(file));
  return element("div", { class: "source" }, element("p", {}, label, name), buttons);
}

/** The button in the corner and the panel it opens. */
function makePanel(own) {
  const warnings = element("p", {});
  const box = element("section", { id: "panel", class: "panel", "aria-label": words.preview_of, hidden: true });
  const button = element("button", { type: "button", class: "pill", "aria-expanded": "false", "aria-controls": "panel" });
  const mark = element("span", { class: "warned", "aria-hidden": "true", hidden: true });
  button.append(words.preview, mark);
  box.append(sourceOf(own), warnings);

  function set(isOpen) {
    box.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  }

  function setWarnings(count) {
    mark.hidden = count === 0;
    mark.textContent = String(count);
    button.setAttribute("aria-label", count ? words.preview + words.and + counted(count, "warning") : words.preview);
    const said = count ? counted(count, "warning") : words.no_warnings;
    fill(warnings, said + " · ", statusLink());
  }

  button.addEventListener("click", () => set(box.hidden));
  setWarnings(0);

  return {
    box,
    button,
    setWarnings,
    close() {
      if (box.hidden) return false;
      const hadFocus = box.contains(box.getRootNode().activeElement);
      set(false);
      if (hadFocus) button.focus();
      return true;
    },
    /** While there are errors the corner belongs to them. */
    setErrors(hasErrors) {
      if (hasErrors) set(false);
      button.hidden = hasErrors;
    },
  };
}
