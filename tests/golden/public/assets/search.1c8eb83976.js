const $$0=(()=>{const WAITS = [400, 1200];
class Gone extends Error {}
function pause(milliseconds) {
return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
async function attempt(request, url, options) {
const response = await request(url, options);
if ([403, 404, 410].indexOf(response.status) >= 0) throw new Gone(url);
if (!response.ok) throw new Error(`${response.status} ${url}`);
return new Uint8Array(await response.arrayBuffer());
}
async function load(request, url, options) {
for (const wait of WAITS) {
try {
return await attempt(request, url, options);
} catch (error) {
if (error instanceof Gone) throw error;
await pause(wait);
}
}
return attempt(request, url, options);
}
function text(bytes) {
return new TextDecoder().decode(bytes);
}
class Files {
constructor(base, request) {
this.base = base;
this.request = request;
this.known = new Map();
}
get(name, read, options) {
let found = this.known.get(name);
if (!found) {
found = load(this.request, new URL(name, this.base).href, options).then(read);
this.known.set(name, found);
found.catch(() => this.known.delete(name));
}
return found;
}
clear() {
this.known.clear();
}
}
return{Gone,load,text,Files}})();
const $$1=(()=>{const MARKS = new Map();
["\"“”„‟″〝〞「」『』«»", "'‘’‚‛′", "(〔【〖﹝[{", ")〕】〗﹞]}", "-‐‑‒–—―−─", ",、", ".。", "·•‧・", "~〜"].forEach((group) => {
Array.from(group).forEach((mark, at) => at > 0 && MARKS.set(mark, group[0]));
});
const SPACE = /[\0-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const INVISIBLE = /[\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]/;
const SPACED = /[0-9a-z\xc0-\u1fff\uac00-\ud7a3]/;
const NONE = new Map();
const known = new Map();
function isSpace(character) {
return SPACE.test(character);
}
function readVariants(text) {
const characters = Array.from(text).filter((character) => character !== "\n");
const variants = new Map();
for (let at = 0; at + 1 < characters.length; at += 2) variants.set(characters[at], characters[at + 1]);
return variants;
}
function folded(character, variants) {
const compatible = Array.from(character.normalize("NFKC"), (part) => part.toLowerCase()).join("");
return Array.from(compatible, (part) => MARKS.get(part) || variants.get(part) || part)
.filter((part) => !SPACE.test(part))
.join("");
}
function lookUp(character, variants) {
let table = known.get(variants);
if (!table) known.set(variants, (table = new Map()));
let found = table.get(character);
if (found === undefined) table.set(character, (found = folded(character, variants)));
return found;
}
function fold(text, variants = NONE, places = null) {
let result = "";
let pending = -1;
let at = 0;
for (const character of text.normalize("NFC")) {
const start = at;
at += character.length;
if (SPACE.test(character)) {
if (pending < 0 && result && SPACED.test(result[result.length - 1])) pending = start;
continue;
}
if (INVISIBLE.test(character)) continue;
const parts = lookUp(character, variants);
if (!parts) continue;
if (pending >= 0 && SPACED.test(parts[0])) {
result += " ";
if (places) places.push(pending);
}
pending = -1;
result += parts;
if (places) for (let unit = 0; unit < parts.length; unit += 1) places.push(start);
}
return result;
}
return{isSpace,readVariants,fold}})();
const $$2=(()=>{const ESCAPE = 24;
class Bits {
constructor(bytes) {
this.bytes = bytes;
this.at = 0;
}
ahead() {
const { bytes, at } = this;
const from = at >> 3;
const within = at & 7;
const word = (bytes[from] << 24) | (bytes[from + 1] << 16) | (bytes[from + 2] << 8) | bytes[from + 3];
return within === 0 ? word : (word << within) | (bytes[from + 4] >> (8 - within));
}
bits(count) {
if (count === 0) return 0;
const value = this.ahead() >>> (32 - count);
this.at += count;
return value;
}
run(bit, most) {
const count = Math.min(Math.clz32(bit === 1 ? ~this.ahead() : this.ahead()), most);
this.at += count === most ? count : count + 1;
return count;
}
rice(k) {
const quotient = this.run(1, ESCAPE);
return quotient === ESCAPE ? this.bits(32) : quotient * 2 ** k + this.bits(k);
}
gamma() {
const further = this.run(0, 31);
return 2 ** further + this.bits(further);
}
}
function parameter(total, count) {
return 31 - Math.clz32(Math.max(Math.floor(total / Math.max(count, 1)), 1));
}
return{Bits,parameter}})();
const $$3=(()=>{const Bits=$$2.Bits;const parameter=$$2.parameter;const Files=$$0.Files;const text=$$0.text;const readVariants=$$1.readVariants;const VERSION = 1;
const CHUNK = 64;
class Outdated extends Error {}
const NOTHING = { numbers: [], places: [] };
function json(bytes) {
return JSON.parse(text(bytes));
}
function digest(bits) {
const half = () => bits.bits(20).toString(16).padStart(5, "0");
return half() + half();
}
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
function skipList(bits, count, size) {
const hasPlaces = bits.bits(1) === 1;
const k = parameter(size, count);
for (let at = 0; at < count; at += 1) {
bits.rice(k);
if (hasPlaces) bits.at += 2;
}
}
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
class Index {
constructor(url, request) {
this.files = new Files(url, request);
this.name = url;
this.lists = new Map();
}
root() {
return this.files.get(this.name, (bytes) => {
const root = json(bytes);
if (root.version !== VERSION) throw new Outdated(`version ${root.version}`);
return root;
}, { cache: "no-cache" });
}
clear() {
this.files.clear();
this.lists.clear();
}
manifest(segment) {
return this.files.get(segment.manifest, readManifest);
}
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
async document(segment, number) {
const { chunks } = await this.manifest(segment);
const chunk = await this.files.get(chunks[Math.floor(number / CHUNK)], json);
const [url, title, kind, date, sample] = chunk[number % CHUNK];
return { url, title, kind, date, sample: Boolean(sample) };
}
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
async variants() {
const { variants } = await this.root();
return variants ? this.files.get(variants, (bytes) => readVariants(text(bytes))) : new Map();
}
async names() {
const { names } = await this.root();
return names ? this.files.get(names, json) : [];
}
}
return{Outdated,Index}})();
const $$4=(()=>{const fold=$$1.fold;const isSpace=$$1.isSpace;const MOST = 200;
const MOST_WORDS = 12;
const QUOTES = "\"“”„‟″〝〞「」『』«»";
function wordsOf(query) {
const characters = Array.from(query).slice(0, MOST);
const words = [];
let [text, quoted] = ["", false];
const finish = () => {
const word = text.trim();
if (fold(word) && !words.some((known) => known.text === word)) words.push({ text: word, quoted });
text = "";
};
characters.forEach((character, at) => {
if (QUOTES.indexOf(character) >= 0) {
const isPaired = quoted || characters.slice(at + 1).some((later) => QUOTES.indexOf(later) >= 0);
if (isPaired) {
finish();
quoted = !quoted;
return;
}
}
if (!quoted && isSpace(character)) finish();
else text += character;
});
finish();
if (words.length === 0 && fold(query)) words.push({ text: characters.join("").trim(), quoted: true });
return words.slice(0, MOST_WORDS);
}
function phraseOf(query) {
const text = Array.from(query).slice(0, MOST).join("").trim();
return fold(text) ? [{ text, quoted: true }] : [];
}
function synonymsOf(word, lists, variants) {
if (word.quoted) return [];
const folded = fold(word.text, variants);
const group = (lists || []).find((list) => list.some((other) => fold(other, variants) === folded));
return (group || []).filter((other) => fold(other, variants) !== folded);
}
return{MOST,wordsOf,phraseOf,synonymsOf}})();
const $$5=(()=>{const FEW = 12;
const ROUND = 8;
function common(one, other) {
const both = { numbers: [], places: [] };
let at = 0;
one.numbers.forEach((number, index) => {
while (other.numbers[at] < number) at += 1;
if (other.numbers[at] !== number) return;
both.numbers.push(number);
both.places.push(Math.min(one.places[index], other.places[at]));
});
return both;
}
function rounds(phrase) {
const points = Array.from(phrase, (character) => character.codePointAt(0));
if (points.length === 1) return [[[points[0], 0]]];
const all = points.slice(1).map((second, at) => [points[at], second]);
const seen = new Set();
const isNew = ([first, second]) => {
const key = `${first} ${second}`;
return !seen.has(key) && seen.add(key);
};
const last = all.length - 1;
const cover = all.filter((term, at) => at % 2 === 0 || at === last).filter(isNew);
const rest = all.filter((term, at) => at % 2 === 1 && at !== last).filter(isNew);
const parts = [];
[cover, rest].forEach((terms) => {
for (let at = 0; at < terms.length; at += ROUND) parts.push(terms.slice(at, at + ROUND));
});
return parts;
}
function isExact(phrase) {
return Array.from(phrase).length <= 2;
}
async function lookUp(index, segment, phrase) {
let found = null;
for (const terms of rounds(phrase)) {
const lists = await Promise.all(terms.map((term) => index.postings(segment, term)));
lists.sort((a, b) => a.numbers.length - b.numbers.length);
found = lists.reduce((all, list) => (all ? common(all, list) : list), found);
if (found.numbers.length <= FEW) break;
}
return found;
}
async function partsFound(index, segments, phrase) {
const characters = Array.from(phrase).slice(0, 24);
const pairs = characters.slice(1).map((character, at) => [characters[at], character].map((c) => c.codePointAt(0)));
const parts = new Map();
await Promise.all(segments.map(async (segment) => {
const lists = await Promise.all(pairs.map((pair) => index.postings(segment, pair)));
let reached = 0;
for (let start = 0; start < lists.length; start += 1) {
let [end, held] = [start, lists[start]];
while (end < lists.length && held.numbers.length > 0) {
end += 1;
if (end < lists.length) held = common(held, lists[end]);
}
if (end > start && end > reached) parts.set(characters.slice(start, end + 1).join(""), end - start);
reached = Math.max(reached, end);
}
}));
const longest = Array.from(parts.keys()).sort((a, b) => parts.get(b) - parts.get(a));
return longest.filter((part, at) => !longest.slice(0, at).some((longer) => longer.indexOf(part) >= 0));
}
return{rounds,isExact,lookUp,partsFound}})();
const $$6=(()=>{const fold=$$1.fold;const INLINE = new Set(("a abbr b bdi bdo cite code data del dfn em i ins kbd mark q s samp small span strong sub sup time u var "
+ "wbr").split(" "));
const SKIPPED = "nav, script, style, svg, button, summary, [hidden], [data-search=no], .sample, .planned, .sample-note, .meta";
const LABELS = "h2, thead, caption, .facts dt, .byline dt, .meta-list dt, .reach-facts dt, .poster-facts dt, .more, tfoot, .stats, .amount, .bar-cell, "
+ ".align-right, .indicators td, a:not([download]):not([data-photo]):not([href^=tel]):not([href^=mailto])";
const SENTENCE = /[。！？；!?;]/;
const BEFORE = 36;
const AFTER = 80;
function placeOf(name) {
if (name === "h1") return 2;
return /^h[2-6]$/.test(name) ? 1 : 0;
}
function sectionOf(heading, main) {
const holder = heading.closest("[id]");
if (!holder || !main.contains(holder) || holder === main) return null;
return { id: holder.id, title: heading.textContent.trim() };
}
function blocks(main) {
const found = [];
let text = "";
let place = 0;
let section = null;
const finish = () => {
const shown = text.replace(/\s+/g, " ").trim().normalize("NFC");
if (shown) found.push({ text: shown, place, section });
text = "";
};
const walk = (node, inBody) => {
if (node.nodeType === 3) text += node.data;
if (node.nodeType !== 1) return;
const name = node.localName;
if (name === "br") {
text += " ";
return;
}
const own = placeOf(name);
if (own > 0) section = own === 1 ? sectionOf(node, main) : null;
const isSkipped = node.matches(SKIPPED) || (!inBody && node.matches(LABELS));
const isInline = INLINE.has(name) && !isSkipped;
if (!isInline) finish();
if (isSkipped) return;
if (!isInline) place = own;
if (name === "img" && !inBody) text = node.alt;
node.childNodes.forEach((child) => walk(child, inBody || node.classList.contains("body")));
if (isInline) return;
finish();
place = 0;
};
main.childNodes.forEach((node) => walk(node, false));
finish();
return found;
}
function foldedText(block, variants) {
if (block.variants !== variants || block.folded === undefined) {
block.variants = variants;
block.folded = fold(block.text, variants);
}
return block.folded;
}
function blockWith(found, phrases, variants) {
let best = null;
found.forEach((block) => {
if (best && best.place >= block.place) return;
const text = foldedText(block, variants);
if (phrases.some((phrase) => text.indexOf(phrase) >= 0)) best = block;
});
return best;
}
function opening(found) {
const texts = found.filter((block) => block.place === 0);
return texts.find(({ text }) => SENTENCE.test(text)) || texts.find(({ text }) => /[^\d\s年月日:：.-]/.test(text));
}
function spans(text, phrases, variants) {
const places = [];
const folded = fold(text, variants, places);
const all = [];
phrases.forEach((phrase) => {
for (let at = folded.indexOf(phrase); at >= 0; at = folded.indexOf(phrase, at + phrase.length)) {
const last = places[at + phrase.length - 1];
all.push([places[at], last + String.fromCodePoint(text.codePointAt(last)).length]);
}
});
return all.sort((one, other) => one[0] - other[0]);
}
function marked(text, phrases, variants) {
const shown = text.normalize("NFC");
const parts = [];
let at = 0;
spans(shown, phrases, variants).forEach(([start, end]) => {
if (end <= at) return;
const from = Math.max(start, at);
if (from > at) parts.push({ text: shown.slice(at, from), marked: false });
parts.push({ text: shown.slice(from, end), marked: true });
at = end;
});
if (at < shown.length) parts.push({ text: shown.slice(at), marked: false });
return parts;
}
function whole(text, at) {
const unit = text.charCodeAt(at);
return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}
function excerpt(text, phrases, variants) {
const [span] = spans(text, phrases, variants);
const [start, end] = span || [0, 0];
let from = start;
while (from > 0 && start - from < BEFORE && !SENTENCE.test(text[from - 1])) from -= 1;
let to = end;
while (to < text.length && to - end < AFTER && !SENTENCE.test(text[to])) to += 1;
if (to < text.length && SENTENCE.test(text[to])) to += 1;
from = whole(text, from);
to = whole(text, to);
const parts = marked(text.slice(from, to).trim(), phrases, variants);
const isCut = (at) => at > 0 && at < text.length && !SENTENCE.test(text[at - 1]);
if (isCut(from)) parts.unshift({ text: "…", marked: false });
if (isCut(to)) parts.push({ text: "…", marked: false });
return parts;
}
return{blocks,blockWith,opening,marked,excerpt}})();
const $$7=(()=>{const Files=$$0.Files;const Gone=$$0.Gone;const text=$$0.text;const fold=$$1.fold;const Index=$$3.Index;const phraseOf=$$4.phraseOf;const synonymsOf=$$4.synonymsOf;const wordsOf=$$4.wordsOf;const isExact=$$5.isExact;const lookUp=$$5.lookUp;const partsFound=$$5.partsFound;const blockWith=$$6.blockWith;const blocks=$$6.blocks;const excerpt=$$6.excerpt;const marked=$$6.marked;const opening=$$6.opening;const TITLES = 64;
const PAGES = 4;
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
class Engine {
constructor(url, request) {
this.index = new Index(url, request);
this.pages = new Files(url, request);
this.variants = undefined;
}
prepare() {
this.index.root().then(({ segments }) => Promise.all(segments.map((segment) => this.index.manifest(segment)))).catch(() => {});
}
clear() {
this.index.clear();
this.pages.clear();
}
fold(written) {
return fold(written, this.variants);
}
async learnVariants() {
if (this.variants) return false;
const variants = await this.index.variants();
const isNew = !this.variants;
this.variants = variants;
return isNew;
}
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
search(query, options = {}) {
return new Search(this, query, options).start();
}
async find(query, options = {}) {
const search = await this.search(query, options);
const results = [];
await search.more(Infinity, { found() {}, checked: (result) => results.push(result.url), gone() {}, isStale: () => false });
return results;
}
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
if (met.some((count) => count === 0) && await engine.learnVariants()) {
const before = this.words.map((word) => word.phrases.join("\n")).join("\n\n");
this.readWords(synonyms);
if (this.words.map((word) => word.phrases.join("\n")).join("\n\n") !== before) met = await this.gather();
}
await this.promote();
return this;
}
readWords(synonyms) {
const { engine } = this;
this.words = this.written.map((word) => {
const others = this.isPhrase ? [] : synonymsOf(word, synonyms, engine.variants);
const phrases = [word.text].concat(others).map((one) => engine.fold(one)).filter(Boolean);
return { text: word.text, others, phrases, exact: phrases.every(isExact) };
});
this.phrases = this.words.reduce((all, word) => all.concat(word.phrases), []);
}
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
async documentsOf(segment, word) {
const lists = await Promise.all(word.phrases.map((phrase) => lookUp(this.engine.index, segment, phrase)));
const places = new Map();
lists.forEach(({ numbers, places: of }) => numbers.forEach((number, at) => {
places.set(number, Math.max(of[at], places.get(number) || 0));
}));
return places;
}
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
sort() {
this.candidates.sort((one, other) => other.words - one.words || other.place - one.place || one.order - other.order
|| (one.segment.name === "undated" ? one.number - other.number : other.number - one.number));
}
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
get isCounted() {
return this.at >= this.candidates.length || this.words.every((word) => word.exact);
}
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
async tell(batch, told) {
const coming = batch.map(async ({ segment, number }) => {
const known = await this.engine.index.document(segment, number);
return Object.assign({ titleParts: marked(known.title, this.phrases, this.engine.variants), excerpts: [] }, known);
});
coming.forEach((one) => one.catch(() => {}));
const results = [];
for (const one of coming) {
results.push(await one);
if (told.isStale()) break;
told.found(results.slice(-1));
}
return results;
}
async hasAny() {
if (this.words.every((word) => word.exact)) return this.candidates.length > 0;
for (; this.at < Math.min(this.candidates.length, 5); this.at += 1) {
const { segment, number } = this.candidates[this.at];
const result = Object.assign({ excerpts: [] }, await this.engine.index.document(segment, number));
if (await this.check(result)) return true;
}
return false;
}
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
const first = opening(page);
if (seen.length === 0 && first) result.excerpts.push({ parts: excerpt(first.text, this.phrases, variants), section: null });
const isInTitle = found.every((block) => !block || block.place === 2);
result.section = isInTitle ? null : seen[0].section;
return true;
}
}
return{Engine}})();
const $$8=(()=>{const fold=$$1.fold;function readNames(names) {
return names.map(([title, url, kind, syllables, sample]) => ({
title, url, kind, sample: Boolean(sample),
folded: fold(title),
spoken: (syllables || "").split(" ").filter(Boolean).map((syllable) => syllable.split("/")),
}));
}
function isSpoken(letters, spoken, at) {
if (!letters) return true;
if (at >= spoken.length) return false;
return spoken[at].some((syllable) => {
let length = 0;
while (length < letters.length && letters[length] === syllable[length]) length += 1;
for (; length > 0; length -= 1) if (isSpoken(letters.slice(length), spoken, at + 1)) return true;
return false;
});
}
function rank(name, wanted, letters) {
const at = name.folded.indexOf(wanted);
if (at >= 0) return at === 0 ? 0 : 1;
if (!letters) return 9;
const start = name.spoken.findIndex((syllable, from) => isSpoken(letters, name.spoken, from));
if (start < 0) return 9;
return start === 0 ? 2 : 3;
}
function suggested(names, typed, most) {
const wanted = fold(typed);
if (!wanted || wanted.length > 40) return [];
const [letters] = /^[a-z0-9' ]+$/.test(wanted) ? [wanted.replace(/[' ]/g, "")] : [""];
const ranked = names.map((name) => ({ name, rank: rank(name, wanted, letters) })).filter((found) => found.rank < 9);
ranked.sort((one, other) => one.rank - other.rank || one.name.folded.length - other.name.folded.length);
return ranked.slice(0, most).map(({ name }) => name);
}
function similar(names, typed, most) {
const wanted = new Set(fold(typed).replace(/[ -~]/g, ""));
const shared = (name) => Array.from(new Set(name.folded)).filter((character) => wanted.has(character)).length;
const counted = names.map((name) => ({ name, count: shared(name) })).filter(({ count }) => count >= 2);
counted.sort((one, other) => other.count - one.count || one.name.folded.length - other.name.folded.length);
return counted.slice(0, most).map(({ name }) => name);
}
return{readNames,suggested,similar}})();
const $$9=(()=>{function element(name, className, ...content) {
const made = document.createElement(name);
if (className) made.className = className;
made.append(...content);
return made;
}
function inParts(parts) {
return parts.map(({ text, marked }) => (marked ? element("mark", "", text) : text));
}
function badge(texts) {
return element("span", "sample", texts.sample);
}
function dayInWords(iso, texts) {
const [year, month, day] = iso.split("-").map(Number);
return texts.date.replace("{year}", year).replace("{month}", month).replace("{day}", day);
}
function resultItem(result, texts, kinds) {
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
function showExcerpts(item, result, texts) {
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
function nearestList(holder, items, texts) {
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
return{element,resultItem,showExcerpts,nearestList}})();
const $$10=(()=>{const Engine=$$7.Engine;const Gone=$$0.Gone;const Outdated=$$3.Outdated;const readNames=$$8.readNames;const similar=$$8.similar;const suggested=$$8.suggested;const MOST=$$4.MOST;const nearestList=$$9.nearestList;const resultItem=$$9.resultItem;const showExcerpts=$$9.showExcerpts;const STILL = 100;
const PATIENCE = 800;
const AT_A_TIME = 10;
function fill(text, values) {
return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
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
this.run = 0;
this.timer = 0;
this.search = null;
this.isAsked = false;
this.isFresh = false;
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
recall() {
const asked = new URLSearchParams(location.search);
this.input.value = Array.from(asked.get("q") || "").slice(0, MOST).join("");
["kind", "organization", "year"].forEach((name) => {
const field = this.form.elements[name];
const value = asked.get(name) || "";
field.value = Array.from(field.options).some((option) => option.value === value) ? value : "";
});
}
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
if (run === this.run) this.ask();
} finally {
this.moreButton.disabled = false;
}
}
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
return{}})();

