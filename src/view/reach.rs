//! Whom to call, where and when: how to reach a station or an organization, as other pages show it.

use serde::Serialize;

use super::card::{Card, Cards};
use super::hours::Week;
use crate::link::EntryId;
use crate::model::kinds::{Contact, Data, Station};
use crate::model::weekly::WeeklySlot;
use crate::render::Prepared;

/// How to reach a station or an organization.
#[derive(Debug, Serialize)]
pub struct ReachView<'a> {
    /// The station or organization.
    pub card: Prepared<Card<'a>>,
    /// Whom to ask for, where written.
    pub name: Option<&'a str>,
    /// The telephone number, where written.
    pub phone: Option<&'a str>,
    /// The address, where written.
    pub address: Option<&'a str>,
    /// The hours in the officer's words.
    pub hours: Vec<&'a str>,
    /// The hours in the short form that the script `_open.js` reads; empty where none are written.
    pub hours_code: String,
    /// The keys whose values are illustrative, as `entry.sample` has them.
    pub sample: Vec<&'a str>,
}

impl<'a> ReachView<'a> {
    /// How to reach the entry that `card` shows; the card alone where its kind has no such keys.
    pub(super) fn new(id: EntryId, card: Prepared<Card<'a>>, cards: &'a Cards<'a>) -> Self {
        let entry = cards.site.entry(id);
        let bare = ReachView {
            card,
            name: None,
            phone: None,
            address: None,
            hours: Vec::new(),
            hours_code: String::new(),
            sample: entry.sample_keys(),
        };
        match &entry.raw.data {
            Data::Station(station) => bare.with_station(station),
            Data::Organization(organization) => match &organization.contact {
                Some(contact) => bare.with_contact(contact),
                None => bare,
            },
            _ => bare,
        }
    }

    fn with_station(self, station: &'a Station) -> Self {
        ReachView {
            phone: station.phone.as_deref(),
            address: station.address.as_deref(),
            hours: written(&station.hours),
            hours_code: Week::of(&station.hours).code(),
            ..self
        }
    }

    fn with_contact(mut self, contact: &'a Contact) -> Self {
        if self.sample.contains(&"contact") {
            self.sample.extend(["name", "phone", "address", "hours"]);
        }
        ReachView {
            name: contact.name.as_deref(),
            phone: contact.phone.as_deref(),
            address: contact.address.as_deref(),
            hours: written(&contact.hours),
            hours_code: Week::of(&contact.hours).code(),
            ..self
        }
    }
}

fn written(slots: &[WeeklySlot]) -> Vec<&str> {
    slots.iter().map(|slot| slot.written.as_str()).collect()
}
