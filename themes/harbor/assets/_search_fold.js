// How texts are compared: exactly as where the index is made (src/search/fold.rs), character by character.

// Marks of which readers know one only; the first of each group stands for all.
const MARKS = new Map();
["\"“”„‟″〝〞「」『』«»", "'‘’‚‛′", "(〔【〖﹝[{", ")〕】〗﹞]}", "-‐‑‒–—―−─", ",、", ".。", "·•‧・", "~〜"].forEach((group) => {
  Array.from(group).forEach((mark, at) => at > 0 && MARKS.set(mark, group[0]));
});

const SPACE = /[\0-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const INVISIBLE = /[\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]/;
// Scripts that set words apart by spaces.
const SPACED = /[0-9a-z\xc0-\u1fff\uac00-\ud7a3]/;

const NONE = new Map();

// What single characters become, as far as they have been met, by the variants in use.
const known = new Map();

/** Whether a character is white space. */
export function isSpace(character) {
  return SPACE.test(character);
}

/** The table of variants that a text tells: each traditional character followed by its simplified form. */
export function readVariants(text) {
  const characters = Array.from(text).filter((character) => character !== "\n");
  const variants = new Map();
  for (let at = 0; at + 1 < characters.length; at += 2) variants.set(characters[at], characters[at + 1]);
  return variants;
}

/** What a character that is neither space nor invisible becomes. */
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

/** The text as it is compared; `variants` is the table of traditional characters, if it is there. With
    `places`, an array, each unit of the result gets there the unit of the text (in its form NFC) that it
    comes from. */
export function fold(text, variants = NONE, places = null) {
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
    // A space stays only where it parts words.
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
