//! What a page says to machines: JSON-LD with the vocabulary of schema.org.
//!
//! Only facts are told: machines know no badge, so whatever is illustrative is left out.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::meta::image;
use super::{Page, breadcrumbs};
use crate::link::{Entry, EntryId, Site};
use crate::model::Kind;
use crate::model::date::Moment;
use crate::model::kinds::{Data, Event, Every, Organization, Station};
use crate::model::reference::{Ref, Target};
use crate::model::weekly::WeeklySlot;

/// A page's JSON-LD. Templates see a string in which nothing can end a `<script>` element.
#[derive(Debug)]
pub struct JsonLd<'a> {
    site: &'a Site,
    page: Page,
}

/// What a page tells. Every page has breadcrumbs, which are therefore not built as values first.
#[derive(Serialize)]
struct Graph {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    things: Vec<Thing>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Thing {
    Breadcrumbs(Breadcrumbs),
    Other(Value),
}

#[derive(Serialize)]
struct Breadcrumbs {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "itemListElement")]
    items: Vec<ListItem>,
}

#[derive(Serialize)]
struct ListItem {
    #[serde(rename = "@type")]
    kind: &'static str,
    item: String,
    name: String,
    position: usize,
}

impl Serialize for JsonLd<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Most pages tell of nothing but their own keys, which their view holds anyway.
        if serializer.is_human_readable() || self.tells_of_others() {
            serializer.serialize_str(&self.text())
        } else {
            serializer.serialize_unit()
        }
    }
}

impl<'a> JsonLd<'a> {
    /// That of a page.
    pub(super) fn new(page: &Page, site: &'a Site) -> Self {
        JsonLd {
            site,
            page: page.clone(),
        }
    }

    fn tells_of_others(&self) -> bool {
        let Page::Entry(id) = self.page else {
            return false;
        };
        matches!(
            self.site.entry(id).raw.kind,
            Kind::Event | Kind::Organization
        )
    }

    /// The JSON, in which `<` is written as an escape.
    fn text(&self) -> String {
        let breadcrumbs = self.breadcrumbs().map(Thing::Breadcrumbs);
        let thing = self.thing().map(Thing::Other);
        let things: Vec<Thing> = breadcrumbs.into_iter().chain(thing).collect();
        if things.is_empty() {
            return String::new();
        }
        let graph = Graph {
            context: "https://schema.org",
            things,
        };
        // Texts and numbers always serialise.
        let text = serde_json::to_string(&graph).unwrap_or_default();
        text.replace('<', "\\u003c")
    }

    fn breadcrumbs(&self) -> Option<Breadcrumbs> {
        let crumbs = breadcrumbs(&self.page, self.site);
        if crumbs.len() < 2 {
            return None;
        }
        let addresses = &self.site.addresses;
        let items = (1..).zip(crumbs).map(|(position, crumb)| ListItem {
            kind: "ListItem",
            item: addresses.absolute(&crumb.url),
            name: crumb.title.into(),
            position,
        });
        Some(Breadcrumbs {
            kind: "BreadcrumbList",
            items: items.collect(),
        })
    }

    /// What the page is about.
    fn thing(&self) -> Option<Value> {
        let site = self.site;
        let id = match self.page {
            Page::Home => {
                return Some(json!({
                    "@type": "WebSite", "name": site.config.title, "inLanguage": "zh-CN",
                    "url": site.addresses.absolute_page(&self.page.path(site)),
                    "publisher": {"@type": "GovernmentOrganization", "name": site.config.owner},
                }));
            }
            Page::Entry(id) => id,
            _ => return None,
        };
        let entry = site.entry(id);
        if entry.raw.common.sample.is_whole() || entry.is_sample("title") {
            return None;
        }
        let mut thing = match &entry.raw.data {
            Data::Organization(data) => self.organization(entry, data),
            Data::Station(data) => station(entry, data),
            Data::Event(data) => self.event(entry, data)?,
            Data::Report(_) | Data::Notice(_) => self.article("NewsArticle", entry),
            Data::Document(_) | Data::Response(_) => self.article("Article", entry),
            _ => return None,
        };
        thing["url"] = site.addresses.absolute_page(&entry.path).into();
        if !entry.has_sample_summary() && !entry.summary().is_empty() {
            thing["description"] = entry.summary().into();
        }
        if let Some(image) = image(entry, site) {
            thing["image"] = image.into();
        }
        Some(thing)
    }

    fn article(&self, kind: &str, entry: &Entry) -> Value {
        let common = &entry.raw.common;
        let mut article = json!({
            "@type": kind, "headline": entry.title(), "inLanguage": "zh-CN",
            "publisher": {"@type": "GovernmentOrganization", "name": self.site.config.owner},
        });
        if let Some(date) = entry.published_on() {
            article["datePublished"] = self.moment(date).into();
        }
        if let Some(updated) = common.updated.filter(|_| !entry.is_sample("updated")) {
            article["dateModified"] = self.moment(updated).into();
        }
        // Whether any other name is that of a person or of a body, the entry does not say.
        let author = fact(entry, "author", common.author.as_deref());
        let owner = self.site.config.owner.as_str();
        if let Some(author) = author.filter(|name| *name == owner || issuer(entry) == Some(*name)) {
            article["author"] = json!({"@type": "Organization", "name": author});
        }
        article
    }

    fn organization(&self, entry: &Entry, data: &Organization) -> Value {
        let mut organization = json!({"@type": "Organization", "name": entry.title()});
        let parent = data.parent.as_ref();
        if let Some(parent) = parent.filter(|_| !entry.is_sample("parent")) {
            let parent = self.named("Organization", parent);
            organization["parentOrganization"] = parent.unwrap_or_default();
        }
        let contact = data.contact.as_ref();
        if let Some(contact) = contact.filter(|_| !entry.is_sample("contact")) {
            let facts = [
                ("telephone", &contact.phone),
                ("email", &contact.email),
                ("address", &contact.address),
            ];
            put(&mut organization, facts);
        }
        organization
    }

    /// `None` where the time is illustrative: an event without one is none.
    fn event(&self, entry: &Entry, data: &Event) -> Option<Value> {
        if entry.is_sample("start") {
            return None;
        }
        let mut event = json!({
            "@type": "Event", "name": entry.title(), "startDate": self.moment(data.start),
        });
        if let Some(end) = data.end.filter(|_| !entry.is_sample("end")) {
            event["endDate"] = self.moment(end).into();
        }
        if let Some(repeats) = data
            .repeats
            .as_ref()
            .filter(|_| !entry.is_sample("repeats"))
        {
            let every = match repeats.every {
                Every::Week => "P1W",
                Every::Month => "P1M",
                Every::Quarter => "P3M",
                Every::Year => "P1Y",
            };
            event["eventSchedule"] = json!({
                "@type": "Schedule", "repeatFrequency": every, "startDate": data.start.date.to_string(),
            });
            if let Some(until) = repeats.until {
                event["eventSchedule"]["endDate"] = until.to_string().into();
            }
        }
        self.add_place_and_organizer(&mut event, entry, data);
        Some(event)
    }

    fn add_place_and_organizer(&self, event: &mut Value, entry: &Entry, data: &Event) {
        if !entry.is_sample("stations") {
            let places = data.stations.iter();
            let places: Vec<Value> = places.filter_map(|station| self.place(station)).collect();
            // Without a place, it may as well be held online.
            if !places.is_empty() {
                event["location"] = places.into();
                event["eventAttendanceMode"] =
                    "https://schema.org/OfflineEventAttendanceMode".into();
            }
        }
        if !entry.is_sample("organizations") {
            let named = data.organizations.iter();
            let named: Vec<Value> = named
                .filter_map(|organization| self.named("Organization", organization))
                .collect();
            if !named.is_empty() {
                event["organizer"] = named.into();
            }
        }
    }

    fn place(&self, station: &Ref<Station>) -> Option<Value> {
        let mut place = self.named("Place", station)?;
        let entry = self.find(station)?;
        if let Data::Station(data) = &entry.raw.data
            && let Some(address) = fact(entry, "address", data.address.as_deref())
        {
            place["address"] = address.into();
        }
        Some(place)
    }

    /// Name and address of an entry that is a fact.
    fn named<T: Target>(&self, kind: &str, reference: &Ref<T>) -> Option<Value> {
        let entry = self.find(reference)?;
        let is_fact = !entry.raw.common.sample.is_whole() && !entry.is_sample("title");
        let url = self.site.addresses.absolute_page(&entry.path);
        is_fact.then(|| json!({"@type": kind, "name": entry.title(), "url": url}))
    }

    fn find<T: Target>(&self, reference: &Ref<T>) -> Option<&'a Entry> {
        let id: EntryId = self.site.find(T::KIND, &reference.id)?;
        Some(self.site.entry(id))
    }

    /// ISO 8601: a day, or a moment with the offset of the site's time zone.
    fn moment(&self, moment: Moment) -> String {
        if moment.time.is_none() {
            return moment.date.to_string();
        }
        moment.timestamp(&self.site.config.zone())
    }
}

fn station(entry: &Entry, data: &Station) -> Value {
    let mut place = json!({"@type": "Place", "name": entry.title()});
    let facts = [("address", &data.address), ("telephone", &data.phone)];
    let real = |key| if key == "telephone" { "phone" } else { key };
    put(
        &mut place,
        facts
            .into_iter()
            .filter(|(key, _)| !entry.is_sample(real(key))),
    );
    if !data.hours.is_empty() && !entry.is_sample("hours") {
        let hours = data.hours.iter().flat_map(opening_hours);
        place["openingHoursSpecification"] = hours.collect();
    }
    place
}

/// Who issued an entry, where it is a key of its kind, written, and a fact.
fn issuer(entry: &Entry) -> Option<&str> {
    let written = match &entry.raw.data {
        Data::Notice(notice) => notice.issuer.as_deref(),
        Data::Document(document) => document.issuer.as_deref(),
        _ => None,
    };
    fact(entry, "issuer", written)
}

fn opening_hours(slot: &WeeklySlot) -> impl Iterator<Item = Value> {
    const DAYS: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    let names = slot
        .days
        .iter()
        .filter_map(|day| DAYS.get(usize::from(*day).checked_sub(1)?));
    let names: Vec<&str> = names.copied().collect();
    // The end of the day is its last minute: 24:00 is no time of ISO 8601-1:2019.
    let clock = |minutes: u16| match minutes {
        1440 => String::from("23:59"),
        minutes => format!("{:02}:{:02}", minutes / 60, minutes % 60),
    };
    slot.times.iter().map(move |(from, to)| {
        json!({
            "@type": "OpeningHoursSpecification", "dayOfWeek": names,
            "opens": clock(*from), "closes": clock(*to),
        })
    })
}

/// The value of a key, unless it is illustrative.
fn fact<'e>(entry: &Entry, key: &str, value: Option<&'e str>) -> Option<&'e str> {
    value.filter(|_| !entry.is_sample(key))
}

fn put<'v>(thing: &mut Value, facts: impl IntoIterator<Item = (&'static str, &'v Option<String>)>) {
    for (key, value) in facts {
        if let Some(value) = value {
            thing[key] = value.as_str().into();
        }
    }
}
