//! Search without a server: an index in many small files, of which a reader's browser fetches few.
//!
//! Input: the linked site. Output: files below `search/`. The script of the theme reads them; what it
//! shows it has verified in the text of the page itself, so the index only has to miss nothing.
//!
//! # What is found
//!
//! Of each entry with a page (`search: false` keeps one out): title, headings, body, captions, and the
//! facts of its keys, each a *block*. Blocks are folded (`fold`), and every two characters that follow one
//! another in a block (a *bigram*), and every single one, lead to the entries that have them. No dictionary
//! decides what a word is, so that no phrase is missed.
//!
//! # Files
//!
//! | file | holds |
//! |---|---|
//! | `search/index.json` | the one name that stays: `version`, `segments` (`name`, `documents`, `manifest`, `filters`), `names`, `variants`, `synonyms` (lists of words that mean the same) |
//! | manifest | binary: the shards of a segment and what each begins with, and its chunks |
//! | shard | binary: bigrams in order, each with the numbers of its documents |
//! | chunk | JSON: `[url, title, kind, date, sample]` of 64 documents that follow one another |
//! | filters | JSON, of a segment: `kinds` (names), `kind` (of each document the digit, base 36, of its kind), `years` (`[year, first document]`), `organizations` (by URL the documents that refer to it: the first number, then the differences) |
//! | names | JSON: `[title, url, kind, syllables]` of organizations, projects, stations |
//! | variants | text: traditional characters, each followed by its simplified form, those of which the site has that |
//!
//! All but `index.json` are named by ten hexadecimal digits of their digest: `search/1f2e3d4c5b.bin`,
//! `.json`, `.txt`. An open page goes on with the files it knows, or begins again where one is gone.
//!
//! A *segment* is the entries of a time, the oldest first: `month` (the latest month that has any), `year` (the
//! rest of its year), `archive` (all years before) and `undated`. A new report therefore changes the few
//! files of the latest month and nothing else.
//!
//! # Binary form
//!
//! A stream of bits, the highest of each byte first. `bits(n)` is a number in n bits; `rice(k)` is ones, a
//! zero, and k bits, where from 24 ones on (without the zero) 32 bits hold the number itself; `gamma` is
//! zeros and a number of one bit more than these.
//!
//! Manifest: `bits(32)` documents, `bits(32)` shards, `bits(32)` chunks; of each shard the term it begins
//! with, `rice(4)` how much its first character is after that of the shard before (at the start: after
//! 0) and `bits(21)` its second character, both as code points, and its digest as `bits(20) bits(20)`; of each
//! chunk its digest likewise. A term is in the last shard that does not begin after it.
//!
//! Shard: `bits(5)` *s*, where 2^*s* is at least the number of documents of the segment, `bits(24)` terms,
//! `bits(5)` *j*, `bits(5)` *k*. Terms are in the
//! order of their first, then their second character (0: the first one alone). Of each term:
//! `rice(j)` how much its first character is after that of the term before (at the start: after 0);
//! `rice(k)` its second character, where the first is the same how much it is after that before, less one;
//! `gamma` *n*, how many documents have it; `bits(1)` whether any has it in its title or in headings; then, of
//! each document in order, `rice(m)` how many are between it and the one before, where *m* is
//! the position of the highest bit of 2^*s* / *n* (rounded down, at least 1), and, where that bit was 1,
//! `bits(2)`: 0 in neither, 1 in headings, 2 in the title.

mod bits;
mod files;
mod fold;
mod memo;
mod names;
mod patch;
mod segment;
mod shard;
mod terms;
mod text;

pub use files::index_path;
pub use memo::Memo;
