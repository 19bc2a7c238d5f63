// The search page: asks the engine while readers type, and shows what it finds.
import { Engine } from "./_search_engine.js";
import { Gone } from "./_search_files.js";
import { Outdated } from "./_search_index.js";
import { readNames, similar, suggested } from "./_search_names.js";
import { MOST } from "./_search_query.js";
import { nearestList, resultItem, showExcerpts } from "./_search_results.js";

// How long nothing must have been typed before a search begins, in milliseconds.
const STILL = 100;
// How long a search may take before it is said that it goes on.
const PATIENCE = 800;
const AT_A_TIME = 10;

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The page and the search that it shows. */
class SearchPage {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.texts = root.dataset;
    this.form = find("form");
    this.input = this.form.elements.q;
    this.status = find("[role=status]");
    this.heading = find(".search-found");
    this.list = find(".search-list");
    this.moreButton = find(".search-more button");
    this.retryButton = find(".search-retry button");
    this.nothing = find(".search-nothing");
    this.hint = find(".search-hint");
    this.clearButton = find("[data-clear]");
    this.kinds = new Map(Array.from(this.form.elements.kind.options, (option) => [option.value, option.textContent]));
    this.title = document.title;
    this.engine = new Engine(new URL(root.dataset.index, location.href).href, (url, options) => fetch(url, options));
    // Which search is the latest: answers of earlier ones come to nothing.
    this.run = 0;
    this.timer = 0;
    this.search = null;
    // Whether Enter asked for the results, not just a pause in typing.
    this.isAsked = false;
    // Whether the list is still that of the search before.
    this.isFresh = false;
    // Whether only a newer version of this page could read the index.
    this.isOutdated = false;
    this.items = new Map();
  }

  begin() {
    const later = () => {
      this.isAsked = false;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), STILL);
    };
    this.input.addEventListener("input", (event) => !event.isComposing && later());
    this.input.addEventListener("compositionend", later);
    this.form.addEventListener("change", (event) => event.target !== this.input && this.ask());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.isAsked = true;
      this.ask();
    });
    this.moreButton.addEventListener("click", () => this.showMore());
    this.retryButton.addEventListener("click", () => {
      if (this.isOutdated) location.reload();
      this.input.focus();
      this.ask();
    });
    this.clearButton.addEventListener("click", () => {
      ["kind", "organization", "year"].forEach((name) => { this.form.elements[name].value = ""; });
      this.input.focus();
      this.ask();
    });
    this.form.parentNode.addEventListener("keydown", (event) => this.move(event));
    window.addEventListener("popstate", () => {
      this.recall();
      this.ask();
    });
    // The first key finds the lists of files there already.
    this.engine.prepare();
    this.recall();
    if (this.query) this.ask();
  }

  get query() {
    return Array.from(this.input.value).slice(0, MOST).join("").trim();
  }

  get filters() {
    const { kind, organization, year } = this.form.elements;
    const filters = { kind: kind.value, organization: organization.value, year: year.value };
    return filters.kind || filters.organization || filters.year ? filters : null;
  }

  /** Takes from the address what is asked for. */
  recall() {
    const asked = new URLSearchParams(location.search);
    this.input.value = Array.from(asked.get("q") || "").slice(0, MOST).join("");
    ["kind", "organization", "year"].forEach((name) => {
      const field = this.form.elements[name];
      const value = asked.get(name) || "";
      field.value = Array.from(field.options).some((option) => option.value === value) ? value : "";
    });
  }

  /** Keeps what is asked for in the address, so that it can be shared and is there after Back. */
  keep() {
    const asked = new URLSearchParams();
    const values = Object.assign({ q: this.query }, this.filters);
    Object.keys(values).forEach((name) => values[name] && asked.set(name, values[name]));
    const written = asked.toString();
    const address = `${location.pathname}${written ? `?${written}` : ""}`;
    if (address !== location.pathname + location.search) history.replaceState(history.state, "", address);
    document.title = this.query ? this.title.replace(/^\S+/, (name) => `${name} ${this.query}`) : this.title;
  }

  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  /** Searches for what the form says now. */
  async ask() {
    clearTimeout(this.timer);
    this.run += 1;
    const { run, query } = this;
    this.keep();
    this.hint.hidden = Boolean(query);
    if (!query) {
      this.clear();
      this.heading.hidden = true;
      this.say("");
      return;
    }
    const waiting = setTimeout(() => run === this.run && this.say(this.texts.searching), PATIENCE);
    this.list.setAttribute("aria-busy", "true");
    try {
      await this.again(() => this.answer(query, run), run);
    } catch (error) {
      if (run === this.run) this.fail(error);
    }
    clearTimeout(waiting);
    if (run === this.run) this.list.removeAttribute("aria-busy");
  }

  /** Does a task once more, with the site's newer index, when a file of the index is gone. */
  async again(task, run) {
    try {
      await task();
    } catch (error) {
      if (!(error instanceof Gone) || run !== this.run) throw error;
      this.engine.clear();
      await task();
    }
  }

  async answer(query, run) {
    const filters = this.filters;
    // What was found before stays until there is something else.
    this.isFresh = true;
    let search = await this.engine.search(query, { filters });
    let kept = await this.show(search, run);
    if (kept === 0 && search.words.length > 1 && run === this.run) {
      search = await this.engine.search(query, { filters, any: true });
      kept = await this.show(search, run);
    }
    if (run !== this.run) return;
    if (kept === 0) await this.showNothing(query, run);
    else this.tell(search);
  }

  /** Shows the next results of a search; resolves to how many there are. */
  show(search, run) {
    if (run !== this.run) return 0;
    this.search = search;
    return search.more(AT_A_TIME, {
      isStale: () => run !== this.run,
      found: (results) => {
        if (this.isFresh) this.clear();
        this.isFresh = false;
        this.showHeading();
        results.forEach((result) => {
          const item = resultItem(result, this.texts, this.kinds);
          this.items.set(result, item);
          this.list.append(item);
        });
      },
      checked: (result) => showExcerpts(this.items.get(result), result, this.texts),
      gone: (result) => {
        this.items.get(result).remove();
        this.items.delete(result);
      },
    });
  }

  async showMore() {
    const { run } = this;
    const shown = this.list.children.length;
    this.moreButton.disabled = true;
    try {
      await this.show(this.search, run);
      if (run !== this.run) return;
      this.tell(this.search);
      const next = this.list.children[shown];
      if (next) next.querySelector("a").focus();
    } catch (error) {
      // Begun again, the list has what the site has now.
      if (run === this.run) this.ask();
    } finally {
      this.moreButton.disabled = false;
    }
  }

  /** Says how many there are, and how they were found. */
  tell(search) {
    const shown = this.list.children.length;
    const left = search.candidates.length - search.at;
    const said = [];
    if (search.any) said.push(this.texts.any);
    said.push(fill(search.isCounted ? this.texts.count : this.texts.about, { count: shown + left }));
    if (left > 0) said.push(fill(this.texts.shown, { count: shown }));
    search.words.filter((word) => word.others.length > 0).forEach((word) => {
      said.push(fill(this.texts.synonyms, { word: word.text, others: word.others.join("、") }));
    });
    this.say(said.join(""));
    this.moreButton.parentNode.hidden = left <= 0;
  }

  /** Whoever has asked for results by Enter reads on where they begin; keyboards on glass go away. */
  showHeading() {
    this.heading.hidden = false;
    if (this.isAsked && document.activeElement === this.input) this.heading.focus();
    this.isAsked = false;
  }

  clear() {
    this.list.textContent = "";
    this.items.clear();
    this.nothing.hidden = true;
    this.moreButton.parentNode.hidden = true;
    this.retryButton.parentNode.hidden = true;
  }

  async showNothing(query, run) {
    this.clear();
    this.heading.hidden = true;
    this.clearButton.parentNode.hidden = !this.filters;
    this.say(fill(this.filters ? this.texts.noneHere : this.texts.none, { query }));
    const parts = this.nothing.querySelector(".search-parts");
    const names = this.nothing.querySelector(".search-names");
    parts.hidden = true;
    names.hidden = true;
    this.nothing.hidden = false;
    const known = readNames(await this.engine.index.names().catch(() => []));
    const spoken = suggested(known, query, 5);
    const close = spoken.length > 0 ? spoken : similar(known, query, 5);
    const nearest = await this.engine.nearest(query).catch(() => []);
    if (run !== this.run) return;
    const link = (part) => `${location.pathname}?${new URLSearchParams({ q: part })}`;
    nearestList(parts, nearest.map((part) => ({ title: part, url: link(part) })), this.texts);
    nearestList(names, close, this.texts);
  }

  fail(error) {
    this.clear();
    this.heading.hidden = true;
    this.isOutdated = error instanceof Outdated;
    this.say(this.isOutdated ? this.texts.outdated : this.texts.failed);
    this.retryButton.parentNode.hidden = false;
  }

  /** Arrow keys go from the box into the results, and up and down between them. */
  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.defaultPrevented || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const links = Array.from(this.list.querySelectorAll("h3 a"));
    const at = links.indexOf(event.target);
    if (at < 0 && (event.target !== this.input || step < 0)) return;
    const next = at + step < 0 ? this.input : links[at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

const root = document.querySelector(".search");
if (root) new SearchPage(root).begin();
