//! What the page of a term of the vocabulary shows beyond its keys: whom to call and where to go.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::kinds::{KindData, Project};
use crate::view::entry::{card, tied};
use crate::view::{Cards, ReachView};

/// What the template of a term gets beside `entry`.
#[derive(Debug, Default, Serialize)]
pub struct TermView<'a> {
    /// Who helps with a service area: those who lead or help its projects. Who covers a sector.
    pub helpers: Vec<ReachView<'a>>,
    /// The stations in a community; those where the projects of a service area work.
    pub places: Vec<ReachView<'a>>,
}

impl<'a> TermView<'a> {
    /// That of an entry.
    pub fn new(id: EntryId, cards: &'a Cards<'a>) -> Self {
        let all = |kind: Kind| cards.site.referring(id, kind);
        let reach = |from: EntryId| ReachView::new(from, tied(from, id, cards), cards);
        match cards.site.entry(id).raw.kind {
            Kind::ServiceArea => service_area(id, cards),
            Kind::Community => TermView {
                helpers: Vec::new(),
                places: all(Kind::Station).map(reach).collect(),
            },
            Kind::Sector => TermView {
                helpers: all(Kind::Organization).map(reach).collect(),
                places: Vec::new(),
            },
            _ => TermView::default(),
        }
    }
}

/// Entries found by way of projects; those at the end of illustrative ways only are marked.
#[derive(Default)]
struct Found(BTreeMap<(usize, EntryId), bool>);

impl Found {
    fn add(&mut self, id: EntryId, is_sample: bool, site: &Site) {
        // In the order in which their own collection lists them.
        let place = site.position(id).unwrap_or(usize::MAX);
        let sample = self.0.entry((place, id)).or_insert(true);
        *sample &= is_sample;
    }

    fn reach<'a>(&self, cards: &'a Cards<'a>) -> Vec<ReachView<'a>> {
        let found = self.0.iter();
        found
            .map(|(&(_, id), &sample)| ReachView::new(id, card(id, sample, cards), cards))
            .collect()
    }
}

fn service_area<'a>(id: EntryId, cards: &'a Cards<'a>) -> TermView<'a> {
    let site = cards.site;
    let (mut organizations, mut stations) = (Found::default(), Found::default());
    for project in site.referring(id, Kind::Project) {
        let entry = site.entry(project);
        let Some(data) = Project::of(&entry.raw.data) else {
            continue;
        };
        let whole = entry.raw.common.sample.is_whole() || entry.is_sample("service_areas");
        let is_sample = |key: &str| whole || entry.is_sample(key);
        let lead = data.lead.iter().map(|lead| ("lead", lead));
        let partners = data.partners.iter().map(|partner| ("partners", partner));
        for (key, organization) in lead.chain(partners) {
            for id in site.targets([organization]) {
                organizations.add(id, is_sample(key), site);
            }
        }
        for id in site.targets(&data.stations) {
            stations.add(id, is_sample("stations"), site);
        }
    }
    TermView {
        helpers: organizations.reach(cards),
        places: stations.reach(cards),
    }
}
