// How problems are shown, on the pages of the site and on the status page.

/** A list of problems as in `problems.json`; headings are `heading`, such as `h3`. */
function problemList(items, heading) {
  return element("ol", { class: "problems" }, ...items.map((item) => problemItem(item, heading)));
}

function problemItem(item, heading) {
  const title = element(heading, { class: "title" });
  title.append(element("span", { class: "tag" }, item.label), " ", ...quoted(item.message));
  const shown = element("li", { class: "problem " + item.severity }, title, ...placeParts(item));
  for (const hint of item.hints) {
    const label = element("strong", {}, words.help + words.colon);
    shown.append(element("p", { class: "hint" }, label, ...quoted(hint)));
  }
  shown.append(actions(item, item.code));
  for (const related of item.related || []) {
    const label = element("strong", {}, words.see_also + words.colon);
    const about = element("p", {}, label, ...quoted(related.message));
    shown.append(element("div", { class: "related" }, about, ...placeParts(related), actions(related)));
  }
  return shown;
}

/** File and line of a problem, and the line itself. */
function placeParts(item) {
  if (!item.file) return [];
  const place = item.line ? item.file + ":" + item.line + ":" + item.column : item.file;
  const parts = [element("p", { class: "place" }, place)];
  if (item.excerpt) parts.push(excerpt(item));
  return parts;
}

function excerpt({ line, excerpt: { before, marked, after } }) {
  const mark = element("mark", { class: marked ? false : "between" }, marked);
  const number = element("span", { class: "line", "aria-hidden": "true" }, String(line));
  const code = element("code", {}, before, mark, after);
  const label = say(words.excerpt, line);
  return element("pre", { class: "excerpt", tabindex: "0", role: "group", "aria-label": label }, number, code);
}

/** Scrolls each long line so that its marked part is seen; call it once the list is shown. */
function showMarks(root) {
  for (const box of root.querySelectorAll(".excerpt")) {
    const mark = box.querySelector("mark");
    const from = mark.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    if (from.right > frame.right) box.scrollLeft += from.left - frame.left - Math.max(80, frame.width / 3);
  }
}

function actions(item, code) {
  const row = element("p", { class: "actions" });
  if (item.path) row.append(...fileActions(item.path, item.line, item.column), " ");
  if (code) row.append(element("span", { class: "code" }, code));
  return row;
}
