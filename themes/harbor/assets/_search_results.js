// Results as elements: all text enters the page as text.

/** An element with a class and content; the content is text or elements. */
export function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** Parts of a text, the marked ones in `<mark>`. */
function inParts(parts) {
  return parts.map(({ text, marked }) => (marked ? element("mark", "", text) : text));
}

function badge(texts) {
  return element("span", "sample", texts.sample);
}

/** A day, given as `2021-05-20`, in words. */
function dayInWords(iso, texts) {
  const [year, month, day] = iso.split("-").map(Number);
  return texts.date.replace("{year}", year).replace("{month}", month).replace("{day}", day);
}

/** The item of a result, as far as it is known before its page has been read. */
export function resultItem(result, texts, kinds) {
  const link = element("a", "", ...inParts(result.titleParts));
  link.href = result.url;
  const heading = element("h3", "", link);
  if (result.sample) heading.append(" ", badge(texts));
  const about = element("p", "meta", element("span", "", kinds.get(result.kind) || ""));
  if (result.date) {
    const time = element("time", "", dayInWords(result.date, texts));
    time.dateTime = result.date;
    about.append(" ", time);
  }
  return element("li", "", heading, element("p", "search-excerpt is-waiting"), about);
}

/** Puts in what the page of a result says. */
export function showExcerpts(item, result, texts) {
  if (!item) return;
  item.querySelector(".search-excerpt").remove();
  const about = item.querySelector(".meta");
  result.excerpts.forEach(({ parts }) => {
    item.insertBefore(element("p", "search-excerpt", ...inParts(parts)), about);
  });
  if (!result.section) return;
  item.querySelector("a").href = `${result.url}#${encodeURIComponent(result.section.id)}`;
  about.append(" ", element("span", "search-section", texts.section.replace("{section}", () => result.section.title)));
}

/** Fills a list of links to what may have been meant; without any it stays hidden. */
export function nearestList(holder, items, texts) {
  const list = holder.querySelector("ul");
  list.textContent = "";
  items.forEach(({ title, url, sample }) => {
    const link = element("a", "", title);
    link.href = url;
    const item = element("li", "", link);
    if (sample) item.append(" ", badge(texts));
    list.append(item);
  });
  holder.hidden = items.length === 0;
}
