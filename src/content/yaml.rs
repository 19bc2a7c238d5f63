//! YAML text to [`Node`]; the only module that names the YAML libraries.
//!
//! `serde_yaml` builds the value and is fast but forgets positions. Only when there is something
//! to report does [`Locator`] scan the text again for them.

use std::cell::Cell;
use std::fmt;
use std::ops::Range;

use granit_parser::{Event, Parser};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use crate::model::characters::is_unshowable;
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

/// Deepest nesting of brackets that is looked at; the parser needs time that grows with its square.
const DEEPEST: usize = 1_000;

/// Parses one YAML document.
///
/// # Errors
/// What the parser refuses, and besides: nesting deeper than 128 levels, aliases that expand to more
/// than about twice the document, and characters that cannot be shown.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    if let Some(position) = too_deep(text) {
        return Err(SyntaxError {
            message: String::from("recursion limit exceeded"),
            position: Some(position),
        });
    }
    let budget = Cell::new(2 * text.len() + 64 * 1024);
    let deserializer = serde_yaml::Deserializer::from_str(text);
    let node = NodeSeed(&budget).deserialize(deserializer);
    node.map_err(|error| {
        let message = error.to_string();
        let stopped = error.location();
        let stopped = stopped.map(|location| (location.line(), location.column()));
        SyntaxError {
            position: unshowable(text).or(opened(&message)).or(stopped),
            message,
        }
    })
}

/// Where brackets are nested so deep that the parser would not come to an end.
fn too_deep(text: &str) -> Option<(usize, usize)> {
    let mut depth = 0_usize;
    for (number, line) in text.lines().enumerate() {
        for (column, character) in line.chars().enumerate() {
            match character {
                '[' | '{' => depth += 1,
                ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                return Some((number + 1, column + 1));
            }
        }
    }
    None
}

/// Where the first character stands that has no place in a text.
fn unshowable(text: &str) -> Option<(usize, usize)> {
    let at = text.find(is_unshowable)?;
    let line_start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let line = text[..line_start].matches('\n').count() + 1;
    Some((line, text[line_start..at].chars().count() + 1))
}

/// Where a quoted text, a bracket or a key without colon begins that the parser says it was in.
fn opened(message: &str) -> Option<(usize, usize)> {
    let (_, context) = message.split_once(", while ")?;
    let (what, place) = context.split_once(" at line ")?;
    let is_opened = what.contains("quoted") || what.contains("flow") || what.contains("simple key");
    let (line, column) = place.split_once(" column ")?;
    is_opened.then(|| Some((line.parse().ok()?, column.parse().ok()?)))?
}

/// Builds a node from what is left of a budget of nodes and bytes, which only aliases can exceed.
#[derive(Clone, Copy)]
struct NodeSeed<'b>(&'b Cell<usize>);

impl NodeSeed<'_> {
    fn spend<E: Error>(self, cost: usize) -> Result<(), E> {
        let left = self.0.get().checked_sub(cost);
        self.0
            .set(left.ok_or_else(|| E::custom("repetition limit exceeded"))?);
        Ok(())
    }

    fn text<E: Error>(self, text: String) -> Result<Node, E> {
        self.spend(text.len())?;
        if text.contains(is_unshowable) {
            return Err(E::custom("control characters are not allowed"));
        }
        Ok(Node::Text(text))
    }
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        self.spend(1)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_> {
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

    fn visit_i128<E>(self, value: i128) -> Result<Node, E> {
        Ok(Node::Float(value as f64))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Node, E> {
        Ok(Node::Float(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node, E> {
        self.text(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Node, E> {
        self.text(value)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Node, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = pairs.next_key_seed(self)? {
            map.push((key_text(key)?, pairs.next_value_seed(self)?));
        }
        Ok(Node::Map(map))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Node, A::Error> {
        // A custom tag such as `!thing` means nothing here; its value is read as if untagged.
        let (_tag, value) = tagged.variant::<String>()?;
        value.newtype_variant_seed(self)
    }
}

/// Keys such as `2021` are text too.
fn key_text<E: Error>(key: Node) -> Result<String, E> {
    match key {
        Node::Text(text) => Ok(text),
        Node::Integer(number) => Ok(number.to_string()),
        Node::Float(number) => Ok(number.to_string()),
        Node::Boolean(value) => Ok(value.to_string()),
        Node::Null | Node::List(_) | Node::Map(_) => Err(E::custom("a key is not text")),
    }
}

/// Where the keys and values of a document stand in its text.
#[derive(Debug)]
pub(super) struct Locator {
    root: Place,
    length: usize,
}

#[derive(Debug)]
struct Place {
    range: Range<usize>,
    inside: Inside,
}

#[derive(Debug)]
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
    fn ordinary_aliases_and_large_numbers_are_read() {
        let text = "a: &a [甲, 乙]\nb: *a\nc: 99999999999999999999\n";
        let Ok(Node::Map(pairs)) = parse(text) else {
            panic!("a mapping")
        };
        assert_eq!(pairs[0].1, pairs[1].1);
        assert!(matches!(pairs[2].1, Node::Float(_)));
    }

    #[test]
    fn characters_that_cannot_be_shown_are_refused_at_their_place() {
        let place = |text| parse(text).expect_err("refused").position;
        assert_eq!(place("a: 1\nb: 甲\u{1}乙\n"), Some((2, 5)));
        assert_eq!(place("a: 甲\u{FDD1}乙\n"), Some((1, 5)));
        assert!(parse("a: \"\\u0001\"\n").is_err());
    }
}
