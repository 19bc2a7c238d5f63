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
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct Text {
    /// The Chinese sentence.
    pub zh: String,
    /// The English sentence.
    pub en: String,
}

/// Longest sentence, in characters.
const LONGEST_SENTENCE: usize = 600;

impl Text {
    /// The same words in both languages, for names and values.
    pub fn same(words: impl fmt::Display) -> Self {
        let words = words.to_string();
        Text {
            zh: words.clone(),
            en: words,
        }
    }

    /// The same cut to a length that can be read, for sentences that quote what somebody wrote.
    pub(super) fn clipped(self) -> Text {
        let clip = |sentence: String| match sentence.char_indices().nth(LONGEST_SENTENCE) {
            Some((end, _)) => format!("{}…", &sentence[..end]),
            None => sentence,
        };
        Text {
            zh: clip(self.zh),
            en: clip(self.en),
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

/// The remedy "did you mean …", when one of `candidates` is close enough to `written`; for a
/// single question. [`Known`] answers many.
pub fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
) -> Option<Text> {
    Known::new(candidates).did_you_mean(written)
}

/// Longest text, in characters, for which there are suggestions.
const LONGEST: usize = 64;

/// What somebody may have meant: identifiers, each with a title where it has one.
pub struct Known<'a>(Vec<(&'a str, Option<&'a str>, Profile, Profile)>);

impl<'a> Known<'a> {
    /// Those that are known.
    pub fn new(candidates: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Self {
        let candidates = candidates.into_iter().map(|(id, title)| {
            let profile = title.map_or(Profile::NOTHING, Profile::of);
            (id, title, Profile::of(id), profile)
        });
        Known(candidates.collect())
    }

    /// The remedy "did you mean …", when one of the known is close enough to `written`.
    pub fn did_you_mean(&self, written: &str) -> Option<Text> {
        let (id, title) = self.nearest(written)?;
        Some(match title {
            Some(title) => text!(
                "是不是 `{id}`（{title}）？",
                "did you mean `{id}` ({title})?"
            ),
            None => text!("是不是 `{id}`？", "did you mean `{id}`?"),
        })
    }

    /// The known identifier that is closest to `written`, with its title, if it is close enough.
    ///
    /// Both identifier and title are compared with what was written. The distance allowed grows
    /// with the length (a third of the characters, at least one), so that short ids are not
    /// matched to anything at all.
    pub fn nearest(&self, written: &str) -> Option<(&'a str, Option<&'a str>)> {
        let profile = Profile::of(written);
        if profile.length > LONGEST {
            return None;
        }
        let folded = written.to_lowercase();
        let limit = (profile.length / 3).max(1);
        let distance = |known: &str, other: &Profile| {
            if profile.is_far_from(other, limit) {
                return usize::MAX;
            }
            strsim::osa_distance(&folded, &known.to_lowercase())
        };
        let nearest = self.0.iter().filter_map(|(id, title, of_id, of_title)| {
            let by_id = distance(id, of_id);
            let by_title = title.map_or(usize::MAX, |title| distance(title, of_title));
            let nearest = by_id.min(by_title);
            (nearest <= limit).then_some((nearest, *id, *title))
        });
        let (_, id, title) = nearest.min().or_else(|| self.containing(&folded))?;
        Some((id, title))
    }

    /// The shortest that contains `written`, as 街道总工会 contains 总工会, and `568-haianxian` 568.
    fn containing(&self, written: &str) -> Option<(usize, &'a str, Option<&'a str>)> {
        if written.chars().count() < 2 {
            return None;
        }
        let contains = |known: &str| known.to_lowercase().contains(written);
        let containing = self.0.iter().filter_map(|(id, title, of_id, of_title)| {
            let length = match title {
                Some(title) if contains(title) => of_title.length,
                _ if contains(id) => of_id.length,
                _ => return None,
            };
            Some((length, *id, *title))
        });
        containing.min()
    }
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
    /// Of no text; far from every other.
    const NOTHING: Profile = Profile {
        length: usize::MAX,
        characters: 0,
    };

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
    fn a_part_of_a_title_or_identifier_is_recognised_when_nothing_is_near() {
        let known = [
            ("zonggonghui", Some("街道总工会")),
            ("568-haianxian", Some("街道党群服务中心（568海岸线）")),
        ];
        for (written, id) in [("总工会", "zonggonghui"), ("568", "568-haianxian")] {
            let hint = did_you_mean(written, known).unwrap();
            assert!(hint.zh.contains(id), "{written}: {hint:?}");
        }
        assert_eq!(did_you_mean("会", known), None);
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
