//! The headers that ask for a part, or only for what is new (RFC 9110, §13 and §14).

use std::ops::Range;

use super::http::Request;

/// Which part of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it; also when the question makes no sense or asks for several parts.
    Whole,
    /// These bytes, at least one.
    Bytes(Range<u64>),
    /// Bytes that it does not have.
    Unsatisfiable,
}

/// Whether the client already has what `etag` names, as `If-None-Match` tells.
pub(super) fn is_unchanged(request: &Request<'_>, etag: &str) -> bool {
    let lists = request.values("If-None-Match");
    lists.flat_map(|list| list.split(',')).any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
    })
}

/// The part asked for of the `size` bytes that `etag` names.
pub(super) fn part(request: &Request<'_>, etag: &str, size: u64) -> Part {
    if request.values("If-Range").any(|tag| tag != etag) {
        return Part::Whole;
    }
    let asked = request.value("Range").and_then(|asked| {
        let (unit, spec) = asked.split_once('=')?;
        let (first, last) = spec.trim().split_once('-')?;
        unit.eq_ignore_ascii_case("bytes")
            .then(|| one_range(first, last, size))?
    });
    asked.unwrap_or(Part::Whole)
}

/// `None` when it is malformed, as a list of several is.
fn one_range(first: &str, last: &str, size: u64) -> Option<Part> {
    let part = match (number(first)?, number(last)?) {
        (None, None) => return None,
        (None, Some(0)) => Part::Unsatisfiable,
        (None, Some(_)) if size == 0 => Part::Unsatisfiable,
        (None, Some(length)) => Part::Bytes(size.saturating_sub(length)..size),
        (Some(start), Some(last)) if last < start => return None,
        (Some(start), _) if start >= size => Part::Unsatisfiable,
        (Some(start), None) => Part::Bytes(start..size),
        (Some(start), Some(last)) => Part::Bytes(start..last.saturating_add(1).min(size)),
    };
    Some(part)
}

/// A number or nothing; too large ones are the largest there is; `None` for anything else.
fn number(digits: &str) -> Option<Option<u64>> {
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    Some((!digits.is_empty()).then(|| digits.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(headers: &[(&'static str, &'static str)]) -> Request<'static> {
        Request {
            headers: headers.to_vec(),
            ..Request::default()
        }
    }

    #[test]
    fn single_ranges_are_parts_and_nonsense_is_the_whole() {
        for (asked, expected) in [
            ("bytes=0-0", Part::Bytes(0..1)),
            ("Bytes=2-", Part::Bytes(2..10)),
            ("bytes=8-99999999999999999999999", Part::Bytes(8..10)),
            ("bytes=-3", Part::Bytes(7..10)),
            ("bytes=-300", Part::Bytes(0..10)),
            ("bytes=10-", Part::Unsatisfiable),
            ("bytes=99999999999999999999999-", Part::Unsatisfiable),
            ("bytes=-0", Part::Unsatisfiable),
            ("bytes=5-4", Part::Whole),
            ("bytes=0-1,3-4", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("bytes", Part::Whole),
            ("lines=0-1", Part::Whole),
            ("", Part::Whole),
        ] {
            let request = asking(&[("range", asked)]);
            assert_eq!(part(&request, "\"a\"", 10), expected, "{asked}");
        }
        let request = asking(&[("Range", "bytes=-1")]);
        assert_eq!(part(&request, "\"a\"", 0), Part::Unsatisfiable);
    }

    #[test]
    fn a_part_of_another_version_is_the_whole() {
        let range = ("Range", "bytes=0-1");
        for (tag, expected) in [
            ("\"a\"", Part::Bytes(0..2)),
            ("\"b\"", Part::Whole),
            ("W/\"a\"", Part::Whole),
            ("Wed, 21 Oct 2015 07:28:00 GMT", Part::Whole),
        ] {
            let request = asking(&[range, ("If-Range", tag)]);
            assert_eq!(part(&request, "\"a\"", 10), expected, "{tag}");
        }
    }

    #[test]
    fn known_versions_are_told_from_others() {
        for (list, expected) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", W/\"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
            ("", false),
        ] {
            let request = asking(&[("if-none-match", list)]);
            assert_eq!(is_unchanged(&request, "\"a\""), expected, "{list}");
        }
        assert!(!is_unchanged(&asking(&[]), "\"a\""));
    }
}
