//! A YAML value before it has a type.

/// A YAML value. Keys keep their order, and a key written twice is kept twice, so that the reader
/// can report it together with everything else.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Node {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping.
    Map(Vec<(String, Node)>),
}

/// One step on the way from the root of a YAML document to a value in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Into the first value with this key.
    Key(&'static str),
    /// Into a list, from 0.
    Index(usize),
    /// Into the n-th pair of a mapping, from 0, whatever its key.
    Pair(usize),
}

/// Which side of a key–value pair is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The key.
    Key,
    /// The value.
    Value,
}
