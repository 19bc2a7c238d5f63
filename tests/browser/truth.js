// What a search should find, by looking through every page: for tests and benchmarks, in the browser.
import { Engine, blocks, fold } from "/shipped.js";

// What the blocks of text are cut from where a block is one value of the entry's own: in other places labels of
// the theme and values meet in one block, as in 群团之家 一楼.
const OWN = "h1, .summary, .slogan, .question, .document-number, .body, figcaption, .chips, .agenda, .byline dd, .task-title";

// What readers look for that is no prose.
const KINDS = {
  numbers: /\d{2,}/g,
  documents: /[\u4e00-\u9fff]{0,6}[〔[（(]\d{4}[〕\]）)]\d+号/g,
  mixed: /[\u4e00-\u9fff]{1,3}[0-9A-Za-z+]+[\u4e00-\u9fff]{0,3}|[0-9A-Za-z+]+[\u4e00-\u9fff]{1,3}/g,
};

/** Numbers below a bound that are the same for the same seed (mulberry32). */
function generator(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Some of the values, drawn at random. */
function drawn(values, count, random) {
  const left = Array.from(values);
  const taken = [];
  while (taken.length < count && left.length > 0) taken.push(left.splice(random(left.length), 1)[0]);
  return taken;
}

/** How much of what was wanted has been found, and how much of what has been found was wanted. */
export class Tally {
  constructor() {
    Object.assign(this, { queries: 0, faultless: 0, wanted: 0, found: 0, right: 0, added: 0 });
    this.wrong = [];
  }

  add(phrase, there, found, isRight = (url) => there.has(url)) {
    const missed = Array.from(there).filter((url) => !found.has(url));
    const added = Array.from(found).filter((url) => !isRight(url));
    this.queries += 1;
    this.wanted += there.size;
    this.found += found.size;
    this.right += there.size - missed.length;
    this.added += added.length;
    if (missed.length === 0 && added.length === 0) this.faultless += 1;
    else this.wrong.push({ phrase, missed: missed.slice(0, 5), added: added.slice(0, 5) });
  }
}

/** The pages of a site, and its search; `index` is the address of the index. */
export class Truth {
  constructor(index) {
    this.engine = new Engine(new URL(index, location.href).href, (url, options) => fetch(url, options));
    // Of each page the folded blocks, one a line: no folded text has a line break.
    this.pages = new Map();
    // The same of all that `main` holds, what the index leaves out too.
    this.whole = new Map();
    this.cuts = [];
    this.names = [];
  }

  /** Reads every page that is searched. */
  async read() {
    const { engine } = this;
    await engine.learnVariants();
    const { segments } = await engine.index.root();
    for (const segment of segments) {
      for (let number = 0; number < segment.documents; number += 1) {
        const { url } = await engine.index.document(segment, number);
        const main = new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html").querySelector("main");
        this.pages.set(url, this.folded(blocks(main)));
        this.whole.set(url, engine.fold(main.textContent));
        main.querySelectorAll(OWN).forEach((element) => this.cuts.push(...blocks(element).map(({ text }) => text)));
      }
    }
    this.names = (await engine.index.names()).map(([title]) => title);
    return this;
  }

  folded(found) {
    return found.map(({ text }) => this.engine.fold(text)).join("\n");
  }

  /** The phrases to be asked for: `count` cut at random from the text, and up to `each` of every other kind. */
  phrases(count, each, seed) {
    const random = generator(seed);
    const phrases = { cuts: [], names: drawn(new Set(this.names), each, random) };
    while (phrases.cuts.length < count) {
      const block = Array.from(this.cuts[random(this.cuts.length)]);
      const length = 2 + random(7);
      const start = random(Math.max(block.length - length, 0) + 1);
      const phrase = block.slice(start, start + length).join("").trim();
      if (Array.from(fold(phrase)).length >= 2) phrases.cuts.push(phrase);
    }
    Object.keys(KINDS).forEach((kind) => {
      const all = new Set();
      this.cuts.forEach((text) => (text.match(KINDS[kind]) || []).forEach((found) => all.add(found)));
      phrases[kind] = drawn(all, each, random);
    });
    return phrases;
  }

  /** The addresses of all pages with a phrase in one block. */
  there(phrase) {
    const folded = this.engine.fold(phrase);
    const found = new Set();
    this.pages.forEach((text, url) => text.indexOf(folded) >= 0 && found.add(url));
    return found;
  }

  /** Compares with that what the search finds, the query being one phrase. */
  async compare(phrases) {
    const tally = new Tally();
    for (const phrase of phrases) {
      tally.add(phrase, this.there(phrase), new Set(await this.engine.find(phrase, { phrase: true })));
    }
    return tally;
  }
}
