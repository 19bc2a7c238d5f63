//! What the home page shows.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::link::own_pages::OwnPage;
use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::kinds::{Report, Rota};
use crate::render::Prepared;
use crate::view::agenda::upcoming;
use crate::view::entries::{RotaView, TurnView};
use crate::view::{Card, Cards, UpcomingView};

/// What the template of the home page gets.
#[derive(Debug, Serialize)]
pub struct HomeView<'a> {
    /// What takes place in the month of the build, in the next, and a few times after, ordered.
    pub upcoming: Vec<UpcomingView<'a>>,
    /// The rotas of the year of the build and of the next; without them the newest one.
    pub rotas: Vec<RotaYear<'a>>,
    /// What was done in the newest year that has reports.
    pub figures: Option<Figures>,
    /// How many entries each collection has, by the name of their kind.
    pub counts: BTreeMap<&'static str, usize>,
    /// Whether any station says where it is.
    pub has_positions: bool,
    /// The link to the calendar, where there is one.
    pub calendar: Option<String>,
}

/// A year's rota.
#[derive(Debug, Serialize)]
pub struct RotaYear<'a> {
    /// The rota.
    pub card: Prepared<Card<'a>>,
    /// Its year: `2021`.
    pub year: &'a str,
    /// Its turns.
    pub turns: Vec<TurnView<'a>>,
    /// The keys whose values are illustrative, as `entry.sample` has them.
    pub sample: Vec<&'a str>,
}

/// What the reports of a year add up to.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// The year.
    pub year: i16,
    /// How many reports there are.
    pub reports: usize,
    /// How many people took part.
    pub participants: u64,
    /// How many volunteers helped.
    pub volunteers: u64,
    /// Hours of volunteer service, to one decimal.
    pub service_hours: String,
    /// Whether any of these reports or their figures are illustrative.
    pub sample: bool,
}

impl<'a> HomeView<'a> {
    /// That of a site.
    pub fn new(cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let count = |kind: Kind| (kind.name(), site.of_kind(kind).len());
        HomeView {
            upcoming: upcoming(cards),
            rotas: rotas(cards),
            figures: figures(site),
            counts: Kind::ALL.map(count).into(),
            has_positions: site.places().next().is_some(),
            calendar: site.own_page(OwnPage::Calendar),
        }
    }
}

impl<'a> RotaYear<'a> {
    /// That of an entry.
    pub fn new(id: EntryId, rota: &'a Rota, cards: &'a Cards<'a>) -> Self {
        let entry = cards.site.entry(id);
        RotaYear {
            card: cards.of(id),
            year: &entry.raw.id,
            turns: RotaView::new(id, rota, cards).turns,
            sample: entry.sample_keys(),
        }
    }
}

fn rotas<'a>(cards: &'a Cards<'a>) -> Vec<RotaYear<'a>> {
    let site = cards.site;
    let year = site.window.month().year();
    let wanted = [year.to_string(), (year + 1).to_string()];
    let near = |(id, _): &(EntryId, &Rota)| wanted.contains(&site.entry(*id).raw.id);
    let mut chosen: Vec<(EntryId, &Rota)> = site.all().filter(near).collect();
    if chosen.is_empty() {
        chosen.extend(site.all::<Rota>().next_back());
    }
    let chosen = chosen.into_iter();
    chosen
        .map(|(id, rota)| RotaYear::new(id, rota, cards))
        .collect()
}

fn figures(site: &Site) -> Option<Figures> {
    let year = |id: EntryId| site.entry(id).date().map(|moment| moment.date.year());
    let newest = year(site.all::<Report>().next_back()?.0)?;
    let mut figures = Figures {
        year: newest,
        ..Figures::default()
    };
    let mut hours = 0.0;
    let reports = site.all::<Report>().rev();
    for (id, report) in reports.take_while(|(id, _)| year(*id) == Some(newest)) {
        let entry = site.entry(id);
        let keys = ["date", "participants", "volunteers", "service_hours"];
        figures.sample |=
            entry.raw.common.sample.is_whole() || keys.iter().any(|key| entry.is_sample(key));
        figures.reports += 1;
        figures.participants += u64::from(report.participants.unwrap_or(0));
        figures.volunteers += u64::from(report.volunteers.unwrap_or(0));
        hours += report.service_hours.unwrap_or(0.0);
    }
    let written = format!("{hours:.1}");
    figures.service_hours = written
        .strip_suffix(".0")
        .map_or(written.clone(), str::to_owned);
    Some(figures)
}
