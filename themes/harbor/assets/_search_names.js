// Names of organizations, projects and stations, found by their characters and by how they are spoken.
import { fold } from "./_search_fold.js";

/** Names of the index, `[title, url, kind, syllables, sample?]`, ready to be compared. */
export function readNames(names) {
  return names.map(([title, url, kind, syllables, sample]) => ({
    title, url, kind, sample: Boolean(sample),
    folded: fold(title),
    spoken: (syllables || "").split(" ").filter(Boolean).map((syllable) => syllable.split("/")),
  }));
}

/** Whether letters are the beginnings of syllables that follow one another from `at` on: `fl`, `fulia`. */
function isSpoken(letters, spoken, at) {
  if (!letters) return true;
  if (at >= spoken.length) return false;
  return spoken[at].some((syllable) => {
    let length = 0;
    while (length < letters.length && letters[length] === syllable[length]) length += 1;
    // The longest beginning is not always the right one: `xian` may be `xi an`.
    for (; length > 0; length -= 1) if (isSpoken(letters.slice(length), spoken, at + 1)) return true;
    return false;
  });
}

/** How well a name fits, less being better; 9 when it does not. */
function rank(name, wanted, letters) {
  const at = name.folded.indexOf(wanted);
  if (at >= 0) return at === 0 ? 0 : 1;
  if (!letters) return 9;
  const start = name.spoken.findIndex((syllable, from) => isSpoken(letters, name.spoken, from));
  if (start < 0) return 9;
  return start === 0 ? 2 : 3;
}

/** The names that fit what has been typed, the best first. */
export function suggested(names, typed, most) {
  const wanted = fold(typed);
  if (!wanted || wanted.length > 40) return [];
  const [letters] = /^[a-z0-9' ]+$/.test(wanted) ? [wanted.replace(/[' ]/g, "")] : [""];
  const ranked = names.map((name) => ({ name, rank: rank(name, wanted, letters) })).filter((found) => found.rank < 9);
  ranked.sort((one, other) => one.rank - other.rank || one.name.folded.length - other.name.folded.length);
  return ranked.slice(0, most).map(({ name }) => name);
}

/** The names that have most characters in common with what has been typed, two at least. */
export function similar(names, typed, most) {
  const wanted = new Set(fold(typed).replace(/[ -~]/g, ""));
  const shared = (name) => Array.from(new Set(name.folded)).filter((character) => wanted.has(character)).length;
  const counted = names.map((name) => ({ name, count: shared(name) })).filter(({ count }) => count >= 2);
  counted.sort((one, other) => other.count - one.count || one.name.folded.length - other.name.folded.length);
  return counted.slice(0, most).map(({ name }) => name);
}
