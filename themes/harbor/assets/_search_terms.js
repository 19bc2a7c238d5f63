// Which documents may have a phrase: those that have each of its bigrams.

// With so few candidates their pages tell more than further shards do.
const FEW = 12;
// How many terms are looked up at a time.
const ROUND = 8;

/** The documents that are in both lists, each at the lesser of its places. */
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

/** The terms of a folded phrase, in rounds: first those that cover it, then the rest. */
export function rounds(phrase) {
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

/** Whether the index alone tells which documents have a phrase. */
export function isExact(phrase) {
  return Array.from(phrase).length <= 2;
}

/** The documents of a segment that may have a phrase, none being missed, and at best where. */
export async function lookUp(index, segment, phrase) {
  let found = null;
  for (const terms of rounds(phrase)) {
    const lists = await Promise.all(terms.map((term) => index.postings(segment, term)));
    lists.sort((a, b) => a.numbers.length - b.numbers.length);
    found = lists.reduce((all, list) => (all ? common(all, list) : list), found);
    if (found.numbers.length <= FEW) break;
  }
  return found;
}

/** The longest parts of a folded phrase that documents may have, the longest first. */
export async function partsFound(index, segments, phrase) {
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
      // What lies within a part that begins earlier is no part of its own.
      if (end > start && end > reached) parts.set(characters.slice(start, end + 1).join(""), end - start);
      reached = Math.max(reached, end);
    }
  }));
  const longest = Array.from(parts.keys()).sort((a, b) => parts.get(b) - parts.get(a));
  return longest.filter((part, at) => !longest.slice(0, at).some((longer) => longer.indexOf(part) >= 0));
}
