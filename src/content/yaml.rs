//! YAML text to [`Node`]; the only module that names the YAML libraries.
//!
//! `serde_yaml` builds the value and is fast but forgets positions. Only when there is something
//! to report does [`Locator`] scan the text again for them.

use std::fmt;
use std::ops::Range;

use granit_parser::{Event, Parser};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::model::node::{Node, Part, Step};

/// A syntax error: what the parser said, and the line and column, from 1, where it said it.
#[derive(Debug)]
pub(super) struct SyntaxError {
    /// The parser's English words.
    pub(super) message: String,
    /// Line and column in characters, from 1: where what was left open begins, otherwise where
    /// the parser stopped; `None` where it names no place.
    pub(super) position: Option<(usize, usize)>,
}

/// Parses one YAML document. Nesting and aliases are limited by the parser.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    serde_yaml::from_str::<Node>(text).map_err(|error| {
        let message = error.to_string();
        let stopped = error.location();
        let stopped = stopped.map(|location| (location.line(), location.column()));
        SyntaxError {
            position: opened(&message).or(stopped),
            message,
        }
    })
}

/// Where a quoted text, a bracket or a key without colon begins that the parser says it was in.
fn opened(message: &str) -> Option<(usize, usize)> {
    let (_, context) = message.split_once(", while ")?;
    let (what, place) = context.split_once(" at line ")?;
    let is_opened = what.contains("quoted") || what.contains("flow") || what.contains("simple key");
    let (line, column) = place.split_once(" column ")?;
    is_opened.then(|| Some((line.parse().ok()?, column.parse().ok()?)))?
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(i64::try_from(value).map_or(Node::Float(value as f64), Node::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Node, E> {
        Ok(Node::Text(value))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Node, A::Error> {
        let mut map = Vec::new();
        while let Some((key, value)) = pairs.next_entry::<Node, Node>()? {
            map.push((key_text(key), value));
        }
        Ok(Node::Map(map))
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, tagged: A) -> Result<Node, A::Error> {
        // A custom tag such as `!thing` means nothing here; its value is read as if untagged.
        use serde::de::VariantAccess;
        let (_tag, value) = tagged.variant::<String>()?;
        value.newtype_variant()
    }
}

/// Keys such as `2021` are text too.
fn key_text(key: Node) -> String {
    match key {
        Node::Text(text) => text,
        Node::Integer(number) => number.to_string(),
        Node::Float(number) => number.to_string(),
        Node::Boolean(value) => value.to_string(),
        Node::Null | Node::List(_) | Node::Map(_) => String::from("?"),
    }
}

/// Where the keys and values of a document stand in its text.
pub(super) struct Locator {
    root: Place,
    length: usize,
}

struct Place {
    range: Range<usize>,
    inside: Inside,
}

enum Inside {
    Scalar,
    List(Vec<Place>),
    Map(Vec<(String, Range<usize>, Place)>),
}

impl Locator {
    /// Scans a document that [`parse`] accepted.
    pub(super) fn new(text: &str) -> Self {
        let mut events =
            Parser::new_from_str(text)
                .map_while(Result::ok)
                .filter_map(|(event, span)| {
                    let range = span.byte_range()?;
                    Some((event, range))
                });
        let root = events
            .by_ref()
            .find(|(event, _)| event.is_node())
            .map(|(event, range)| place(event, range, &mut events))
            .unwrap_or(Place {
                range: 0..0,
                inside: Inside::Scalar,
            });
        Locator {
            root,
            length: text.len(),
        }
    }

    /// The byte range of the key or value at the end of `path`, or of the nearest thing above it
    /// that exists. A list or mapping is shown by its first character.
    pub(super) fn locate(&self, path: &[Step], part: Part) -> Range<usize> {
        let mut here = &self.root;
        let mut key = None;
        for step in path {
            let next = match (step, &here.inside) {
                (Step::Index(index), Inside::List(items)) => {
                    items.get(*index).map(|item| (None, item))
                }
                (Step::Key(name), Inside::Map(pairs)) => pairs
                    .iter()
                    .find(|(written, _, _)| written == name)
                    .map(|(_, key, value)| (Some(key), value)),
                (Step::Pair(index), Inside::Map(pairs)) => {
                    pairs.get(*index).map(|(_, key, value)| (Some(key), value))
                }
                // A single value stands for a list of one, a scalar for a record's main key.
                _ => None,
            };
            let Some((next_key, next)) = next else { break };
            (key, here) = (next_key, next);
        }
        let range = match (part, key) {
            (Part::Key, Some(key)) => key.clone(),
            _ => here.range.clone(),
        };
        let end = range.end.min(self.length);
        range.start.min(end)..end
    }
}

fn place<'input>(
    event: Event<'input>,
    range: Range<usize>,
    events: &mut impl Iterator<Item = (Event<'input>, Range<usize>)>,
) -> Place {
    let inside = match event {
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            while let Some((event, range)) = events.next() {
                if event == Event::SequenceEnd {
                    break;
                }
                items.push(place(event, range, events));
            }
            Inside::List(items)
        }
        Event::MappingStart(..) => {
            let mut pairs = Vec::new();
            while let Some((event, range)) = events.next() {
                if event == Event::MappingEnd {
                    break;
                }
                let name = event
                    .scalar()
                    .map_or(String::new(), |(text, _)| text.to_owned());
                let key = place(event, range, events).range;
                let Some((event, range)) = events.next() else {
                    break;
                };
                pairs.push((name, key, place(event, range, events)));
            }
            Inside::Map(pairs)
        }
        _ => Inside::Scalar,
    };
    Place { range, inside }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title: 标题\norganizations: [fulian, '科协']\nposts:\n  - title: 主席\n    seats: 1.10\ntitle: 又一个\n";

    fn at(path: &[Step], part: Part) -> &'static str {
        &TEXT[Locator::new(TEXT).locate(path, part)]
    }

    #[test]
    fn keys_and_values_have_positions() {
        assert_eq!(at(&[Step::Key("title")], Part::Value), "标题");
        assert_eq!(
            at(&[Step::Key("organizations"), Step::Index(1)], Part::Value),
            "'科协'"
        );
        let seats = [Step::Key("posts"), Step::Index(0), Step::Key("seats")];
        assert_eq!(at(&seats, Part::Value), "1.10");
        assert_eq!(at(&seats, Part::Key), "seats");
        assert_eq!(at(&[Step::Pair(3)], Part::Key), "title");
    }

    #[test]
    fn a_path_that_leads_nowhere_ends_at_the_nearest_thing() {
        assert_eq!(
            at(&[Step::Key("title"), Step::Key("id")], Part::Value),
            "标题"
        );
    }

    #[test]
    fn a_key_written_twice_is_kept_twice() {
        let Ok(Node::Map(pairs)) = parse(TEXT) else {
            panic!("a mapping")
        };
        assert_eq!(pairs.iter().filter(|(key, _)| key == "title").count(), 2);
    }

    #[test]
    fn alias_bombs_and_deep_nesting_end_quickly() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let below = level - 1;
            bomb += &format!(
                "a{level}: &a{level} [{}]\n",
                vec![format!("*a{below}"); 10].join(", ")
            );
        }
        assert!(parse(&bomb).is_err());
        assert!(parse(&"[".repeat(10_000)).is_err());
        assert!(parse(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))).is_err());
    }
}
