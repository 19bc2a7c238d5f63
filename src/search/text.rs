//! What is searched of an entry: its blocks.

use std::sync::Arc;

use crate::content::RawEntry;
use crate::link::Entry;
use crate::markdown::{self, Outline};
use crate::model::node::Step;
use crate::model::shape::Shape;
use crate::model::value::Record;

/// All of an entry that the index is made of, which does not change when the site goes on.
#[derive(Debug)]
pub(super) struct Document {
    raw: Arc<RawEntry>,
    outline: Arc<Outline>,
}

impl Document {
    /// That of an entry.
    pub(super) fn of(entry: &Entry) -> Self {
        Document {
            raw: Arc::clone(&entry.raw),
            outline: Arc::clone(&entry.outline),
        }
    }

    /// How much text it has, in bytes and roughly: that of its file, of a word of the vocabulary the title.
    pub(super) fn size(&self) -> usize {
        if self.raw.kind.is_vocabulary() {
            self.raw.common.title.len()
        } else {
            self.raw.source.text.len()
        }
    }

    /// Whether nothing tells the blocks of the two apart.
    pub(super) fn is_same(&self, other: &Document) -> bool {
        let (one, other) = (&self.raw, &other.raw);
        let is_same_text = one.source.text == other.source.text;
        // Words of the vocabulary have one file in common.
        Arc::ptr_eq(one, other) || is_same_text && one.kind == other.kind && one.id == other.id
    }
}

/// Where in an entry a block stands; later ones weigh more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// In the body, a caption or a fact.
    Body = 0,
    /// In a heading of the body.
    Heading = 1,
    /// In the title.
    Title = 2,
}

/// The keys that all kinds have and that pages show as they are.
const SHOWN: [&str; 6] = ["summary", "author", "source", "keywords", "date", "updated"];

/// The key of terms by which others refer to them; no page shows it.
const ID: &str = "id";

/// The key of files that pages offer by their names.
const ATTACHMENTS: &str = "attachments";

/// Calls `block` with every block of a document: the title, the body, the facts of its keys.
///
/// References are left out: what another entry is called is found there.
pub(super) fn blocks(document: &Document, block: &mut dyn FnMut(&str, Place)) {
    let Document { raw, outline } = document;
    block(&raw.common.title, Place::Title);
    markdown::text_blocks(outline, raw.body_text(), &mut |text, is_heading| {
        block(
            text,
            if is_heading {
                Place::Heading
            } else {
                Place::Body
            },
        );
    });
    let common = raw.common.inspect_fields().into_iter();
    let common = common.filter(|(name, _)| SHOWN.contains(name));
    let own = raw.data.inspect_fields().into_iter();
    let own = own.filter(|(name, _)| *name != ID);
    for (name, shape) in common.chain(own) {
        shape.walk(&mut Vec::new(), &mut |way, leaf| match leaf {
            Shape::Text(text) => block(text, Place::Body),
            Shape::Choice(_, label) => block(label, Place::Body),
            Shape::Date(date) => block(&date.chinese(), Place::Body),
            Shape::Moment(moment) => block(&moment.chinese(), Place::Body),
            // Of other files no page shows what they are called.
            Shape::File(path) if name == ATTACHMENTS => block(file_name(path), Place::Body),
            // The uses of a room stand in a plan of the week, each with its times alone.
            Shape::WeeklySlot(slot) if is_planned(way) => {
                for (from, to) in &slot.times {
                    block(&stretch(*from, *to), Place::Body);
                }
            }
            Shape::WeeklySlot(slot) => block(&slot.written, Place::Body),
            _ => {}
        });
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_planned(way: &[Step]) -> bool {
    way.iter().any(|step| matches!(step, Step::Key("times")))
}

/// A stretch of time, in minutes from midnight, as pages show it.
fn stretch(from: u16, to: u16) -> String {
    let (from_hour, from_minute) = (from / 60, from % 60);
    let (to_hour, to_minute) = (to / 60, to % 60);
    format!("{from_hour:02}:{from_minute:02}–{to_hour:02}:{to_minute:02}")
}
