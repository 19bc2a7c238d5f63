//! Ids for headings.

use std::collections::{BTreeSet, HashMap};

use unicode_normalization::UnicodeNormalization;

/// The ids of a body, each once.
#[derive(Default)]
pub(super) struct Ids {
    taken: BTreeSet<String>,
    last_suffix: HashMap<String, u32>,
}

impl Ids {
    /// Takes `wanted`, or the first of `wanted-2`, `wanted-3`… that is free.
    pub(super) fn claim(&mut self, wanted: &str) -> String {
        if self.taken.insert(wanted.to_owned()) {
            return wanted.to_owned();
        }
        let suffix = self.last_suffix.entry(wanted.to_owned()).or_insert(1);
        loop {
            *suffix += 1;
            let id = format!("{wanted}-{suffix}");
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }

    /// All ids taken.
    pub(super) fn into_set(self) -> BTreeSet<String> {
        self.taken
    }
}

/// The id that a heading's title suggests.
///
/// NFC; letters and digits of every script kept, ASCII in lower case; spaces become `-`; all other
/// punctuation is dropped. Begins with a letter, so that every tool accepts it, hence
/// `section-2024年` for "2024年", and `section` for a title without any letter.
pub(super) fn slug(title: &str) -> String {
    const FALLBACK: &str = "section";
    let mut slug = String::with_capacity(title.len());
    for c in title.nfc() {
        if c.is_alphanumeric() || c == '_' {
            slug.push(c.to_ascii_lowercase());
        } else if (c.is_whitespace() || c == '-') && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    match slug.chars().next() {
        None => FALLBACK.to_owned(),
        Some(first) if first.is_alphabetic() => slug,
        Some(_) => format!("{FALLBACK}-{slug}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_keeps_han_lowers_ascii_and_drops_punctuation() {
        assert_eq!(slug("一、办事 指南（FAQ）"), "一办事-指南faq");
        assert_eq!(slug("C++ / Rust 入门"), "c-rust-入门");
        assert_eq!(slug("cafe\u{301}"), "café");
    }

    #[test]
    fn a_slug_is_never_empty_and_begins_with_a_letter() {
        assert_eq!(slug("！？"), "section");
        assert_eq!(slug("2024年计划"), "section-2024年计划");
    }

    #[test]
    fn repeated_ids_get_suffixes_around_those_already_taken() {
        let mut ids = Ids::default();
        for (wanted, given) in [("a", "a"), ("a-2", "a-2"), ("a", "a-3"), ("a", "a-4")] {
            assert_eq!(ids.claim(wanted), given);
        }
    }
}
