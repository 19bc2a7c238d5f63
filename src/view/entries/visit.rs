//! What the page of a round of visits shows beyond its keys.

use serde::Serialize;

use crate::link::EntryId;
use crate::model::Kind;
use crate::model::kinds::{Data, Matter, Visit};
use crate::render::Prepared;
use crate::view::share::share;
use crate::view::{Card, Cards, Share};

/// What the template of a round of visits gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct VisitView<'a> {
    /// What residents brought up, with bars.
    pub matters: Vec<MatterView<'a>>,
    /// How many matters in all, where the number of each is written.
    pub count: Option<u64>,
    /// How many of them are settled, where that is written of each.
    pub settled: Option<u64>,
}

/// What residents brought up.
#[derive(Debug, Serialize)]
pub struct MatterView<'a> {
    /// What it is about.
    pub title: &'a str,
    /// How often it came up.
    pub count: Option<u32>,
    /// How many of them are settled.
    pub settled: Option<u32>,
    /// The settled ones in percent of all.
    pub share: Option<Share>,
    /// The field of service.
    pub service_area: Option<Prepared<Card<'a>>>,
}

impl<'a> VisitView<'a> {
    /// That of an entry.
    pub fn new(id: EntryId, cards: &'a Cards<'a>) -> Self {
        let Data::Visit(visit) = &cards.site.entry(id).raw.data else {
            return VisitView {
                matters: Vec::new(),
                count: None,
                settled: None,
            };
        };
        let (count, settled) = sums(visit);
        VisitView {
            matters: visit
                .matters
                .iter()
                .map(|item| matter(item, cards))
                .collect(),
            count,
            settled,
        }
    }
}

/// How many matters were brought up and how many are settled; none where one number is missing,
/// because a sum would then be too small.
pub(in crate::view) fn sums(visit: &Visit) -> (Option<u64>, Option<u64>) {
    let sum = |of: fn(&Matter) -> Option<u32>| {
        let numbers = visit.matters.iter().map(|item| of(item).map(u64::from));
        let sum: Option<u64> = numbers.sum();
        sum.filter(|_| !visit.matters.is_empty())
    };
    (sum(|item| item.count), sum(|item| item.settled))
}

fn matter<'a>(matter: &'a Matter, cards: &Cards<'a>) -> MatterView<'a> {
    let area = matter.service_area.as_ref();
    let area = area.and_then(|area| cards.site.find(Kind::ServiceArea, &area.id));
    let both = matter.settled.zip(matter.count);
    MatterView {
        title: &matter.title,
        count: matter.count,
        settled: matter.settled,
        share: both.and_then(|(part, whole)| share(i64::from(part), i64::from(whole))),
        service_area: area.map(|area| cards.of(area)),
    }
}
