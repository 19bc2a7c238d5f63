// The text of a page block by block, as the index has it (src/markdown/blocks.rs), and phrases in it.
import { fold } from "./_search_fold.js";

// Elements that do not part a text.
const INLINE = new Set(("a abbr b bdi bdo cite code data del dfn em i ins kbd mark q s samp small span strong sub sup time u var "
  + "wbr").split(" "));
// What is not the entry's own text: controls, badges, what templates mark so.
const SKIPPED = "nav, script, style, svg, button, summary, [hidden], [data-search=no], .sample, .planned, .sample-note, .meta";
// Beside the body, texts of the theme and the names of other entries are not either.
const LABELS = "h2, thead, caption, .facts dt, .byline dt, .meta-list dt, .reach-facts dt, .poster-facts dt, .more, tfoot, .stats, .amount, .bar-cell, "
  + ".align-right, .indicators td, a:not([download]):not([data-photo]):not([href^=tel]):not([href^=mailto])";
const SENTENCE = /[。！？；!?;]/;
// How much of a long sentence is shown before and after a phrase.
const BEFORE = 36;
const AFTER = 80;

/** The place of a block: 2 in the title, 1 in a heading, 0 elsewhere. */
function placeOf(name) {
  if (name === "h1") return 2;
  return /^h[2-6]$/.test(name) ? 1 : 0;
}

function sectionOf(heading, main) {
  const holder = heading.closest("[id]");
  if (!holder || !main.contains(holder) || holder === main) return null;
  return { id: holder.id, title: heading.textContent.trim() };
}

/** The blocks of text in an element: `{text, place, section}`, section being where on the page they are. */
export function blocks(main) {
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
    // Of pictures in the body the index has the captions only.
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

/** A block's text as it is compared. */
function foldedText(block, variants) {
  if (block.variants !== variants || block.folded === undefined) {
    block.variants = variants;
    block.folded = fold(block.text, variants);
  }
  return block.folded;
}

/** The block that has any of the phrases, in the best place, the first such. */
export function blockWith(found, phrases, variants) {
  let best = null;
  found.forEach((block) => {
    if (best && best.place >= block.place) return;
    const text = foldedText(block, variants);
    if (phrases.some((phrase) => text.indexOf(phrase) >= 0)) best = block;
  });
  return best;
}

/** The block that says what a page is about: its first that is a sentence, or else the first that is more than
    the date, which a result shows anyway. */
export function opening(found) {
  const texts = found.filter((block) => block.place === 0);
  return texts.find(({ text }) => SENTENCE.test(text)) || texts.find(({ text }) => /[^\d\s年月日:：.-]/.test(text));
}

/** Where in a text (of form NFC) the phrases are: pairs of start and end, in order. */
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

/** A text in parts, `{text, marked}`, with the phrases marked. */
export function marked(text, phrases, variants) {
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

/** Never between the two halves of a character. */
function whole(text, at) {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}

/** The sentence of a block around the first of the phrases, in parts. */
export function excerpt(text, phrases, variants) {
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
