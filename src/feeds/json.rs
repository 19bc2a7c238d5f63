//! JSON objects (RFC 8259) with their members in the order in which they are added.

use serde::Serialize;

/// An object; what has no value is left out of it.
#[derive(Default)]
pub(super) struct Object(String);

impl Object {
    /// The object with one more member, unless that is `null`.
    pub(super) fn with(self, name: &str, value: impl Serialize) -> Self {
        let value = json(&value);
        self.with_json(name, Some(value).filter(|value| value != "null"))
    }

    /// The object with one more member, whose value is written already, if there is one.
    pub(super) fn with_json(mut self, name: &str, value: Option<String>) -> Self {
        if let Some(value) = value {
            self.0.push(if self.0.is_empty() { '{' } else { ',' });
            self.0.push_str(&json(&name));
            self.0.push(':');
            self.0.push_str(&value);
        }
        self
    }

    /// The object as it is written.
    pub(super) fn finish(mut self) -> String {
        if self.0.is_empty() {
            self.0.push('{');
        }
        self.0 + "}"
    }
}

/// A value as it is written.
pub(super) fn json(value: &impl Serialize) -> String {
    // Text, numbers and lists of them can always be written.
    serde_json::to_string(value).unwrap_or_default()
}

/// An array of what is written already.
pub(super) fn list(items: &[String]) -> String {
    format!("[{}]", items.join(","))
}

/// An array of which each item is a line.
pub(super) fn lines(items: &[String]) -> String {
    let start = if items.is_empty() { "" } else { "\n" };
    format!("[{start}{}\n]", items.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_in_order_and_what_has_no_value_is_left_out() {
        let object = Object::default()
            .with("b", "一\"\n")
            .with("none", None::<&str>)
            .with_json("a", Some(list(&[json(&1), json(&2)])))
            .with_json("nothing", None);
        assert_eq!(object.finish(), "{\"b\":\"一\\\"\\n\",\"a\":[1,2]}");
        assert_eq!(Object::default().finish(), "{}");
    }
}
