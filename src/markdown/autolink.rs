//! Finds bare URLs in text.
//!
//! The extended autolinks of GitHub Flavored Markdown (<https://github.github.com/gfm/>, 6.9),
//! except that a URL ends before the first character that is not ASCII: in Chinese text no space
//! separates it from what follows.

use std::ops::Range;

/// The first bare `http://` or `https://` URL at or behind byte `from`.
pub(super) fn find(text: &str, from: usize) -> Option<Range<usize>> {
    let mut at = from;
    loop {
        let colon = at + text[at..].find("://")?;
        at = colon + "://".len();
        let host = text.as_bytes().get(at);
        if host.is_some_and(u8::is_ascii_alphanumeric)
            && let Some(start) = scheme_start(text, from, colon)
        {
            return Some(start..trimmed_end(text, start, at));
        }
    }
}

fn scheme_start(text: &str, from: usize, colon: usize) -> Option<usize> {
    let before = &text.as_bytes()[from..colon];
    ["https", "http"].into_iter().find_map(|scheme| {
        let start = before.len().checked_sub(scheme.len())?;
        let alone = start == 0 || !before[start - 1].is_ascii_alphanumeric();
        (alone && before[start..].eq_ignore_ascii_case(scheme.as_bytes())).then_some(from + start)
    })
}

/// Where the URL that began at `start` ends; punctuation at its end belongs to the sentence.
fn trimmed_end(text: &str, start: usize, host: usize) -> usize {
    let bytes = text.as_bytes();
    let length = bytes[host..]
        .iter()
        .take_while(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"' | b'`' | b'|'))
        .count();
    let mut end = host + length;
    let count = |byte| bytes[start..end].iter().filter(|&&b| b == byte).count();
    let mut surplus = [(b')', b'('), (b']', b'['), (b'}', b'{')]
        .map(|(close, open)| (close, count(close).saturating_sub(count(open))));
    while end > host {
        let last = bytes[end - 1];
        let bracket = surplus.iter_mut().find(|(close, _)| *close == last);
        match bracket {
            Some((_, 0)) => break,
            Some((_, surplus)) => *surplus -= 1,
            None if b"?!.,:;*_~'".contains(&last) => {}
            None => break,
        }
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_url_ends_before_chinese_and_trailing_punctuation() {
        for (text, url) in [
            ("见https://example.cn/a。再", "https://example.cn/a"),
            ("见 http://a.cn/b?c=d&e=f，好", "http://a.cn/b?c=d&e=f"),
            ("(https://a.cn/x_(y)).", "https://a.cn/x_(y)"),
            ("HTTPS://A.CN/.", "HTTPS://A.CN/"),
            ("https://a.cn/查询", "https://a.cn/"),
            ("xhttps://a.cn 或 https://b.cn!", "https://b.cn"),
            ("（https://a.cn/#甲）", "https://a.cn/#"),
        ] {
            assert_eq!(find(text, 0).map(|range| &text[range]), Some(url), "{text}");
        }
    }

    #[test]
    fn a_scheme_without_a_host_is_no_url() {
        for text in ["https://", "http://。", "ftp://a.cn", "https://)", "://"] {
            assert_eq!(find(text, 0), None, "{text}");
        }
    }
}
