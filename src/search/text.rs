//! What is searched of an entry: its blocks.

use crate::link::Entry;
use crate::markdown;
use crate::model::node::Step;
use crate::model::shape::Shape;
use crate::model::value::Record;

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

/// Calls `block` with every block of an entry: the title, the body, the facts of its keys.
///
/// References are left out: what another entry is called is found there.
pub(super) fn blocks(entry: &Entry, block: &mut dyn FnMut(&str, Place)) {
    let raw = &entry.raw;
    block(&raw.common.title, Place::Title);
    markdown::text_blocks(&entry.outline, raw.body_text(), &mut |text, is_heading| {
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
    for (_, shape) in common.chain(own) {
        shape.walk(&mut Vec::new(), &mut |way, leaf| match leaf {
            Shape::Text(text) => block(text, Place::Body),
            Shape::Choice(_, label) => block(label, Place::Body),
            Shape::Date(date) => block(&date.chinese(), Place::Body),
            Shape::Moment(moment) => block(&moment.chinese(), Place::Body),
            // The uses of a room stand in a plan of the week, not as they were written.
            Shape::WeeklySlot(slot) if !is_planned(way) => block(&slot.written, Place::Body),
            _ => {}
        });
    }
}

fn is_planned(way: &[Step]) -> bool {
    way.iter().any(|step| matches!(step, Step::Key("times")))
}
