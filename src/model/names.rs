//! Names of files, folders and URL segments that work on every machine.
//!
//! Source of the reserved names and characters: Microsoft, "Naming Files, Paths, and Namespaces".

use unicode_normalization::UnicodeNormalization;

use crate::diag::{Code, Problem, text};

/// Longest name of one file or folder, in bytes; file systems stop at 255.
const LONGEST_NAME: usize = 240;

/// A name or path as it is compared with others: letters without case, accents in one form.
pub fn folded(name: &str) -> String {
    if name.is_ascii() {
        name.to_ascii_lowercase()
    } else {
        name.nfc().collect::<String>().to_lowercase()
    }
}

/// What is wrong with a file or folder name, if it cannot be used on every machine.
pub fn problem(name: &str) -> Option<Problem> {
    let message = if name.chars().any(is_forbidden) {
        text!(
            "名字 {name:?} 含有 Windows 不允许的字符",
            "the name {name:?} has characters that Windows does not allow"
        )
    } else if name.chars().any(is_invisible) {
        text!(
            "名字 {name:?} 含有看不见的字符",
            "the name {name:?} has invisible characters"
        )
    } else if name.ends_with(['.', ' ']) {
        text!(
            "名字 `{name}` 以句点或空格结尾",
            "the name `{name}` ends in a dot or a space"
        )
    } else if is_reserved(name) {
        text!(
            "名字 `{name}` 是 Windows 的保留名称",
            "the name `{name}` is reserved by Windows"
        )
    } else if name.len() > LONGEST_NAME {
        text!(
            "名字 `{name}` 过长（{0} 字节，最多 {LONGEST_NAME} 字节，约 {1} 个汉字）",
            "the name `{name}` is too long ({0} bytes, at most {LONGEST_NAME}, or {1} Han characters)",
            name.len(),
            LONGEST_NAME / 3,
        )
    } else {
        return None;
    };
    let better = suggestion(name);
    Some(Problem::error(Code::InvalidName, message).hint(text!(
        "改名，例如 `{better}`",
        "rename it, for example to `{better}`"
    )))
}

fn is_forbidden(character: char) -> bool {
    character.is_control() || r#"<>:"|?*\"#.contains(character)
}

/// Characters that change how a name looks or sorts without being seen: zero-width ones, marks of
/// direction, noncharacters.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FEFF}'
            | '\u{FDD0}'..='\u{FDEF}'
            | '\u{FFFE}'
            | '\u{FFFF}'
    )
}

fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.to_ascii_lowercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device)
            .is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']))
    };
    ["con", "prn", "aux", "nul"].contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

fn suggestion(name: &str) -> String {
    let visible = name.chars().filter(|character| !is_invisible(*character));
    let allowed: String = visible
        .map(|character| {
            if is_forbidden(character) {
                '-'
            } else {
                character
            }
        })
        .collect();
    let (stem, extension) = match allowed.trim_end_matches(['.', ' ']).rsplit_once('.') {
        Some((stem, extension)) if extension.len() < 12 => (stem, format!(".{extension}")),
        _ => (allowed.trim_end_matches(['.', ' ']), String::new()),
    };
    let room = LONGEST_NAME / 2 - extension.len();
    let mut cut = stem.len().min(room);
    while !stem.is_char_boundary(cut) {
        cut -= 1;
    }
    let stem = match stem[..cut].trim_end() {
        "" => "file".to_owned(),
        stem if is_reserved(stem) => format!("{stem}-1").replace('.', "-"),
        stem => stem.to_owned(),
    };
    stem + &extension
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_composition_do_not_distinguish_names() {
        assert_eq!(folded("Cafe\u{301}.MD"), folded("café.md"));
        assert_ne!(folded("清洁日.md"), folded("清洁曰.md"));
    }

    #[test]
    fn ordinary_chinese_names_are_fine() {
        for name in [
            "清洁日 2021：总结.md",
            "a.b.c.jpg",
            "contact.md",
            "common",
            "com10.txt",
        ] {
            assert_eq!(problem(name), None, "{name}");
        }
    }

    #[test]
    fn names_that_some_machine_refuses_get_a_suggestion_that_is_fine() {
        let long = "长".repeat(81) + ".md";
        let names = [
            "con",
            "NUL.txt",
            "com1.md",
            "lpt9",
            "a:b.md",
            "a?.md",
            "a\u{7}.md",
            "a\u{202E}gpj.md",
            "\u{200B}",
            "尾.",
            "尾 ",
            ".. ",
            "con .md",
            "aux.tar.gz",
            "\\",
            "\"",
            &long,
        ];
        for name in names {
            let found = problem(name).unwrap_or_else(|| panic!("{name:?} passed"));
            assert_eq!(found.code, Code::InvalidName);
            let better = suggestion(name);
            assert_eq!(problem(&better), None, "{name:?} became {better:?}");
            assert!(found.hints[0].zh.contains(&better));
        }
    }
}
