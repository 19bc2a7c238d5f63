//! The language in which the system speaks to its user.

use crate::diag::Lang;

/// The system's language: English where it is set to a language other than Chinese, else Chinese.
pub fn system_language() -> Lang {
    language_of(sys_locale::get_locale().as_deref())
}

/// The language for a locale such as `zh-CN`, `en_US.UTF-8` or `C`.
///
/// A locale that names no language (`C`, `POSIX`, `und`, none at all) says nothing about the
/// person, and the people are Chinese.
fn language_of(locale: Option<&str>) -> Lang {
    let primary = locale
        .and_then(|locale| locale.split(['-', '_', '.', '@']).next())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let named = (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && primary != "und";
    let chinese = ["zh", "cmn", "yue", "wuu", "nan", "hak", "zho", "chi"];
    if named && !chinese.contains(&primary.as_str()) {
        Lang::En
    } else {
        Lang::Zh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_and_nameless_locales_speak_chinese() {
        for locale in [
            "zh-CN",
            "zh_TW.UTF-8",
            "yue",
            "C",
            "C.UTF-8",
            "POSIX",
            "",
            "und",
        ] {
            assert_eq!(language_of(Some(locale)), Lang::Zh, "{locale}");
        }
        assert_eq!(language_of(None), Lang::Zh);
    }

    #[test]
    fn every_other_language_speaks_english() {
        for locale in ["en-US", "en_GB.UTF-8", "de-DE", "ja", "ko_KR@x"] {
            assert_eq!(language_of(Some(locale)), Lang::En, "{locale}");
        }
    }
}
