//! Messages in Chinese and English, written side by side.

use std::fmt;

/// The language in which a person is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Chinese, simplified.
    Zh,
    /// English.
    En,
}

/// A sentence in both languages.
///
/// Both are formatted at once: diagnostics are rare, and a message that exists in one language
/// only cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text {
    /// The Chinese sentence.
    pub zh: String,
    /// The English sentence.
    pub en: String,
}

impl Text {
    /// The same words in both languages, for names and values.
    pub fn same(words: impl fmt::Display) -> Self {
        let words = words.to_string();
        Text {
            zh: words.clone(),
            en: words,
        }
    }

    /// The sentence in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Builds a [`Text`] from two format strings: Chinese, then English.
///
/// Further arguments are given to both, as in `text!("没有 {0}", "no {0}", name)`; inline captures
/// such as `{name}` work too.
macro_rules! text {
    ($zh:literal, $en:literal $(, $arg:expr)* $(,)?) => {
        $crate::diag::Text { zh: format!($zh $(, $arg)*), en: format!($en $(, $arg)*) }
    };
}
pub(crate) use text;

/// The remedy "did you mean …", when one of `candidates` is close enough to `written`.
///
/// Each candidate is an identifier and, where it has one, a title to show beside it; both are
/// compared with what was written. The distance allowed grows with the length (a third of the
/// characters, at least one), so that short ids are not matched to anything at all.
pub fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
) -> Option<Text> {
    let folded = written.to_lowercase();
    let limit = (written.chars().count() / 3).max(1);
    let profile = Profile::of(written);
    let distance = |known: &str| {
        if profile.is_far_from(&Profile::of(known), limit) {
            return usize::MAX;
        }
        strsim::osa_distance(&folded, &known.to_lowercase())
    };
    let (_, id, title) = candidates
        .into_iter()
        .filter_map(|(id, title)| {
            let by_id = distance(id);
            let by_title = title.map_or(usize::MAX, &distance);
            let nearest = by_id.min(by_title);
            (nearest <= limit).then_some((nearest, id, title))
        })
        .min()?;
    Some(match title {
        Some(title) => text!(
            "是不是 `{id}`（{title}）？",
            "did you mean `{id}` ({title})?"
        ),
        None => text!("是不是 `{id}`？", "did you mean `{id}`?"),
    })
}

/// What tells two texts apart without comparing them: their lengths and, one bit each, which
/// characters they have.
///
/// Thousands of wrong ids are compared with thousands of known ones; this makes it a hundred
/// times cheaper.
struct Profile {
    length: usize,
    characters: u64,
}

impl Profile {
    fn of(text: &str) -> Self {
        let mut profile = Profile {
            length: 0,
            characters: 0,
        };
        for character in text.chars().flat_map(char::to_lowercase) {
            profile.length += 1;
            profile.characters |= 1 << (u32::from(character) % 64);
        }
        profile
    }

    /// Whether more than `limit` insertions, deletions, substitutions and transpositions lie
    /// between the two, since each changes the length by at most one and adds and removes at most
    /// one character.
    fn is_far_from(&self, other: &Profile, limit: usize) -> bool {
        let missing = |a: u64, b: u64| (a & !b).count_ones() as usize;
        self.length.abs_diff(other.length) > limit
            || missing(self.characters, other.characters) > limit
            || missing(other.characters, self.characters) > limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_identifier_is_suggested_with_its_title() {
        let hint = did_you_mean("funian", [("fulian", Some("街道妇联")), ("kexie", None)]).unwrap();
        assert_eq!(hint.zh, "是不是 `fulian`（街道妇联）？");
    }

    #[test]
    fn a_title_written_instead_of_an_identifier_is_recognised() {
        let hint = did_you_mean("街道妇联", [("fulian", Some("街道妇联"))]).unwrap();
        assert!(hint.en.contains("`fulian`"));
    }

    #[test]
    fn the_quick_look_never_rules_out_what_is_near() {
        let near = [
            ("funian", "fulian"),
            ("ab", "ba"),
            ("Ä", "ä"),
            ("街道妇连", "街道妇联"),
        ];
        for (written, known) in near {
            assert!(
                did_you_mean(written, [(known, None)]).is_some(),
                "{written}"
            );
        }
    }

    #[test]
    fn nothing_is_suggested_when_nothing_is_near() {
        assert_eq!(did_you_mean("xyz", [("fulian", Some("街道妇联"))]), None);
    }
}
