//! Whom a request is for and what it asks for: the header `Host` and the target.

use percent_encoding::utf8_percent_encode;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str};
use unicode_normalization::UnicodeNormalization;

use super::http::Request;

/// Why there is no address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The request is not understood.
    Malformed,
    /// It is for another host: a page elsewhere may have had its name point here.
    Foreign,
    /// Nothing can be at such a path.
    Nowhere,
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address<'a> {
    /// The path with its leading `/`, decoded, NFC, without empty, `.` or `..` segments.
    pub path: String,
    /// What follows the `?`, as it was sent.
    pub query: Option<&'a str>,
}

/// The address that `request` is for.
pub(super) fn address<'a>(request: &Request<'a>) -> Result<Address<'a>, Fault> {
    let host = request.value("Host").ok_or(Fault::Malformed)?;
    let mut target = request.target;
    if let Some(absolute) = strip_scheme(target) {
        let end = absolute.find(['/', '?']).unwrap_or(absolute.len());
        if !is_local(&absolute[..end]) {
            return Err(Fault::Foreign);
        }
        target = &absolute[end..];
    }
    if !is_local(host) {
        return Err(Fault::Foreign);
    }
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let path = match path {
        "" if target.len() < request.target.len() => String::from("/"),
        path => decode(path).ok_or(Fault::Malformed)?,
    };
    let below = path.strip_prefix('/').ok_or(Fault::Malformed)?;
    if !is_plain(below) {
        return Err(Fault::Nowhere);
    }
    Ok(Address { path, query })
}

fn strip_scheme(target: &str) -> Option<&str> {
    let (scheme, rest) = target.split_once("://")?;
    scheme.eq_ignore_ascii_case("http").then_some(rest)
}

/// Whether `host` is this machine, with or without a port.
fn is_local(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let names = ["127.0.0.1", "localhost", "[::1]"];
    names.iter().any(|name| {
        host.strip_prefix(name).is_some_and(|rest| {
            let port = rest.strip_prefix(':').unwrap_or(rest);
            let has_colon = rest.is_empty() || rest.starts_with(':');
            has_colon && port.len() <= 5 && port.bytes().all(|digit| digit.is_ascii_digit())
        })
    })
}

/// The percent-encoded UTF-8 of `text` decoded, NFC; `None` if it is not that.
pub(super) fn decode(text: &str) -> Option<String> {
    let is_encoded = text.split('%').skip(1).all(|after| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    is_encoded.then(|| decoded.nfc().collect())
}

/// Whether a path below `/` has only segments that a file or folder can be called.
fn is_plain(below: &str) -> bool {
    let segments = below.strip_suffix('/').unwrap_or(below);
    let is_name = |segment: &str| !["", ".", ".."].contains(&segment);
    let is_odd = |c: char| c == '\\' || c.is_control();
    below.is_empty() || (segments.split('/').all(is_name) && !below.contains(is_odd))
}

/// What stays as it is in the path of a header.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What is encoded in the query of a header.
const QUERY: &AsciiSet = &CONTROLS.add(b' ');

/// The value of `Location` for a decoded path and a query as sent: ASCII without controls.
pub(super) fn location(path: &str, query: Option<&str>) -> String {
    let path = utf8_percent_encode(path, PATH);
    match query {
        Some(query) => format!("{path}?{}", utf8_percent_encode(query, QUERY)),
        None => path.to_string(),
    }
}

/// The decoded value of `name` in a query.
pub(super) fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    let mut pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, _)| *key == name)?;
    decode(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(target: &'a str, host: &'a str) -> Result<Address<'a>, Fault> {
        address(&Request {
            method: "GET",
            target,
            headers: vec![("Host", host)],
        })
    }

    #[test]
    fn only_this_machine_is_meant() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:1313",
            "LocalHost:80",
            "[::1]",
            "[::1]:9",
        ] {
            assert!(of("/", host).is_ok(), "{host}");
        }
        for host in [
            "",
            "evil.com",
            "127.0.0.1.evil.com",
            "localhost.evil.com:80",
            "127.0.0.1:80a",
            "127.0.0.10",
            "127.0.0.180",
            "::1",
            "0.0.0.0",
            "localhost:123456",
            "user@localhost",
        ] {
            assert_eq!(of("/", host), Err(Fault::Foreign), "{host}");
        }
        assert!(of("http://localhost:1/a?b", "localhost:1").is_ok());
        assert_eq!(of("http://localhost:1", "localhost").unwrap().path, "/");
        assert_eq!(of("http://evil.com/", "localhost"), Err(Fault::Foreign));
        let twice = Request {
            target: "/",
            headers: vec![("host", "localhost"), ("Host", "localhost")],
            ..Request::default()
        };
        assert_eq!(address(&twice), Err(Fault::Malformed));
        assert_eq!(address(&Request::default()), Err(Fault::Malformed));
    }

    #[test]
    fn paths_are_decoded_and_normalised() {
        let path = |target| of(target, "localhost").map(|address| address.path);
        assert_eq!(path("/a%20b/"), Ok("/a b/".into()));
        assert_eq!(path("/%E6%97%A5?x=%zz"), Ok("/日".into()));
        assert_eq!(path("/日"), Ok("/日".into()));
        assert_eq!(path("/e%CC%81"), Ok("/é".into()));
        for target in [
            "/%",
            "/%4",
            "/%zz",
            "/%+1",
            "/%FF",
            "/%ED%A0%80",
            "",
            "a",
            "*",
            "/%%41",
        ] {
            assert_eq!(path(target), Err(Fault::Malformed), "{target}");
        }
        for target in [
            "//",
            "//evil.com/",
            "/a//b",
            "/a/../b",
            "/..",
            "/./",
            "/%2e%2e/a",
            "/..%2fa",
            "/a%5C..%5Cb",
            "/a\\b",
            "/a%00",
            "/a%0A",
            "/a\n",
            "/%C2%85",
        ] {
            assert_eq!(path(target), Err(Fault::Nowhere), "{target}");
        }
        assert_eq!(path("/..."), Ok("/...".into()));
    }

    #[test]
    fn locations_and_parameters_are_encoded_and_decoded() {
        assert_eq!(location("/清 洁/", None), "/%E6%B8%85%20%E6%B4%81/");
        assert_eq!(
            location("/a/", Some("x=1\r\nB: 日")),
            "/a/?x=1%0D%0AB:%20%E6%97%A5"
        );
        assert_eq!(
            parameter(Some("a=1&path=%2F%E6%97%A5%2F"), "path"),
            Some("/日/".into())
        );
        assert_eq!(parameter(Some("path"), "path"), None);
        assert_eq!(parameter(None, "path"), None);
    }
}
