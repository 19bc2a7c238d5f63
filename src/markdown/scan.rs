//! Splits raw HTML into tags and text, with positions.
//!
//! html5ever's tokeniser gives no byte positions, hence this scanner. It follows the tag syntax of
//! the HTML standard (<https://html.spec.whatwg.org/#tokenization>); nothing depends on the two
//! agreeing, since what it finds is written anew before a real parser sees it.

use std::ops::Range;

/// A stretch of raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Characters between tags, entities not decoded.
    Text(&'a str),
    /// A start or end tag.
    Tag(RawTag<'a>),
    /// A comment, declaration or processing instruction.
    Comment,
    /// A tag without its `>`; it reaches to the end.
    Unclosed,
}

/// A tag as written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RawTag<'a> {
    /// The name in lower case.
    pub(super) name: String,
    /// Whether it is an end tag.
    pub(super) closing: bool,
    /// Whether it ends in `/>`.
    pub(super) self_closing: bool,
    /// Name, value as written and place of each attribute; those of end tags are dropped.
    pub(super) attributes: Vec<RawAttribute<'a>>,
}

/// An attribute as written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RawAttribute<'a> {
    /// The name in lower case.
    pub(super) name: String,
    /// The value without its quotes, entities not decoded.
    pub(super) value: &'a str,
    /// Name and value.
    pub(super) range: Range<usize>,
}

/// The pieces of `html` in order, each with its range.
pub(super) fn scan(html: &str) -> Scan<'_> {
    Scan { html, at: 0 }
}

/// The iterator of [`scan`].
pub(super) struct Scan<'a> {
    html: &'a str,
    at: usize,
}

impl<'a> Iterator for Scan<'a> {
    type Item = (Piece<'a>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let rest = &self.html[start..];
        if rest.is_empty() {
            return None;
        }
        let piece = if rest.starts_with("<!--") {
            self.skip_comment(rest);
            Piece::Comment
        } else if begins_tag(rest) {
            self.tag()
        } else if rest.starts_with("<!") || rest.starts_with("<?") || rest.starts_with("</") {
            self.at = rest
                .find('>')
                .map_or(self.html.len(), |end| start + end + 1);
            Piece::Comment
        } else {
            // The first character may be a `<` that begins no tag.
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let length = rest[first..]
                .find('<')
                .map_or(rest.len(), |end| first + end);
            self.at = start + length;
            Piece::Text(&rest[..length])
        };
        Some((piece, start..self.at))
    }
}

impl<'a> Scan<'a> {
    fn skip_comment(&mut self, rest: &str) {
        let body = &rest["<!--".len()..];
        let length = if body.starts_with('>') {
            "<!-->".len()
        } else if body.starts_with("->") {
            "<!--->".len()
        } else {
            body.find("-->")
                .map_or(rest.len(), |end| "<!--".len() + end + "-->".len())
        };
        self.at += length;
    }

    fn tag(&mut self) -> Piece<'a> {
        let closing = self.html[self.at..].starts_with("</");
        self.at += 1 + usize::from(closing);
        let name = self
            .take_until(|b| is_space(b) || matches!(b, b'/' | b'>'))
            .to_ascii_lowercase();
        let mut attributes = Vec::new();
        let mut self_closing = false;
        loop {
            match self.peek() {
                None => return Piece::Unclosed,
                Some(b'>') => {
                    self.at += 1;
                    break;
                }
                Some(b'/') => {
                    self.at += 1;
                    self_closing = self.peek() == Some(b'>');
                }
                Some(byte) if is_space(byte) => self.at += 1,
                Some(_) => {
                    let Some(attribute) = self.attribute() else {
                        return Piece::Unclosed;
                    };
                    attributes.push(attribute);
                }
            }
        }
        if closing {
            attributes.clear();
        }
        Piece::Tag(RawTag {
            name,
            closing,
            self_closing,
            attributes,
        })
    }

    /// Reads an attribute; `None` when a quote is not closed.
    fn attribute(&mut self) -> Option<RawAttribute<'a>> {
        let start = self.at;
        // A leading `=` belongs to the name; without this step it would be read for ever.
        let equals = usize::from(self.peek() == Some(b'='));
        self.at += equals;
        self.take_until(|b| is_space(b) || matches!(b, b'/' | b'>' | b'='));
        let name = self.html[start..self.at].to_ascii_lowercase();
        let mut end = self.at;
        let mut value = "";
        self.take_until(|b| !is_space(b));
        if self.peek() == Some(b'=') {
            self.at += 1;
            self.take_until(|b| !is_space(b));
            value = match self.peek() {
                Some(quote @ (b'"' | b'\'')) => {
                    self.at += 1;
                    let value = self.take_until(|b| b == quote);
                    self.peek()?;
                    self.at += 1;
                    value
                }
                _ => self.take_until(|b| is_space(b) || b == b'>'),
            };
            end = self.at;
        }
        Some(RawAttribute {
            name,
            value,
            range: start..end,
        })
    }

    fn peek(&self) -> Option<u8> {
        self.html.as_bytes().get(self.at).copied()
    }

    /// Consumes up to the first byte that `stop` accepts, which must be ASCII.
    fn take_until(&mut self, stop: impl Fn(u8) -> bool) -> &'a str {
        let rest = &self.html[self.at..];
        let is_stop = |byte: &u8| byte.is_ascii() && stop(*byte);
        let length = rest.bytes().position(|b| is_stop(&b)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }
}

fn begins_tag(rest: &str) -> bool {
    let name = rest
        .strip_prefix("</")
        .or_else(|| rest.strip_prefix('<'))
        .unwrap_or("");
    name.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C')
}
