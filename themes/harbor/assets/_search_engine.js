// Searching: candidates by the index, in order, and what the pages themselves say.
import { Files, Gone, text } from "./_search_files.js";
import { fold } from "./_search_fold.js";
import { Index } from "./_search_index.js";
import { phraseOf, synonymsOf, wordsOf } from "./_search_query.js";
import { isExact, lookUp, partsFound } from "./_search_terms.js";
import { blockWith, blocks, excerpt, marked, opening } from "./_search_text.js";

// How many of the candidates that may have everything in their titles are looked at before they are put first.
const TITLES = 64;
// How many pages are read at a time.
const PAGES = 4;

/** Applies `task` to all, a few at a time, and resolves to the results. */
async function pooled(items, task) {
  const results = [];
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await task(items[at]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(PAGES, items.length) }, work));
  return results;
}

/** Searches a site: `url` is that of its index, `request` is `fetch`. */
export class Engine {
  constructor(url, request) {
    this.index = new Index(url, request);
    this.pages = new Files(url, request);
    // The table of traditional characters, once it has been needed.
    this.variants = undefined;
  }

  /** Fetches what every search needs; should that fail, the search will say so. */
  prepare() {
    this.index.root().then(({ segments }) => Promise.all(segments.map((segment) => this.index.manifest(segment)))).catch(() => {});
  }

  /** Forgets an index that the site does not have any more. */
  clear() {
    this.index.clear();
    this.pages.clear();
  }

  fold(written) {
    return fold(written, this.variants);
  }

  /** Fetches the table of variants; whether it was not there before. */
  async learnVariants() {
    if (this.variants) return false;
    const variants = await this.index.variants();
    const isNew = !this.variants;
    this.variants = variants;
    return isNew;
  }

  /** The blocks of a page, or `null` where there is none any more. */
  page(url) {
    const read = (bytes) => {
      const page = new DOMParser().parseFromString(text(bytes), "text/html");
      return blocks(page.querySelector("main") || page.body);
    };
    return this.pages.get(url, read).catch((error) => {
      if (error instanceof Gone) return null;
      throw error;
    });
  }

  /** Begins a search: `phrase` takes the query as one phrase, without synonyms; `any` wants one of the words
      only; `filters` are kind, organization and year. Fails with `Gone` where the site has a newer index. */
  search(query, options = {}) {
    return new Search(this, query, options).start();
  }

  /** The addresses of all pages that have what is asked for. */
  async find(query, options = {}) {
    const search = await this.search(query, options);
    const results = [];
    await search.more(Infinity, { found() {}, checked: (result) => results.push(result.url), gone() {}, isStale: () => false });
    return results;
  }

  /** Parts of what was asked for that pages do have, the longest first, four at most. */
  async nearest(query) {
    const { segments } = await this.index.root();
    const parts = await partsFound(this.index, segments, this.fold(query));
    const kept = [];
    for (const part of parts.slice(0, 8)) {
      if (kept.length === 4) break;
      const search = await this.search(part, { phrase: true });
      if (await search.hasAny()) kept.push(part);
    }
    return kept;
  }
}

/** One search: which documents may have what is asked for, in order, and how far they have been shown. */
class Search {
  constructor(engine, query, { phrase = false, any = false, filters = null }) {
    this.engine = engine;
    this.any = any;
    this.filters = filters;
    this.isPhrase = phrase;
    this.written = phrase ? phraseOf(query) : wordsOf(query);
    this.words = [];
    this.candidates = [];
    this.at = 0;
  }

  async start() {
    const { engine } = this;
    const { segments, synonyms } = await engine.index.root();
    this.segments = segments;
    this.readWords(synonyms);
    let met = await this.gather();
    // The index knows simplified characters only.
    if (met.some((count) => count === 0) && await engine.learnVariants()) {
      const before = this.words.map((word) => word.phrases.join("\n")).join("\n\n");
      this.readWords(synonyms);
      if (this.words.map((word) => word.phrases.join("\n")).join("\n\n") !== before) met = await this.gather();
    }
    await this.promote();
    return this;
  }

  /** Folds the words, with the phrases that mean the same. */
  readWords(synonyms) {
    const { engine } = this;
    this.words = this.written.map((word) => {
      const others = this.isPhrase ? [] : synonymsOf(word, synonyms, engine.variants);
      const phrases = [word.text].concat(others).map((one) => engine.fold(one)).filter(Boolean);
      return { text: word.text, others, phrases, exact: phrases.every(isExact) };
    });
    this.phrases = this.words.reduce((all, word) => all.concat(word.phrases), []);
  }

  /** Makes the list of candidates; resolves to how many documents each word has. */
  async gather() {
    const counts = this.words.map(() => 0);
    const parts = await Promise.all(this.segments.map(async (segment, order) => {
      const [maps, allows] = await Promise.all([
        Promise.all(this.words.map((word) => this.documentsOf(segment, word))),
        this.filters ? this.engine.index.filter(segment, this.filters) : () => true,
      ]);
      maps.forEach((map, at) => { counts[at] += map.size; });
      return this.join(maps, allows).map((found) => Object.assign(found, { segment, order }));
    }));
    this.candidates = [].concat(...parts);
    this.sort();
    return counts;
  }

  /** The documents of a segment that may have a word or what means the same, with their places. */
  async documentsOf(segment, word) {
    const lists = await Promise.all(word.phrases.map((phrase) => lookUp(this.engine.index, segment, phrase)));
    const places = new Map();
    lists.forEach(({ numbers, places: of }) => numbers.forEach((number, at) => {
      places.set(number, Math.max(of[at], places.get(number) || 0));
    }));
    return places;
  }

  /** The documents that have all words, or any: how many they have, and where the worst of them stands. */
  join(maps, allows) {
    const found = new Map();
    maps.forEach((map) => map.forEach((place, number) => {
      const known = found.get(number);
      if (known) {
        known.words += 1;
        known.place = this.any ? Math.max(known.place, place) : Math.min(known.place, place);
      } else if (allows(number)) found.set(number, { number, place, words: 1 });
    }));
    const all = Array.from(found.values());
    return this.any ? all : all.filter(({ words }) => words === maps.length);
  }

  /** Puts first what has more words, then by place; then what has no date, then the newest. */
  sort() {
    this.candidates.sort((one, other) => other.words - one.words || other.place - one.place || one.order - other.order
      || (one.segment.name === "undated" ? one.number - other.number : other.number - one.number));
  }

  /** Puts those back that have the parts of a phrase in the title, but not the phrase. */
  async promote() {
    if (this.words.length === 0 || this.words.every((word) => word.exact)) return;
    const doubtful = this.candidates.filter(({ place }) => place === 2).slice(0, TITLES);
    await Promise.all(doubtful.map(async (candidate) => {
      const { title } = await this.engine.index.document(candidate.segment, candidate.number);
      const folded = this.engine.fold(title);
      const has = (word) => word.phrases.some((phrase) => folded.indexOf(phrase) >= 0);
      if (!(this.any ? this.words.some(has) : this.words.every(has))) candidate.place = 1;
    }));
    this.sort();
  }

  /** Whether all that is left is known to be right without looking at pages. */
  get isCounted() {
    return this.at >= this.candidates.length || this.words.every((word) => word.exact);
  }

  /** Looks at further candidates until `count` are found right. Tells `told.found` of results as soon as
      their titles are known, `told.checked` and `told.gone` of each when its page has been read. */
  async more(count, told) {
    let kept = 0;
    while (kept < count && this.at < this.candidates.length && !told.isStale()) {
      const batch = this.candidates.slice(this.at, count === Infinity ? undefined : this.at + count - kept);
      const results = await this.tell(batch, told);
      if (told.isStale()) break;
      this.at += batch.length;
      const right = await pooled(results, async (result) => {
        if (told.isStale()) return false;
        const isRight = await this.check(result);
        if (!told.isStale()) (isRight ? told.checked : told.gone)(result);
        return isRight;
      });
      kept += right.filter(Boolean).length;
    }
    return kept;
  }

  /** Tells of candidates in their order, each as soon as its title is there; resolves to all of them. */
  async tell(batch, told) {
    const coming = batch.map(async ({ segment, number }) => {
      const known = await this.engine.index.document(segment, number);
      return Object.assign({ titleParts: marked(known.title, this.phrases, this.engine.variants), excerpts: [] }, known);
    });
    // Where one fails nobody waits for the others, of which some may fail too.
    coming.forEach((one) => one.catch(() => {}));
    const results = [];
    for (const one of coming) {
      results.push(await one);
      if (told.isStale()) break;
      told.found(results.slice(-1));
    }
    return results;
  }

  /** Whether any candidate is right. */
  async hasAny() {
    if (this.words.every((word) => word.exact)) return this.candidates.length > 0;
    for (; this.at < Math.min(this.candidates.length, 5); this.at += 1) {
      const { segment, number } = this.candidates[this.at];
      const result = Object.assign({ excerpts: [] }, await this.engine.index.document(segment, number));
      if (await this.check(result)) return true;
    }
    return false;
  }

  /** Whether the page of a result has what is asked for; if so, adds where. A page that cannot be fetched is
      taken at the index's word. */
  async check(result) {
    let page;
    try {
      page = await this.engine.page(result.url);
    } catch (error) {
      return true;
    }
    if (!page) return false;
    if (this.inspect(page, result)) return true;
    return await this.engine.learnVariants() && this.reread(page, result);
  }

  /** Looks again, with the table of variants. */
  reread(page, result) {
    this.words.forEach((word) => { word.phrases = word.phrases.map((phrase) => this.engine.fold(phrase)); });
    this.phrases = this.words.reduce((all, word) => all.concat(word.phrases), []);
    return this.inspect(page, result);
  }

  inspect(page, result) {
    const { variants } = this.engine;
    const found = this.words.map((word) => blockWith(page, word.phrases, variants));
    if (this.any ? !found.some(Boolean) : !found.every(Boolean)) return false;
    const seen = found.filter((block, at) => block && block.place < 2 && found.indexOf(block) === at);
    seen.slice(0, 2).forEach((block) => {
      result.excerpts.push({ parts: excerpt(block.text, this.phrases, variants), section: block.section });
    });
    // Under a title alone, the page's first sentence says what it is about.
    const first = opening(page);
    if (seen.length === 0 && first) result.excerpts.push({ parts: excerpt(first.text, this.phrases, variants), section: null });
    // What stands in the title is read from the top.
    const isInTitle = found.every((block) => !block || block.place === 2);
    result.section = isInTitle ? null : seen[0].section;
    return true;
  }
}
