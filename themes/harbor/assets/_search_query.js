// What is asked for, in words: those in quotation marks are phrases as they stand.
import { fold, isSpace } from "./_search_fold.js";

/** How many characters of what is asked for count. */
export const MOST = 200;
const MOST_WORDS = 12;
const QUOTES = "\"“”„‟″〝〞「」『』«»";

/** The words of a query: `{text, quoted}`; without any mark in pairs, white space parts them. */
export function wordsOf(query) {
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
  // Of nothing but quotation marks, these are what is asked for.
  if (words.length === 0 && fold(query)) words.push({ text: characters.join("").trim(), quoted: true });
  return words.slice(0, MOST_WORDS);
}

/** The whole query as one phrase. */
export function phraseOf(query) {
  const text = Array.from(query).slice(0, MOST).join("").trim();
  return fold(text) ? [{ text, quoted: true }] : [];
}

/** The other words that mean the same as a word, by the lists of the index. */
export function synonymsOf(word, lists, variants) {
  if (word.quoted) return [];
  const folded = fold(word.text, variants);
  const group = (lists || []).find((list) => list.some((other) => fold(other, variants) === folded));
  return (group || []).filter((other) => fold(other, variants) !== folded);
}
