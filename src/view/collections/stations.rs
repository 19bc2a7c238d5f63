//! What the front page of the stations shows beyond its list: each with what residents look for, and
//! the words to filter by.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::kinds::{Datum, Station, StationKind};
use crate::render::Prepared;
use crate::view::hours::Week;
use crate::view::{Card, Cards, HoursRow};

/// What the template of the front page of the stations gets as part of `list`.
#[derive(Debug, Serialize)]
pub struct StationsView<'a> {
    /// The stations by kind, kinds in the order of the model, stations in that of their files.
    pub groups: Vec<StationGroup<'a>>,
    /// The communities that have stations, in the order in which they are listed there.
    pub communities: Vec<CommunityChoice<'a>>,
    /// What stations offer, most frequent first.
    pub services: Vec<ServiceChoice<'a>>,
    /// Whether any station says when it is open.
    pub has_hours: bool,
    /// Whether any station says where it is.
    pub has_positions: bool,
}

/// The stations of one kind.
#[derive(Debug, Serialize)]
pub struct StationGroup<'a> {
    /// The kind's name: `community`.
    pub key: &'static str,
    /// The kind in words: `社区党群服务中心`.
    pub label: &'static str,
    /// The stations.
    pub items: Vec<StationItem<'a>>,
}

/// A station in the list.
#[derive(Debug, Serialize)]
pub struct StationItem<'a> {
    /// The station.
    pub card: Prepared<Card<'a>>,
    /// A number for the place of the page at which it stands.
    pub anchor: usize,
    /// The community it is in, where written and public.
    pub community: Option<Prepared<Card<'a>>>,
    /// The id of that community.
    pub community_id: Option<&'a str>,
    /// Its address, where written.
    pub address: Option<&'a str>,
    /// Its telephone number, where written.
    pub phone: Option<&'a str>,
    /// When it is open, days with the same hours together; days on which it is not are left out.
    pub hours: Vec<HoursRow>,
    /// Its hours in the short form that the script `_open.js` reads; empty where none are written.
    pub hours_code: String,
    /// Degrees east in WGS-84, in which browsers tell where they are: `122.28012`; where written.
    pub longitude: Option<String>,
    /// Degrees north in WGS-84.
    pub latitude: Option<String>,
    /// What it offers, in windows and elsewhere, each once.
    pub services: Vec<&'a str>,
    /// What makes it accessible.
    pub accessibility: Vec<&'a str>,
    /// The keys whose values are illustrative, as `entry.sample` has them.
    pub sample: Vec<&'a str>,
}

/// A community to look for stations in.
#[derive(Debug, Serialize)]
pub struct CommunityChoice<'a> {
    /// The community.
    pub card: Prepared<Card<'a>>,
    /// Its id.
    pub id: &'a str,
    /// How many stations it has.
    pub count: usize,
    /// The `anchor` of the first of them.
    pub anchor: usize,
}

/// A service to look for.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ServiceChoice<'a> {
    /// What it is called.
    pub title: &'a str,
    /// How many stations offer it.
    pub count: usize,
}

impl<'a> StationsView<'a> {
    /// That of a site.
    pub fn new(cards: &'a Cards<'a>) -> Self {
        let mut groups: BTreeMap<StationKind, Vec<StationItem<'a>>> = BTreeMap::new();
        for (id, station) in cards.site.all::<Station>() {
            let items = groups.entry(station.kind).or_default();
            items.push(StationItem::new(id, station, cards));
        }
        let mut anchor = 0;
        for item in groups.values_mut().flatten() {
            anchor += 1;
            item.anchor = anchor;
        }
        let items = || groups.values().flatten();
        StationsView {
            communities: communities(items(), cards.site),
            services: services(items()),
            has_hours: items().any(|item| !item.hours.is_empty()),
            has_positions: items().any(|item| item.longitude.is_some()),
            groups: groups
                .into_iter()
                .map(|(kind, items)| {
                    let (key, label) = kind.key_and_label();
                    StationGroup { key, label, items }
                })
                .collect(),
        }
    }
}

impl<'a> StationItem<'a> {
    /// That of one station, with the anchor 0.
    pub fn new(id: EntryId, station: &'a Station, cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let week = Week::of(&station.hours);
        let is_open = |row: &HoursRow| !row.times.is_empty();
        let location = station.location.as_ref();
        let place = location.map(|location| location.in_datum(Datum::Wgs84));
        let community = site.targets(&station.community).next();
        StationItem {
            card: cards.of(id),
            anchor: 0,
            community: community.map(|id| cards.of(id)),
            community_id: community.map(|id| site.entry(id).raw.id.as_str()),
            address: station.address.as_deref(),
            phone: station.phone.as_deref(),
            hours: week.rows().into_iter().filter(is_open).collect(),
            hours_code: week.code(),
            longitude: place.map(|place| degrees(place.longitude)),
            latitude: place.map(|place| degrees(place.latitude)),
            services: offered(station),
            accessibility: station.accessibility.iter().map(String::as_str).collect(),
            sample: site.entry(id).sample_keys(),
        }
    }
}

/// Degrees to about a metre.
fn degrees(degrees: f64) -> String {
    format!("{degrees:.5}")
}

/// What a station offers, in its windows too, each once, in the order written.
fn offered(station: &Station) -> Vec<&str> {
    let in_windows = station.windows.iter().flat_map(|window| &window.services);
    let mut seen = std::collections::BTreeSet::new();
    let all = station
        .services
        .iter()
        .chain(in_windows)
        .map(String::as_str);
    all.filter(|service| seen.insert(*service)).collect()
}

fn communities<'i, 'a: 'i>(
    items: impl Iterator<Item = &'i StationItem<'a>>,
    site: &'a Site,
) -> Vec<CommunityChoice<'a>> {
    let mut found: BTreeMap<EntryId, CommunityChoice<'a>> = BTreeMap::new();
    for item in items {
        let (Some(id), Some(card)) = (item.community_id, &item.community) else {
            continue;
        };
        let Some(place) = site.find(Kind::Community, id) else {
            continue;
        };
        let choice = found.entry(place).or_insert_with(|| CommunityChoice {
            card: card.clone(),
            id,
            count: 0,
            anchor: item.anchor,
        });
        choice.count += 1;
    }
    found.into_values().collect()
}

fn services<'i, 'a: 'i>(
    items: impl Iterator<Item = &'i StationItem<'a>>,
) -> Vec<ServiceChoice<'a>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for service in items.flat_map(|item| &item.services) {
        *counts.entry(service).or_default() += 1;
    }
    let choices = counts.into_iter();
    let mut choices: Vec<_> = choices
        .map(|(title, count)| ServiceChoice { title, count })
        .collect();
    choices.sort_by_key(|choice| (std::cmp::Reverse(choice.count), choice.title));
    choices
}
