//! The keys of an entry as templates see them: the same names as in its file, references turned
//! into cards.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::card::{Card, MomentView, file};
use crate::link::{Entry, Site};
use crate::model::date::Moment;
use crate::model::node::Node;
use crate::model::shape::Shape;
use crate::model::weekly::WeeklySlot;

/// Serialises the common keys and those of the kind.
///
/// | key holds | templates see |
/// |---|---|
/// | nothing | `none`; for lists an empty list |
/// | text, number, true/false | the same |
/// | date | [`MomentView`] |
/// | money | `{text, yuan}` |
/// | seats | `{text, min, max}` |
/// | weekly slot | `{text, days, times: [{from, to}]}` |
/// | choice | `{key, label}` |
/// | reference | [`Card`]; left out where the entry is not public |
/// | file | [`ImageView`](super::card::ImageView) with `name` |
/// | record | its keys |
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// The site it belongs to.
    pub site: &'a Site,
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use crate::model::value::Record;
        let mut map = serializer.serialize_map(None)?;
        let raw = &self.entry.raw;
        for (name, shape) in raw
            .common
            .inspect_fields()
            .into_iter()
            .chain(raw.data.inspect_fields())
        {
            map.serialize_entry(
                name,
                &Shown {
                    shape,
                    fields: *self,
                },
            )?;
        }
        map.end()
    }
}

struct Shown<'a> {
    shape: Shape<'a>,
    fields: Fields<'a>,
}

impl Shown<'_> {
    fn is_hidden(&self) -> bool {
        let Shape::Reference(kind, id) = self.shape else {
            return false;
        };
        self.fields.site.find(kind, id).is_none()
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Fields { entry, site } = self.fields;
        match &self.shape {
            Shape::Absent => serializer.serialize_none(),
            Shape::Text(text) => serializer.serialize_str(text),
            Shape::Boolean(value) => serializer.serialize_bool(*value),
            Shape::Integer(value) => serializer.serialize_i64(*value),
            Shape::Number(value) => number(*value, serializer),
            Shape::Money(money) => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("text", &money.to_string())?;
                map.serialize_entry("yuan", &(money.0 as f64 / 100.0))?;
                map.end()
            }
            Shape::Date(date) => MomentView::from(Moment::day(*date)).serialize(serializer),
            Shape::Moment(moment) => MomentView::from(*moment).serialize(serializer),
            Shape::Seats(seats) => {
                let (min, max) = (seats.min, seats.max);
                let text = if min == max {
                    min.to_string()
                } else {
                    format!("{min}-{max}")
                };
                let mut map = serializer.serialize_map(Some(3))?;
                map.serialize_entry("text", &text)?;
                map.serialize_entry("min", &min)?;
                map.serialize_entry("max", &max)?;
                map.end()
            }
            Shape::WeeklySlot(slot) => weekly_slot(slot, serializer),
            Shape::File(name) => match file(name, entry, site) {
                Some(image) => {
                    let mut map = serializer.serialize_map(None)?;
                    map.serialize_entry("name", name)?;
                    map.serialize_entry("url", &image.url)?;
                    map.serialize_entry("width", &image.width)?;
                    map.serialize_entry("height", &image.height)?;
                    map.serialize_entry("size", &image.size)?;
                    map.end()
                }
                None => serializer.serialize_none(),
            },
            Shape::Choice(key, label) => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("key", key)?;
                map.serialize_entry("label", label)?;
                map.end()
            }
            Shape::Reference(kind, id) => site
                .find(*kind, id)
                .map(|id| Card::new(id, site))
                .serialize(serializer),
            Shape::List(items) => {
                let mut list = serializer.serialize_seq(None)?;
                let shown = items.iter().map(|shape| Shown {
                    shape: shape.clone(),
                    fields: self.fields,
                });
                for item in shown.filter(|item| !item.is_hidden()) {
                    list.serialize_element(&item)?;
                }
                list.end()
            }
            Shape::Record(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, shape) in fields {
                    map.serialize_entry(
                        name,
                        &Shown {
                            shape: shape.clone(),
                            fields: self.fields,
                        },
                    )?;
                }
                map.end()
            }
            Shape::Free(node) => FreeNode(node).serialize(serializer),
        }
    }
}

/// Whole numbers are shown without `.0`.
fn number<S: Serializer>(value: f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        serializer.serialize_i64(value as i64)
    } else {
        serializer.serialize_f64(value)
    }
}

fn weekly_slot<S: Serializer>(slot: &WeeklySlot, serializer: S) -> Result<S::Ok, S::Error> {
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let times: Vec<_> = slot
        .times
        .iter()
        .map(|(from, to)| [("from", clock(*from)), ("to", clock(*to))])
        .map(std::collections::BTreeMap::from)
        .collect();
    let mut map = serializer.serialize_map(Some(3))?;
    map.serialize_entry("text", &slot.written)?;
    map.serialize_entry("days", &slot.days)?;
    map.serialize_entry("times", &times)?;
    map.end()
}

struct FreeNode<'a>(&'a Node);

impl Serialize for FreeNode<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Node::Null => serializer.serialize_none(),
            Node::Boolean(value) => serializer.serialize_bool(*value),
            Node::Integer(value) => serializer.serialize_i64(*value),
            Node::Float(value) => serializer.serialize_f64(*value),
            Node::Text(text) => serializer.serialize_str(text),
            Node::List(items) => serializer.collect_seq(items.iter().map(FreeNode)),
            Node::Map(pairs) => {
                serializer.collect_map(pairs.iter().map(|(key, value)| (key, FreeNode(value))))
            }
        }
    }
}
