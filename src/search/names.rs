//! The names that readers are offered while they type: of organizations, projects and stations.
//!
//! Most people write Chinese by typing its pronunciation, so that a name is offered before a single
//! character of it stands in the field: `fl` is enough for 街道妇联.
//!
//! # The file
//!
//! A JSON array of `[title, url, kind, syllables]`, with a fifth element `1` where the entry or its
//! title is illustrative. In `syllables` each Han character of the title is a *word*, its pinyin
//! without tones, and so is each run of other letters and digits, in lower case; words are separated by
//! spaces, and nothing else is in it: `568海岸线` has `568 hai an xian`. A character that is read in
//! several ways has them all, separated by `/`: 重 is `zhong/chong`. `ü` is written `v`, as it is typed.
//!
//! # How it is to be matched
//!
//! What is typed is folded as everything that is searched for. What has a Han character in it is looked
//! for in the titles. From anything else all but letters and digits is left out – so that `fu lian`
//! and `xi'an` are the same as without – and `ü` becomes `v`; when nothing is left, nothing is offered.
//! A name is offered when the typed letters *lead through* its words from any one of them on:
//!
//! - to the next word leads the whole of any reading of a word, or its initial: the first letter, and of
//!   `zh`, `ch` and `sh` both letters too. A word that begins with a digit has no initial;
//! - what is left at last has to be the beginning of a reading of the next word, or all of it.
//!
//! So `fulian`, `fl`, `fulia`, `ful` and `flian` lead through `fu lian`, while `fuan` and `fulianx` do
//! not. All ways have to be tried: `xian` leads through `xi an` and begins `xian`. Names come in the
//! order of the word from which on they match, the first word first, then in the order of the file.

use std::collections::HashMap;
use std::sync::LazyLock;

use pinyin::ToPinyin;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use crate::link::{EntryId, Site};
use crate::model::Kind;

/// The kinds whose names are offered.
const OFFERED: [Kind; 3] = [Kind::Organization, Kind::Project, Kind::Station];

/// Characters that people of today read in several ways, each followed by these. Dictionaries know
/// many more readings, most of them old or rare: with those too, names would be offered for which
/// nobody has asked.
const READINGS: &str = include_str!("readings.txt");

static SEVERAL: LazyLock<HashMap<char, &str>> = LazyLock::new(|| {
    let entries = READINGS.split_whitespace();
    let entry = |entry: &'static str| {
        let character = entry.chars().next()?;
        Some((character, &entry[character.len_utf8()..]))
    };
    entries.filter_map(entry).collect()
});

/// The file of names.
pub(super) fn names(site: &Site) -> String {
    let collections = site.collections.iter();
    let offered = collections.filter(|(kind, _)| OFFERED.contains(kind));
    let ids = offered.flat_map(|(_, ids)| ids);
    let searched = ids.filter(|id| site.entry(**id).is_searched());
    Value::Array(searched.map(|id| record(site, *id)).collect()).to_string()
}

fn record(site: &Site, id: EntryId) -> Value {
    let entry = site.entry(id);
    let (title, url) = (entry.title(), site.addresses.page(&entry.path));
    let (kind, syllables) = (entry.raw.kind.name(), syllables(title));
    if entry.raw.common.sample.is_whole() || entry.is_sample("title") {
        json!([title, url, kind, syllables, 1])
    } else {
        json!([title, url, kind, syllables])
    }
}

/// How a title is pronounced.
fn syllables(title: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    // Whether the next letter belongs to the last word.
    let mut is_open = false;
    // Full width is the same as half width to who types.
    for character in title.nfkc().flat_map(char::to_lowercase) {
        let reading = reading(character);
        let is_letter = reading.is_none() && character.is_alphanumeric();
        match words.last_mut() {
            Some(last) if is_letter && is_open => last.push(character),
            _ if is_letter => words.push(character.into()),
            _ => words.extend(reading),
        }
        is_open = is_letter;
    }
    words.join(" ")
}

/// How a Han character is read: its pinyin, several separated by `/`, or the character itself where
/// that is not known; `None` for any other character.
fn reading(character: char) -> Option<String> {
    if let Some(several) = SEVERAL.get(&character) {
        return Some((*several).to_owned());
    }
    match character.to_pinyin() {
        Some(pinyin) => Some(as_typed(pinyin.plain())),
        None => is_ideograph(character).then(|| character.into()),
    }
}

/// Pinyin as it is typed on a keyboard without `ü`; what is `lüe` to dictionaries is typed either way.
fn as_typed(pinyin: &str) -> String {
    let typed = pinyin.replace('ü', "v").replace('ê', "e");
    match typed.strip_suffix("ve") {
        Some(initial) => format!("{typed}/{initial}ue"),
        None => typed,
    }
}

/// Whether a character is of the blocks of Han characters, compatibility forms left out.
fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content;
    use crate::diag::SourcePath;
    use crate::link::{Inputs, Linked, Publicity};
    use crate::markdown;
    use crate::model::date::Moment;
    use crate::model::snapshot::{InputFile, Snapshot};
    use std::sync::Arc;

    #[test]
    fn every_han_character_is_a_syllable() {
        for (title, expected) in [
            ("街道妇联", "jie dao fu lian"),
            ("568海岸线", "568 hai an xian"),
            ("街道总工会", "jie dao zong gong hui/kuai"),
            ("红色110工作室", "hong se 110 gong zuo shi"),
            ("妇女之家", "fu nv zhi jia"),
            ("战略", "zhan lve/lue"),
            (
                "重庆银行音乐厅",
                "zhong/chong qing yin xing/hang yin le/yue ting",
            ),
            ("繁體婦聯", "fan ti fu lian"),
        ] {
            assert_eq!(syllables(title), expected);
        }
    }

    #[test]
    fn letters_and_digits_stand_as_they_are() {
        for (title, expected) in [
            ("", ""),
            ("😀 🎉", ""),
            ("“19+X”站点", "19 x zhan dian"),
            ("ＷｅＣｈａｔ　１２３", "wechat 123"),
            ("X光室（A1区）", "x guang shi a1 qu"),
            ("O'Neil–Café", "o neil café"),
            ("カナ", "カナ"),
            // Characters without a known reading.
            ("\u{2ffff}\u{3ffff}1", "\u{2ffff} \u{3ffff} 1"),
        ] {
            assert_eq!(syllables(title), expected);
        }
    }

    #[test]
    fn every_character_is_read_in_several_ways_once() {
        let entries: Vec<&str> = READINGS.split_whitespace().collect();
        assert_eq!(SEVERAL.len(), entries.len());
        for entry in entries {
            let character = entry.chars().next().unwrap();
            let mut readings: Vec<&str> = SEVERAL[&character].split('/').collect();
            let is_pinyin = |reading: &&str| reading.bytes().all(|byte| byte.is_ascii_lowercase());
            assert!(readings.iter().all(is_pinyin), "{character}");
            readings.dedup();
            assert!(readings.len() > 1, "{character}");
        }
    }

    /// Whether `typed` leads through the words, as the documentation of the module says.
    fn leads_through(words: &[&str], typed: &str) -> bool {
        let Some((word, rest)) = words.split_first() else {
            return false;
        };
        word.split('/').any(|reading| {
            let has_initial = !reading.starts_with(|first: char| first.is_ascii_digit());
            let digraph = reading.get(..2);
            let digraph = digraph.filter(|start| ["zh", "ch", "sh"].contains(start));
            let ways = [
                Some(reading),
                digraph,
                reading.get(..1).filter(|_| has_initial),
            ];
            let on = ways
                .iter()
                .flatten()
                .filter_map(|way| typed.strip_prefix(way));
            reading.starts_with(typed) || on.into_iter().any(|left| leads_through(rest, left))
        })
    }

    fn is_offered(title: &str, typed: &str) -> bool {
        let syllables = syllables(title);
        let words: Vec<&str> = syllables.split(' ').collect();
        (0..words.len()).any(|from| leads_through(&words[from..], typed))
    }

    #[test]
    fn names_are_found_by_what_is_typed() {
        for (title, typed) in [
            (
                "街道妇联",
                "fl fulian fulia ful flian jdfl jiedao jiedfl daofu l f",
            ),
            ("568海岸线", "568 56 568hax haianxian hax 568haian"),
            ("中国银行", "zgyh zhgyh zhongguoyinhang zhonggyh yinxing"),
            ("西安路（先进）", "xian xa xialu xianlu xj xianjin xa"),
            ("妇女之家", "fnzj nvzhijia nzj"),
            ("“19+X”站点", "19x xzd 19xzhan"),
        ] {
            for typed in typed.split(' ') {
                assert!(is_offered(title, typed), "{title} {typed}");
            }
        }
        for (title, typed) in [
            ("街道妇联", "fuan fulianx lf jfl jidao lianfu"),
            ("568海岸线", "5h 5hax 68 hx"),
        ] {
            for typed in typed.split(' ') {
                assert!(!is_offered(title, typed), "{title} {typed}");
            }
        }
    }

    fn linked(files: &[(&str, &str)]) -> Linked {
        let mut snapshot = Snapshot::default();
        for (path, text) in files {
            let file = InputFile::of_bytes(text.as_bytes().to_vec());
            snapshot.files.insert(SourcePath::new(*path), file);
        }
        let raw = content::read(&snapshot, &mut content::Memo::default()).value;
        let parsed = raw.entries.into_iter().map(|entry| {
            let outline = Arc::new(markdown::parse(entry.body_text()));
            (entry, outline)
        });
        let entries = parsed.collect();
        let settings = raw.config.unwrap();
        Linked::new(Inputs {
            config: settings.config.clone(),
            settings: Some(settings),
            entries,
            synonyms: raw.synonyms,
            broken: raw.broken,
            snapshot,
            publicity: Publicity {
                as_of: Moment::parse("2021-05-20").unwrap().start(),
                drafts: false,
            },
        })
    }

    #[test]
    fn names_are_in_the_order_of_the_collections() {
        let linked = linked(&[
            (
                "site.yaml",
                "title: 站\nbase_url: https://example.org/qt/\nowner: 街道\n",
            ),
            (
                "content/stations/a.yaml",
                "title: 阵地\nkind: center\nsample: [title]\n",
            ),
            (
                "content/stations/b.yaml",
                "title: 不搜\nkind: center\nsearch: false\n",
            ),
            (
                "content/projects/a.yaml",
                "title: 说\"引号\"与\\\nsample: true\n",
            ),
            (
                "content/projects/b.yaml",
                "title: 项目\nsample: [slogan]\nslogan: 口号\n",
            ),
            (
                "content/organizations/z.yaml",
                "title: 妇联\nkind: womens_federation\n",
            ),
            ("content/pages/a.yaml", "title: 单页\n"),
        ]);
        let expected = json!([
            ["妇联", "/qt/organizations/z/", "organization", "fu lian"],
            [
                "说\"引号\"与\\",
                "/qt/projects/a/",
                "project",
                "shuo/shui yin hao yu",
                1
            ],
            ["项目", "/qt/projects/b/", "project", "xiang mu"],
            ["阵地", "/qt/stations/a/", "station", "zhen di/de", 1],
        ]);
        let written: Value = serde_json::from_str(&names(&linked.site)).unwrap();
        assert_eq!(written, expected);
    }
}
