//! The simple values: text, numbers, lists, file names, seats, samples, free data.

use std::fmt;

use url::Url;

use super::form::Form;
use super::node::{Node, Step};
use super::shape::Shape;
use super::value::{Reader, TieVisitor, Value};
use crate::diag::{Code, Problem, did_you_mean, text};

impl Value for String {
    fn form() -> Form {
        Form::Text
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = match node {
            Node::Text(text) => text.clone(),
            Node::Integer(number) => reader.as_written().unwrap_or_else(|| number.to_string()),
            Node::Float(number) => reader.as_written().unwrap_or_else(|| number.to_string()),
            Node::Boolean(value) => reader.as_written().unwrap_or_else(|| value.to_string()),
            Node::Null | Node::List(_) | Node::Map(_) => {
                reader.wrong_type(node, &Form::Text);
                return None;
            }
        };
        if text.trim().is_empty() {
            reader.report(
                Problem::error(Code::MissingKey, text!("这里是空的", "this is empty")).hint(text!(
                    "填写内容，或删去这一行",
                    "fill it in or delete the line"
                )),
            );
            return None;
        }
        Some(text)
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::Text(self)
    }
}

impl Value for bool {
    fn form() -> Form {
        Form::Boolean
    }

    fn absent() -> Option<Self> {
        Some(false)
    }

    fn of_node(node: &Node) -> Option<Self> {
        match node {
            Node::Boolean(value) => Some(*value),
            Node::Text(word) if matches!(word.as_str(), "是" | "yes") => Some(true),
            Node::Text(word) if matches!(word.as_str(), "否" | "no") => Some(false),
            _ => None,
        }
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::Boolean(*self)
    }
}

/// `true` or `false`, where nothing written means `true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnUnlessOff(pub bool);

impl Value for OnUnlessOff {
    fn form() -> Form {
        Form::Boolean
    }

    fn absent() -> Option<Self> {
        Some(OnUnlessOff(true))
    }

    fn of_node(node: &Node) -> Option<Self> {
        bool::of_node(node).map(OnUnlessOff)
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::Boolean(self.0)
    }
}

impl Value for u32 {
    fn form() -> Form {
        Form::Integer
    }

    fn of_node(node: &Node) -> Option<Self> {
        match node {
            Node::Integer(value) => u32::try_from(*value).ok(),
            _ => None,
        }
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::Integer(i64::from(*self))
    }
}

impl Value for f64 {
    fn form() -> Form {
        Form::Number
    }

    fn of_node(node: &Node) -> Option<Self> {
        match node {
            Node::Integer(value) if *value >= 0 => Some(*value as f64),
            Node::Float(value) if (0.0..1e15).contains(value) => Some(*value),
            _ => None,
        }
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::Number(*self)
    }
}

impl<T: Value> Value for Option<T> {
    fn form() -> Form {
        T::form()
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        T::read(node, reader).map(Some)
    }

    fn inspect(&self) -> Shape<'_> {
        self.as_ref().map_or(Shape::Absent, T::inspect)
    }

    const HAS_TIES: bool = T::HAS_TIES;

    fn ties(&self, path: &mut Vec<Step>, visit: &mut TieVisitor<'_>) {
        if let Some(value) = self {
            value.ties(path, visit);
        }
    }
}

/// A single value is accepted for a list of one.
impl<T: Value> Value for Vec<T> {
    fn form() -> Form {
        Form::List(Box::new(T::form()))
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Node::List(items) = node else {
            return T::read(node, reader).map(|only| vec![only]);
        };
        let read_item = |(index, item): (usize, &Node)| {
            reader.within(Step::Index(index), |reader| T::read(item, reader))
        };
        Some(items.iter().enumerate().filter_map(read_item).collect())
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::List(self.iter().map(T::inspect).collect())
    }

    const HAS_TIES: bool = T::HAS_TIES;

    fn ties(&self, path: &mut Vec<Step>, visit: &mut TieVisitor<'_>) {
        for (index, item) in self.iter().enumerate() {
            path.push(Step::Index(index));
            item.ties(path, visit);
            path.pop();
        }
    }
}

/// The word of `choices` that `node` holds, as key or as label; reports anything else.
pub fn read_choice(
    node: &Node,
    reader: &mut Reader<'_>,
    choices: &'static [(&'static str, &'static str)],
) -> Option<&'static str> {
    let Node::Text(word) = node else {
        reader.wrong_type(node, &Form::Choice(choices));
        return None;
    };
    let known = choices
        .iter()
        .find(|(key, label)| word == key || word == label);
    if known.is_none() && !reader.is_full() {
        let expected = Form::Choice(choices).expected();
        let named = choices.iter().map(|(key, label)| (*key, Some(*label)));
        let message = text!(
            "`{word}` 不在可选之列",
            "`{word}` is not one of the choices"
        );
        let problem = Problem::error(Code::InvalidValue, message);
        reader.report(
            problem
                .maybe_hint(did_you_mean(word, named))
                .hint(crate::diag::Text {
                    zh: format!("可选：{}", expected.zh),
                    en: format!("choices: {}", expected.en),
                }),
        );
    }
    known.map(|(key, _)| *key)
}

/// The name of a file beside the entry, such as `photo.jpg` or `photos/1.jpg`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(pub String);

impl Value for FileName {
    fn form() -> Form {
        Form::File
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        String::read(node, reader).map(FileName)
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::File(&self.0)
    }

    const HAS_TIES: bool = true;

    fn ties(&self, path: &mut Vec<Step>, visit: &mut TieVisitor<'_>) {
        visit(path, &self.inspect());
    }
}

/// A full address on the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAddress(pub String);

impl Value for WebAddress {
    fn form() -> Form {
        Form::WebAddress
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let written = String::read(node, reader)?;
        let parsed = Url::parse(written.trim());
        let is_web = parsed
            .is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.host_str().is_some());
        if !is_web {
            reader.wrong_type(node, &Form::WebAddress);
        }
        is_web.then(|| WebAddress(written.trim().to_owned()))
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::Text(&self.0)
    }
}

/// How many people a post or committee has: `15`, or `9-21`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seats {
    /// The least number.
    pub min: u32,
    /// The greatest number.
    pub max: u32,
}

impl fmt::Display for Seats {
    /// `15`, or `9-21`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Seats { min, max } if min == max => write!(f, "{min}"),
            Seats { min, max } => write!(f, "{min}-{max}"),
        }
    }
}

impl Value for Seats {
    fn form() -> Form {
        Form::Seats
    }

    fn of_node(node: &Node) -> Option<Self> {
        let (min, max) = match node {
            Node::Integer(_) => (u32::of_node(node)?, u32::of_node(node)?),
            Node::Text(range) => {
                let (min, max) = range.split_once(['-', '–', '—', '~', '至'])?;
                (min.trim().parse().ok()?, max.trim().parse().ok()?)
            }
            _ => return None,
        };
        (min <= max).then_some(Seats { min, max })
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::Seats(*self)
    }
}

/// Which part of an entry is illustrative.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sample {
    /// Nothing: all of it is fact.
    #[default]
    Nothing,
    /// The entry as a whole.
    Whole,
    /// The values of these keys.
    Keys(Vec<String>),
}

impl Sample {
    /// Whether the entry as a whole is illustrative.
    pub fn is_whole(&self) -> bool {
        *self == Sample::Whole
    }

    /// Whether the value of `key` is named as illustrative.
    pub fn names(&self, key: &str) -> bool {
        matches!(self, Sample::Keys(keys) if keys.iter().any(|known| known == key))
    }
}

impl Value for Sample {
    fn form() -> Form {
        Form::Sample
    }

    fn absent() -> Option<Self> {
        Some(Sample::Nothing)
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node {
            Node::Boolean(true) => Some(Sample::Whole),
            Node::Boolean(false) => Some(Sample::Nothing),
            Node::List(_) => Vec::<String>::read(node, reader).map(Sample::Keys),
            other => {
                reader.wrong_type(other, &Form::Sample);
                None
            }
        }
    }

    fn inspect(&self) -> Shape<'_> {
        match self {
            Sample::Nothing => Shape::Boolean(false),
            Sample::Whole => Shape::Boolean(true),
            Sample::Keys(keys) => Shape::List(keys.iter().map(|key| Shape::Text(key)).collect()),
        }
    }
}

/// Untyped data, passed on to templates as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Free(pub Node);

impl Value for Free {
    fn form() -> Form {
        Form::Free
    }

    fn absent() -> Option<Self> {
        Some(Free(Node::Null))
    }

    fn of_node(node: &Node) -> Option<Self> {
        matches!(node, Node::Map(_)).then(|| Free(node.clone()))
    }

    fn inspect(&self) -> Shape<'_> {
        if self.0 == Node::Null {
            Shape::Absent
        } else {
            Shape::Free(&self.0)
        }
    }
}
