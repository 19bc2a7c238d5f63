//! What the page of a round of visits shows beyond its keys.

use serde::Serialize;

use crate::model::kinds::{Matter, Visit};
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
    /// That of an entry with these keys.
    pub fn new(visit: &'a Visit, cards: &'a Cards<'a>) -> Self {
        let (count, settled) = sums(visit);
        let matters = visit.matters.iter();
        VisitView {
            matters: matters.map(|item| matter(item, cards)).collect(),
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
    let both = matter.settled.zip(matter.count);
    MatterView {
        title: &matter.title,
        count: matter.count,
        settled: matter.settled,
        share: both.and_then(|(part, whole)| share(i64::from(part), i64::from(whole))),
        service_area: cards.targets(&matter.service_area).next(),
    }
}
