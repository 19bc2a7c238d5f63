//! Looking into a record without knowing its type.

use super::Kind;
use super::date::{Date, Moment};
use super::kinds::Money;
use super::leaf::Seats;
use super::node::{Node, Step};
use super::weekly::WeeklySlot;

/// The content of a value, borrowed.
#[derive(Debug, Clone)]
pub enum Shape<'a> {
    /// Nothing was written.
    Absent,
    /// Text.
    Text(&'a str),
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any number.
    Number(f64),
    /// An amount of money.
    Money(Money),
    /// A day.
    Date(Date),
    /// A day, perhaps with a time.
    Moment(Moment),
    /// A number of seats.
    Seats(Seats),
    /// Days of the week with times.
    WeeklySlot(&'a WeeklySlot),
    /// A file beside the entry.
    File(&'a str),
    /// One of a few words: the key and its label.
    Choice(&'static str, &'static str),
    /// The id of an entry of this kind.
    Reference(Kind, &'a str),
    /// A list.
    List(Vec<Shape<'a>>),
    /// The keys of a record, in the order of its type.
    Record(Vec<(&'static str, Shape<'a>)>),
    /// Untyped data.
    Free(&'a Node),
}

impl<'a> Shape<'a> {
    /// Calls `visit` with every value that is neither a list nor a record, and the way to it.
    pub fn walk(&self, path: &mut Vec<Step>, visit: &mut impl FnMut(&[Step], &Shape<'a>)) {
        match self {
            Shape::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.push(Step::Index(index));
                    item.walk(path, visit);
                    path.pop();
                }
            }
            Shape::Record(fields) => {
                for (name, field) in fields {
                    path.push(Step::Key(name));
                    field.walk(path, visit);
                    path.pop();
                }
            }
            leaf => visit(path, leaf),
        }
    }
}
