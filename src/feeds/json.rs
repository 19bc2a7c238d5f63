//! Writes JSON (RFC 8259), compact and in the order given.

use std::fmt::Write;

/// An object as it is written.
pub(super) struct Object<'o> {
    out: &'o mut String,
    is_empty: bool,
}

impl<'o> Object<'o> {
    /// Begins an object at the end of `out`.
    pub(super) fn new(out: &'o mut String) -> Self {
        out.push('{');
        Object {
            out,
            is_empty: true,
        }
    }

    /// Begins a member; its value is to be written next.
    pub(super) fn key(&mut self, name: &str) -> &mut String {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        text(self.out, name);
        self.out.push(':');
        self.out
    }

    /// Writes a member that is text.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        text(self.key(name), value);
    }

    /// Writes a member that is text, if there is any.
    pub(super) fn maybe(&mut self, name: &str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.text(name, value.as_ref());
        }
    }

    /// Writes a member that JSON writes as Rust does: a number, `true` or `false`.
    pub(super) fn plain(&mut self, name: &str, value: impl std::fmt::Display) {
        let _ = write!(self.key(name), "{value}");
    }

    /// Ends the object.
    pub(super) fn end(self) {
        self.out.push('}');
    }
}

/// Writes text.
pub(super) fn text(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    // All of these are bytes of no other character.
    let is_escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    while let Some(at) = rest.bytes().position(is_escaped) {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            other => {
                let _ = write!(out, "\\u{other:04x}");
            }
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

/// Writes an array, each item by `write`.
pub(super) fn list<T>(
    out: &mut String,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut String, T),
) {
    out.push('[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_as_what_was_meant() {
        for meant in [
            "",
            "渔港",
            "a\"b\\c\n\r\t\u{1}\u{7f}\u{2028}😀",
            "\"",
            "\\\\",
        ] {
            let mut out = String::new();
            text(&mut out, meant);
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), meant);
        }
    }

    #[test]
    fn objects_and_lists_are_separated() {
        let mut out = String::new();
        let mut object = Object::new(&mut out);
        object.text("a", "一");
        object.plain("b", 1.5);
        object.maybe("c", None::<&str>);
        list(object.key("d"), [1, 2], |out, item| {
            out.push_str(&item.to_string())
        });
        object.end();
        assert_eq!(out, "{\"a\":\"一\",\"b\":1.5,\"d\":[1,2]}");
    }
}
