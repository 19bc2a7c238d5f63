//! What the page of an organization shows beyond its keys: its posts against its establishment,
//! where it works, its projects, turns and events, the organizations below it.

mod posts;
mod turns;

pub use posts::{HolderView, PostHolders, PostView, Posts};
pub use turns::{OrganizationTurn, YearTurns};

use std::collections::BTreeSet;

use serde::Serialize;

use crate::link::EntryId;
use crate::model::Kind;
use crate::model::kinds::Organization;
use crate::render::Prepared;
use crate::view::agenda::coming_to;
use crate::view::entry::{tied, tied_under};
use crate::view::hours::Week;
use crate::view::{Card, Cards, ComingView, ReachView};

/// What the template of an organization gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct OrganizationView<'a> {
    /// When somebody is there, in the short form that the script `_open.js` reads; empty where no
    /// hours are written.
    pub hours_code: String,
    /// The posts of its establishment, with the columns that their table needs.
    pub posts: Posts<'a>,
    /// Who holds the posts, post by post.
    pub holders: Vec<PostHolders<'a>>,
    /// The stations where it works: those it names, then those that name it.
    pub places: Vec<ReachView<'a>>,
    /// The projects that it leads.
    pub led: Vec<Prepared<Card<'a>>>,
    /// The projects that it helps.
    pub partnered: Vec<Prepared<Card<'a>>>,
    /// Its turns in the rotas, the newest year first.
    pub turns: Vec<YearTurns<'a>>,
    /// The organizations directly below it.
    pub children: Vec<Prepared<Card<'a>>>,
    /// When its events take place: in the month of the build, in the next, and a few times after, ordered.
    pub coming: Vec<ComingView<'a>>,
}

impl<'a> OrganizationView<'a> {
    /// That of an entry.
    pub fn new(id: EntryId, organization: &'a Organization, cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let below = site.referring(id, Kind::Organization);
        let hours = organization.contact.as_ref();
        let hours = hours.map(|contact| Week::of(&contact.hours).code());
        OrganizationView {
            hours_code: hours.unwrap_or_default(),
            posts: Posts::new(organization, site.config.show_gaps),
            holders: posts::holders(organization, cards),
            places: places(id, organization, cards),
            led: tied_under(id, Kind::Project, "lead", cards),
            partnered: tied_under(id, Kind::Project, "partners", cards),
            turns: turns::turns(id, cards),
            children: below.map(|child| tied(child, id, cards)).collect(),
            coming: coming_to(id, cards),
        }
    }
}

fn places<'a>(
    id: EntryId,
    organization: &Organization,
    cards: &'a Cards<'a>,
) -> Vec<ReachView<'a>> {
    let site = cards.site;
    let named = site.targets(&organization.stations);
    let named = named.map(|station| (station, cards.of(station)));
    let naming = site.referring(id, Kind::Station);
    let naming = naming.map(|station| (station, tied(station, id, cards)));
    let mut seen = BTreeSet::new();
    let all = named
        .chain(naming)
        .filter(|(station, _)| seen.insert(*station));
    all.map(|(station, card)| ReachView::new(station, card, cards))
        .collect()
}
