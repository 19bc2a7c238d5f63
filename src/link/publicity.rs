//! Which entries are public, and which are dated later than that.

use jiff::civil::DateTime;

use crate::content::RawEntry;
use crate::diag::{Code, Diagnostic, Problem, text};
use crate::model::Kind;
use crate::model::date::Moment;
use crate::model::node::{Part, Step};

/// What decides which entries are public.
#[derive(Debug, Clone, Copy)]
pub struct Publicity {
    /// The local date and minute for which the site is built.
    pub as_of: DateTime,
    /// Whether drafts and entries not yet due are shown too.
    pub drafts: bool,
}

impl Publicity {
    /// The same for a site that is published: without drafts.
    pub fn strict(self) -> Self {
        Publicity {
            drafts: false,
            ..self
        }
    }

    /// Whether `moment` has come.
    fn has_come(self, moment: Moment) -> bool {
        moment.start() <= self.as_of
    }
}

/// Why an entry is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// It has expired, at this moment.
    Expired(Moment),
    /// It is a draft.
    Draft,
    /// It is due at this moment only.
    NotYetDue(Moment),
}

/// Why an entry is not public; `None` for those that are.
pub fn withheld(entry: &RawEntry, publicity: Publicity) -> Option<Withheld> {
    let common = &entry.common;
    if let Some(on) = common.expire_on.filter(|on| publicity.has_come(*on)) {
        return Some(Withheld::Expired(on));
    }
    if publicity.drafts {
        return None;
    }
    if common.draft {
        return Some(Withheld::Draft);
    }
    let due = common.publish_on.filter(|on| !publicity.has_come(*on));
    due.map(Withheld::NotYetDue)
}

/// The date of publication of an entry that is public before that date; `None` where the date has come
/// or is no fact, and for entries that are drafts or not yet due, even where they are shown.
pub(super) fn dated_ahead(entry: &RawEntry, publicity: Publicity) -> Option<Moment> {
    let ahead = entry.common.published_on();
    let ahead = ahead.filter(|date| !publicity.has_come(*date))?;
    withheld(entry, publicity.strict())
        .is_none()
        .then_some(ahead)
}

/// What is to be said of an entry: that it is not published now, or that it is before its date.
pub(super) fn told(entry: &RawEntry, publicity: Publicity) -> Option<Diagnostic> {
    match withheld(entry, publicity) {
        Some(why) => Some(not_published(why).at(entry.title_span())),
        None => dated_ahead(entry, publicity).map(|date| {
            let place = entry.span(&[Step::Key("date")], Part::Value);
            future_date(entry.kind, date).at(place)
        }),
    }
}

/// The note that an entry is not published now, and why.
fn not_published(why: Withheld) -> Problem {
    let message = match why {
        Withheld::Expired(on) => {
            let day = on.chinese();
            text!("没有发布：{day}已下线", "not published: expired on {on}")
        }
        Withheld::Draft => text!("没有发布：是草稿", "not published: a draft"),
        Withheld::NotYetDue(on) => {
            let day = on.chinese();
            text!("没有发布：{day}才发布", "not published before {on}")
        }
    };
    Problem::note(Code::NotPublished, message)
}

/// The warning that an entry is published before the date that it bears.
///
/// It does not name the day of the build: what is said stays the same until the date has come.
fn future_date(kind: Kind, date: Moment) -> Problem {
    let day = date.chinese();
    let message = text!(
        "`date`（{day}）还没有到，却已公开",
        "published, though its `date` ({date}) has not come yet"
    );
    let hint = text!("核对年份和月份是否写错", "check the year and the month");
    let problem = Problem::warning(Code::FutureDate, message).hint(hint);
    let problem = match kind {
        Kind::Report | Kind::Meeting | Kind::Visit => problem.hint(text!(
            "预告还没有举行的活动，写在 `content/events/` 里，用 `start` 写时间",
            "announce what has still to take place in `content/events/`, with its time as `start`"
        )),
        _ => problem,
    };
    let due = date.to_string().replace('T', " ");
    problem.hint(text!(
        "到那时才发布，加一行 `publish_on: {due}`",
        "to hold it back until then, add a line `publish_on: {due}`"
    ))
}
