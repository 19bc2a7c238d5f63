// The index of the search as src/search/mod.rs describes it: which documents have a term.
import { Bits, parameter } from "./_search_bits.js";
import { Files, text } from "./_search_files.js";
import { readVariants } from "./_search_fold.js";

// The version of the files' form that is known here.
const VERSION = 1;
// How many documents a chunk tells of.
const CHUNK = 64;
/** An index of a form that is not known here: the page is older than what the site has now. */
export class Outdated extends Error {}

const NOTHING = { numbers: [], places: [] };

function json(bytes) {
  return JSON.parse(text(bytes));
}

function digest(bits) {
  const half = () => bits.bits(20).toString(16).padStart(5, "0");
  return half() + half();
}

/** What a manifest tells: the first term and the file of each shard, the file of each chunk. */
function readManifest(bytes) {
  const bits = new Bits(bytes);
  const [documents, shardCount, chunkCount] = [bits.bits(32), bits.bits(32), bits.bits(32)];
  const shards = [];
  let first = 0;
  for (let at = 0; at < shardCount; at += 1) {
    first += bits.rice(4);
    shards.push({ first, second: bits.bits(21), name: `${digest(bits)}.bin` });
  }
  const chunks = [];
  for (let at = 0; at < chunkCount; at += 1) chunks.push(`${digest(bits)}.json`);
  return { documents, shards, chunks };
}

/** The shard that has a term if any has: the last that does not begin after it. */
function shardOf(shards, [first, second]) {
  let [low, high] = [0, shards.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const shard = shards[middle];
    if (shard.first < first || (shard.first === first && shard.second <= second)) low = middle + 1;
    else high = middle;
  }
  return shards[low - 1];
}

/** Reads the documents of a term, `count` of them. */
function readList(bits, count, size) {
  const hasPlaces = bits.bits(1) === 1;
  const k = parameter(size, count);
  const list = { numbers: [], places: [] };
  let next = 0;
  for (let at = 0; at < count; at += 1) {
    const number = next + bits.rice(k);
    list.numbers.push(number);
    list.places.push(hasPlaces ? bits.bits(2) : 0);
    next = number + 1;
  }
  return list;
}

/** Passes over the documents of a term. */
function skipList(bits, count, size) {
  const hasPlaces = bits.bits(1) === 1;
  const k = parameter(size, count);
  for (let at = 0; at < count; at += 1) {
    bits.rice(k);
    if (hasPlaces) bits.at += 2;
  }
}

/** Finds a term in a shard. */
function seek(bytes, [first, second]) {
  const bits = new Bits(bytes);
  const size = 2 ** bits.bits(5);
  const terms = bits.bits(24);
  const [j, k] = [bits.bits(5), bits.bits(5)];
  let [one, two] = [0, 0];
  for (let at = 0; at < terms; at += 1) {
    const [step, further] = [bits.rice(j), bits.rice(k)];
    two = step === 0 && at > 0 ? two + further + 1 : further;
    one += step;
    if (one > first || (one === first && two > second)) return NOTHING;
    const count = bits.gamma();
    if (one === first && two === second) return readList(bits, count, size);
    skipList(bits, count, size);
  }
  return NOTHING;
}

/** The index at an address; `request` is `fetch`. */
export class Index {
  constructor(url, request) {
    this.files = new Files(url, request);
    this.name = url;
    // The documents of each term that has been looked up, which further letters of a query ask for again.
    this.lists = new Map();
  }

  /** The index as a whole, what the site has at the moment it is first asked for. */
  root() {
    return this.files.get(this.name, (bytes) => {
      const root = json(bytes);
      if (root.version !== VERSION) throw new Outdated(`version ${root.version}`);
      return root;
    }, { cache: "no-cache" });
  }

  /** Begins again, since the site has a newer index. */
  clear() {
    this.files.clear();
    this.lists.clear();
  }

  manifest(segment) {
    return this.files.get(segment.manifest, readManifest);
  }

  /** The documents of a segment that have a term, given as two code points, and where they have it. */
  async postings(segment, term) {
    const { shards } = await this.manifest(segment);
    const shard = shardOf(shards, term);
    if (!shard) return NOTHING;
    const key = `${shard.name} ${term}`;
    if (!this.lists.has(key)) {
      const bytes = await this.files.get(shard.name, (read) => read);
      this.lists.set(key, seek(bytes, term));
    }
    return this.lists.get(key);
  }

  /** What is known of a document before its page is there. */
  async document(segment, number) {
    const { chunks } = await this.manifest(segment);
    const chunk = await this.files.get(chunks[Math.floor(number / CHUNK)], json);
    const [url, title, kind, date, sample] = chunk[number % CHUNK];
    return { url, title, kind, date, sample: Boolean(sample) };
  }

  /** Whether a document of a segment is of a kind, an organization, a year; each may be empty. */
  async filter(segment, { kind, organization, year }) {
    const { kinds, kind: digits, years, organizations } = await this.files.get(segment.filters, json);
    let number = 0;
    const numbers = organization && new Set((organizations[organization] || []).map((gap) => (number += gap)));
    const span = years.findIndex(([one]) => String(one) === year);
    const start = span < 0 ? Infinity : years[span][1];
    const end = span >= 0 && years[span + 1] ? years[span + 1][1] : Infinity;
    return (of) => (!kind || kinds[parseInt(digits[of], 36)] === kind)
      && (!organization || numbers.has(of))
      && (!year || (of >= start && of < end));
  }

  /** Characters that are written in two ways. */
  async variants() {
    const { variants } = await this.root();
    return variants ? this.files.get(variants, (bytes) => readVariants(text(bytes))) : new Map();
  }

  /** What organizations, projects and stations are called, and how that is spoken. */
  async names() {
    const { names } = await this.root();
    return names ? this.files.get(names, json) : [];
  }
}
