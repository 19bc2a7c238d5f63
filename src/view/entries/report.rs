//! What the page of a report shows beyond its keys.

use std::cmp::Reverse;

use serde::Serialize;

use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::kinds::Report;
use crate::render::Prepared;
use crate::view::{Card, Cards};

/// Most reports that a report leads to.
const MOST: usize = 4;

/// Most ties of a report that are followed: the work for a page must not grow with its keys.
const MOST_TIES: usize = 6;

/// What the template of a report gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct ReportView<'a> {
    /// Reports that share its projects, stations, organizations, campaigns or topics and are near in
    /// time, at most four, newest first.
    pub nearby: Vec<Prepared<Card<'a>>>,
    /// Which of its photos, counted from 0, is to be shown large at its head: the one that is its
    /// cover, or the first where it has no cover; none where the cover is no photo of the report.
    pub lead: Option<usize>,
}

impl<'a> ReportView<'a> {
    /// That of an entry.
    pub fn new(id: EntryId, report: &Report, cards: &'a Cards<'a>) -> Self {
        let nearby = nearby(id, cards.site).into_iter();
        let photos = &report.photos;
        ReportView {
            nearby: nearby.map(|id| cards.of(id)).collect(),
            lead: match &cards.site.entry(id).raw.common.cover {
                None => (!photos.is_empty()).then_some(0),
                Some(cover) => photos.iter().position(|photo| photo.file == *cover),
            },
        }
    }
}

/// How much two reports have to do with one another that share an entry under this key.
fn weight(key: &str) -> Option<usize> {
    match key {
        "projects" => Some(3),
        "stations" | "organizations" => Some(2),
        "campaigns" | "topics" => Some(1),
        _ => None,
    }
}

/// The reports around this one in the lists that it is in: those first that are in several.
fn nearby(id: EntryId, site: &Site) -> Vec<EntryId> {
    let Some(here) = site.position(id) else {
        return Vec::new();
    };
    let all = site.of_kind(Kind::Report);
    let place = |id: &EntryId| site.position(*id).unwrap_or(usize::MAX);
    // Places in the collection of all reports, with how much each has to do with this one.
    let mut found: Vec<(usize, usize)> = Vec::with_capacity(2 * MOST * MOST_TIES);
    let ties = site.entry(id).references.iter();
    let ties = ties.filter_map(|tie| Some((site.reports_of(tie.to)?, weight(tie.key)?)));
    for (list, weight) in ties.take(MOST_TIES) {
        // The entries of a list are in the order of their collection.
        let at = list.entries.partition_point(|other| place(other) < here);
        let (before, after) = list.entries.split_at(at);
        let after = after.iter().filter(|other| **other != id).take(MOST);
        for other in before.iter().rev().take(MOST).chain(after) {
            let place = place(other);
            match found.iter_mut().find(|(known, _)| *known == place) {
                Some((_, sum)) => *sum += weight,
                None => found.push((place, weight)),
            }
        }
    }
    let order =
        |&(place, sum): &(usize, usize)| (Reverse(sum), place.abs_diff(here), all.get(place));
    if found.len() > MOST {
        found.select_nth_unstable_by_key(MOST, order);
        found.truncate(MOST);
    }
    found.sort_unstable_by_key(|(place, _)| Reverse(*place));
    let found = found.into_iter();
    found
        .filter_map(|(place, _)| all.get(place).copied())
        .collect()
}
