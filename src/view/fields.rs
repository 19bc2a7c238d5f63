//! The keys of an entry as templates see them: the same names as in its file, references turned
//! into cards.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::card::{Card, Cards, ImageView, MomentView, file};
use super::hours::Stretch;
use crate::content::Body;
use crate::link::Entry;
use crate::model::date::Moment;
use crate::model::digest::Fingerprint;
use crate::model::leaf::Seats;
use crate::model::node::Node;
use crate::model::shape::Shape;
use crate::render::Prepared;

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
/// | file | `ImageView` with `name` |
/// | record | its keys |
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// The cards of the site it belongs to.
    pub cards: &'a Cards<'a>,
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use crate::model::value::Record;
        let raw = &self.entry.raw;
        // All entries of a vocabulary are in one file, which would be looked at for each of them.
        if !serializer.is_human_readable() && !raw.kind.is_vocabulary() {
            return self.origin().serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
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

/// What the keys of an entry as templates see them are made of, and nothing else: a key of that takes a
/// third of the time.
#[derive(Serialize)]
struct Origin<'a> {
    path: &'a str,
    /// That of the file but for the Markdown after its keys.
    written: Fingerprint,
    references: Vec<(&'static str, Prepared<Card<'a>>)>,
    files: Vec<(&'a str, ImageView)>,
}

impl<'a> Fields<'a> {
    fn origin(self) -> Origin<'a> {
        let Fields { entry, cards } = self;
        let source = &entry.raw.source;
        let written = match &entry.raw.body {
            Body::Rest(range) => &source.text[..range.start],
            Body::Key(_) => &source.text,
        };
        let references = entry.references.iter();
        let references = references.map(|reference| (reference.key, cards.of(reference.to)));
        let files = entry.files.iter();
        let files = files.map(|(path, copy)| (path.as_str(), ImageView::new(copy, cards.site)));
        Origin {
            path: source.path.as_str(),
            written: Fingerprint::of(written.as_bytes()),
            references: references.collect(),
            files: files.collect(),
        }
    }
}

struct Shown<'a> {
    shape: Shape<'a>,
    fields: Fields<'a>,
}

impl<'a> Shown<'a> {
    fn beside(&self, shape: &Shape<'a>) -> Shown<'a> {
        Shown {
            shape: shape.clone(),
            fields: self.fields,
        }
    }

    fn is_hidden(&self) -> bool {
        let Shape::Reference(kind, id) = self.shape else {
            return false;
        };
        self.fields.cards.site.find(kind, id).is_none()
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (cards, site) = (self.fields.cards, self.fields.cards.site);
        match &self.shape {
            Shape::Absent => serializer.serialize_none(),
            Shape::Text(text) => serializer.serialize_str(text),
            Shape::Boolean(value) => serializer.serialize_bool(*value),
            Shape::Integer(value) => serializer.serialize_i64(*value),
            Shape::Number(value) => number(*value, serializer),
            Shape::Money(money) => {
                let (text, yuan) = (money.to_string(), money.0 as f64 / 100.0);
                MoneyView { text, yuan }.serialize(serializer)
            }
            Shape::Date(date) => MomentView::from(Moment::day(*date)).serialize(serializer),
            Shape::Moment(moment) => MomentView::from(*moment).serialize(serializer),
            Shape::Seats(seats) => {
                let (text, Seats { min, max }) = (seats.to_string(), *seats);
                SeatsView { text, min, max }.serialize(serializer)
            }
            Shape::WeeklySlot(slot) => {
                let times = slot.times.iter().copied().map(Stretch::from);
                let (text, days) = (&slot.written, &slot.days);
                let times = times.collect();
                SlotView { text, days, times }.serialize(serializer)
            }
            Shape::File(name) => FileView::new(name, self.fields).serialize(serializer),
            Shape::Choice(key, label) => ChoiceView { key, label }.serialize(serializer),
            Shape::Reference(kind, id) => site
                .find(*kind, id)
                .map(|id| cards.of(id))
                .serialize(serializer),
            Shape::List(items) => {
                let shown = items.iter().map(|shape| self.beside(shape));
                serializer.collect_seq(shown.filter(|item| !item.is_hidden()))
            }
            Shape::Record(fields) => serializer.collect_map(
                fields
                    .iter()
                    .map(|(name, shape)| (name, self.beside(shape))),
            ),
            Shape::Free(node) => FreeNode(node).serialize(serializer),
        }
    }
}

#[derive(Serialize)]
struct ChoiceView<'a> {
    key: &'a str,
    label: &'a str,
}

#[derive(Serialize)]
struct MoneyView {
    text: String,
    yuan: f64,
}

#[derive(Serialize)]
struct SeatsView {
    text: String,
    min: u32,
    max: u32,
}

#[derive(Serialize)]
struct SlotView<'a> {
    text: &'a str,
    days: &'a [u8],
    times: Vec<Stretch>,
}

#[derive(Serialize)]
struct FileView<'a> {
    name: &'a str,
    #[serde(flatten)]
    image: ImageView,
}

impl<'a> FileView<'a> {
    fn new(name: &'a str, fields: Fields<'_>) -> Option<Self> {
        file(name, fields.entry, fields.cards.site).map(|image| FileView { name, image })
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
