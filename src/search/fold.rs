//! How texts are compared: what readers do not tell apart is the same.
//!
//! Compatibility forms (NFKC: full and half width, ligatures), upper and lower case, traditional and
//! simplified characters, and the many quotation marks, brackets and dashes are folded into one each; white
//! space counts only between words that are written with it. The script folds what is asked for and
//! what it verifies in the same way, character by character; so here nothing depends on the
//! context but white space.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Traditional characters, each followed by its simplified form; from the table `TSCharacters` of
/// OpenCC (Apache-2.0), of several simplified forms the first.
const VARIANTS: &str = include_str!("variants.txt");

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| variants().collect());

/// Every traditional character with its simplified form.
fn variants() -> impl Iterator<Item = (char, char)> {
    let mut characters = VARIANTS.chars().filter(|c| *c != '\n');
    std::iter::from_fn(move || Some((characters.next()?, characters.next()?)))
}

/// The traditional characters, each followed by its simplified form, of which that is `known`.
///
/// Others have no use: the folded text of a site has simplified forms only, so that what a reader asks for
/// with a character of which it lacks that form is not there either way.
pub(super) fn variants_of(known: impl Fn(char) -> bool) -> String {
    let variants = variants().filter(|(_, simplified)| known(*simplified));
    variants
        .flat_map(|(traditional, simplified)| [traditional, simplified])
        .collect()
}

/// Marks of which readers know one only, by the character that stands for them.
const MARKS: [(&str, char); 9] = [
    ("“”„‟″〝〞「」『』«»", '"'),
    ("‘’‚‛′", '\''),
    ("〔【〖﹝[{", '('),
    ("〕】〗﹞]}", ')'),
    ("‐‑‒–—―−─", '-'),
    ("、", ','),
    ("。", '.'),
    ("•‧・", '·'),
    ("〜", '~'),
];

/// What is written but not seen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

fn is_space(c: char) -> bool {
    matches!(c, '\0'..=' ' | '\u{7f}'..='\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
        | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// Whether a folded character belongs to a script that sets words apart by spaces.
fn is_spaced(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='z' | '\u{c0}'..='\u{1fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Whether a character stays as it is in composed text (NFC), whatever stands beside it.
fn is_inert(c: char) -> bool {
    is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes && canonical_combining_class(c) == 0
}

/// Texts that are folded one after the other, in memory that is reused.
#[derive(Debug)]
pub(super) struct Folder {
    folded: Vec<char>,
    /// What the characters of the first plane become, by code point, as far as they have been met and
    /// become one character.
    known: Box<[char]>,
}

/// Stands for a character that has not been met.
const UNMET: char = '\0';

impl Default for Folder {
    fn default() -> Self {
        Folder {
            folded: Vec::new(),
            known: vec![UNMET; 0x1_0000].into(),
        }
    }
}

impl Folder {
    /// The folded characters of a text.
    pub(super) fn fold(&mut self, text: &str) -> &[char] {
        self.folded.clear();
        let is_composed = text.chars().all(|c| self.push_any(c, is_inert));
        if !is_composed {
            self.folded.clear();
            for c in text.nfc() {
                self.push_any(c, |_| true);
            }
        }
        if self.folded.last() == Some(&' ') {
            self.folded.pop();
        }
        &self.folded
    }

    /// Appends what a character becomes; not one that has not been met and is not `accepted`.
    fn push_any(&mut self, c: char, accepted: impl Fn(char) -> bool) -> bool {
        match self.known.get(c as usize) {
            Some(&known) if known != UNMET => self.push(known),
            _ if !accepted(c) => return false,
            _ => self.push_unmet(c),
        }
        true
    }

    fn push_unmet(&mut self, c: char) {
        if is_space(c) {
            if self.folded.last().copied().is_some_and(is_spaced) {
                self.folded.push(' ');
            }
        } else if !is_invisible(c) {
            let folded = folded(c);
            if let (Some(known), [only], true) =
                (self.known.get_mut(c as usize), &*folded, is_inert(c))
            {
                *known = *only;
            }
            for c in folded {
                self.push(c);
            }
        }
    }

    /// Appends a folded character; a space before it stays only where it parts words.
    fn push(&mut self, c: char) {
        if self.folded.last() == Some(&' ') && !is_spaced(c) {
            self.folded.pop();
        }
        self.folded.push(c);
    }
}

/// What a character that is neither space nor invisible becomes.
fn folded(c: char) -> Vec<char> {
    let compatible = std::iter::once(c).nfkc().flat_map(char::to_lowercase);
    let folded = compatible.map(|c| {
        let mark = MARKS.iter().find(|(marks, _)| marks.contains(c));
        let mark = mark.map(|(_, mark)| *mark);
        mark.or_else(|| SIMPLIFIED.get(&c).copied()).unwrap_or(c)
    });
    folded.filter(|c| !is_space(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(text: &str) -> String {
        Folder::default().fold(text).iter().collect()
    }

    #[test]
    fn what_readers_do_not_tell_apart_is_the_same() {
        for (one, other) in [
            ("舟普委办〔2021〕47号", "舟普委辦【２０２１】47號"),
            ("X 服务点", "ｘ服务点"),
            ("5 6 8 海岸线", "5 6 8海岸线"),
            ("Hello  World", "hello\u{a0}world"),
            ("“红领书记”工作室", "\"红领书记\"工作室"),
            ("渔嫂\u{200b}调解", "漁嫂調解"),
            ("  首尾 ", "首尾"),
            ("e\u{301}cole", "École"),
            ("—— 完", "--完"),
        ] {
            assert_eq!(fold(one), fold(other));
        }
    }

    #[test]
    fn what_differs_stays_apart() {
        assert_ne!(fold("new world"), fold("newworld"));
        assert_ne!(fold("(1)"), fold("1"));
        assert_ne!(fold("渔、嫂"), fold("渔嫂"));
        assert_eq!(fold("** 😀 **"), "**😀**");
    }

    #[test]
    fn of_variants_those_are_told_of_which_the_simplified_form_is_known() {
        let told = variants_of(|c| "渔办".contains(c));
        let mut pairs: Vec<String> = Vec::new();
        let characters: Vec<char> = told.chars().collect();
        for pair in characters.chunks(2) {
            pairs.push(pair.iter().collect());
        }
        assert!(pairs.contains(&"漁渔".into()) && pairs.contains(&"辦办".into()));
        assert!(pairs.iter().all(|pair| pair.ends_with(['渔', '办'])));
    }

    #[test]
    fn folding_twice_changes_nothing() {
        let mut folder = Folder::default();
        for c in ('\u{a1}'..='\u{2ffff}').filter(|c| !is_space(*c)) {
            let once: String = folder.fold(c.encode_utf8(&mut [0; 4])).iter().collect();
            let twice: String = folder.fold(&once).iter().collect();
            assert_eq!(twice, once, "{c:?}");
        }
    }
}
