//! Open data: the entries of each kind as JSON, the places of the stations as GeoJSON (RFC 7946).
//!
//! A record has the keys of the entry's file under the same names, without those that say how it is
//! published; keys without a value are left out. References are `{id, title, url}`, files `{url, …}`,
//! words of a list `{key, label}`, dates local as in ISO 8601. `sample` tells what is illustrative:
//! `true`, or the keys, or `false`.
//!
//! Each record is one line, so that after an edit of a text the line is exchanged and not the file
//! written anew.

use rayon::prelude::*;

use super::json::{Object, json, lines, list};
use crate::link::offers::{Offer, PUBLISHED};
use crate::link::own_pages::OwnPage;
use crate::link::urls::UrlPath;
use crate::link::{Entry, EntryId, Site};
use crate::model::Kind;
use crate::model::kinds::{Data, Datum};
use crate::model::leaf::Sample;
use crate::model::shape::Shape;
use crate::model::tree::OutPath;
use crate::model::value::Record;
use crate::model::weekly::WeeklySlot;

/// The version of the files' form: raised when a key changes its meaning or goes.
const VERSION: u32 = 1;

/// The entries of a kind, of one year where they are filed by year.
pub(super) fn file(site: &Site, kind: Kind, year: Option<i16>) -> String {
    let ids = site.data_of(kind, year);
    let records: Vec<String> = ids.par_iter().map(|id| record(site, *id)).collect();
    let file = Object::default()
        .with("version", VERSION)
        .with("kind", kind.name())
        .with("label", kind.label().zh)
        .with("year", year)
        .with_json("items", Some(lines(&records)));
    file.finish() + "\n"
}

/// A data file in which the record of one of its entries is what it is now; `None` when the file does not
/// hold it.
pub fn with_renewed(file: &[u8], id: EntryId, site: &Site) -> Option<Vec<u8>> {
    let Offer::Data(kind, year) = site.data_file(id) else {
        return None;
    };
    let ids = site.data_of(kind, year);
    let place = site.position(id)? - site.position(*ids.first()?)?;
    // The first line holds what comes before the records.
    let mut ends = memchr::memchr_iter(b'\n', file);
    let start = ends.nth(place)? + 1;
    let end = ends.next()?;
    let record = record(site, id);
    let comma = if place + 1 < ids.len() { "," } else { "" };
    Some(
        [
            &file[..start],
            record.as_bytes(),
            comma.as_bytes(),
            &file[end..],
        ]
        .concat(),
    )
}

fn record(site: &Site, id: EntryId) -> String {
    let entry = site.entry(id);
    let common = &entry.raw.common;
    let values = Values { site, entry };
    let mut object = Object::default()
        .with("id", &entry.raw.id)
        .with("url", site.addresses.absolute_page(&entry.path));
    let published = common.inspect_fields().into_iter();
    for (name, shape) in published.filter(|(name, _)| PUBLISHED.contains(name)) {
        object = match name {
            "summary" => object.with(name, summary(entry)),
            // It comes last.
            "sample" => object,
            _ => object.with_json(name, values.json(&shape)),
        };
    }
    for (name, shape) in entry.raw.data.inspect_fields() {
        object = object.with_json(name, values.json(&shape));
    }
    object.with_json("sample", Some(sample(entry))).finish()
}

/// The summary; not one that was taken from an illustrative body, since it has no key that could tell.
fn summary(entry: &Entry) -> Option<&str> {
    let is_own = entry.raw.common.summary.is_some() || !entry.is_sample("body");
    Some(entry.summary()).filter(|summary| is_own && !summary.is_empty())
}

fn sample(entry: &Entry) -> String {
    match &entry.raw.common.sample {
        Sample::Nothing => json(&false),
        Sample::Whole => json(&true),
        Sample::Keys(keys) => json(keys),
    }
}

/// The values of one entry as they are written.
struct Values<'a> {
    site: &'a Site,
    entry: &'a Entry,
}

impl Values<'_> {
    /// What stands there; `None` where that is nothing.
    fn json(&self, shape: &Shape<'_>) -> Option<String> {
        Some(match shape {
            // What an officer adds for templates has no form that could be promised.
            Shape::Absent | Shape::Free(_) => return None,
            Shape::Text(text) => json(text),
            Shape::Boolean(value) => json(value),
            Shape::Integer(value) => json(value),
            Shape::Number(value) => value.to_string(),
            // In yuan, exact to the fen.
            Shape::Money(money) if money.0 % 100 == 0 => json(&(money.0 / 100)),
            Shape::Money(money) => format!("{}.{:02}", money.0 / 100, money.0 % 100),
            Shape::Date(date) => json(&date.to_string()),
            Shape::Moment(moment) => json(&moment.to_string()),
            Shape::Seats(seats) => Object::default()
                .with("min", seats.min)
                .with("max", seats.max)
                .finish(),
            Shape::WeeklySlot(slot) => weekly(slot),
            Shape::Choice(key, label) => choice(key, label),
            Shape::File(name) => self.file(name)?,
            Shape::Reference(kind, id) => self.reference(*kind, id)?,
            Shape::List(items) => {
                let there: Vec<String> = items.iter().filter_map(|item| self.json(item)).collect();
                return (!there.is_empty()).then(|| list(&there));
            }
            Shape::Record(fields) => {
                let fields = fields.iter();
                let object = fields.fold(Object::default(), |object, (name, field)| {
                    object.with_json(name, self.json(field))
                });
                object.finish()
            }
        })
    }

    fn reference(&self, kind: Kind, id: &str) -> Option<String> {
        let entry = self.site.entry(self.site.find(kind, id)?);
        let is_sample = entry.raw.common.sample.is_whole();
        let reference = Object::default()
            .with("id", &entry.raw.id)
            .with("title", entry.title())
            .with("url", self.site.addresses.absolute_page(&entry.path))
            .with("sample", is_sample.then_some(true));
        Some(reference.finish())
    }

    fn file(&self, name: &str) -> Option<String> {
        let copy = self.entry.file(name)?;
        // What is published of a photo is its copies, not itself.
        let (place, dimensions) = if copy.is_published {
            (&copy.out, copy.dimensions)
        } else {
            copy.shown()
        };
        let file = Object::default()
            .with("url", self.site.addresses.absolute_file(place))
            .with("width", dimensions.map(|dimensions| dimensions.width))
            .with("height", dimensions.map(|dimensions| dimensions.height))
            .with("size", copy.is_published.then_some(copy.size));
        Some(file.finish())
    }
}

fn choice(key: &str, label: &str) -> String {
    let choice = Object::default().with("key", key).with("label", label);
    choice.finish()
}

fn weekly(slot: &WeeklySlot) -> String {
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let times = slot.times.iter().map(|(from, to)| {
        let times = Object::default().with("from", clock(*from));
        times.with("to", clock(*to)).finish()
    });
    let slot = Object::default()
        .with("text", &slot.written)
        .with("days", &slot.days)
        .with_json("times", Some(list(&times.collect::<Vec<_>>())));
    slot.finish()
}

/// The stations of which the place is written, in WGS-84.
pub(super) fn places(site: &Site) -> String {
    let features: Vec<String> = site.places().filter_map(|id| place(site, id)).collect();
    let places = Object::default()
        .with("type", "FeatureCollection")
        .with("version", VERSION)
        .with_json("features", Some(lines(&features)));
    places.finish() + "\n"
}

fn place(site: &Site, id: EntryId) -> Option<String> {
    let entry = site.entry(id);
    let Data::Station(station) = &entry.raw.data else {
        return None;
    };
    let place = station.location.as_ref()?.in_datum(Datum::Wgs84);
    let (east, north) = (place.longitude, place.latitude);
    // To a tenth of a metre (RFC 7946, 11.2).
    let coordinates = format!("[{east:.6},{north:.6}]");
    let point = Object::default().with("type", "Point");
    let point = point.with_json("coordinates", Some(coordinates));
    let (key, label) = station.kind.key_and_label();
    let properties = Object::default()
        .with("title", entry.title())
        .with("url", site.addresses.absolute_page(&entry.path))
        .with_json("kind", Some(choice(key, label)))
        .with("address", &station.address)
        .with("phone", &station.phone)
        .with_json("sample", Some(sample(entry)));
    let feature = Object::default()
        .with("type", "Feature")
        .with("id", &entry.raw.id)
        .with_json("geometry", Some(point.finish()))
        .with_json("properties", Some(properties.finish()));
    Some(feature.finish())
}

/// What data files there are; `size` tells how many bytes one has.
pub(super) fn index(site: &Site, size: impl Fn(&OutPath) -> Option<usize>) -> String {
    let files = site.offers.iter().filter_map(|offer| {
        let (format, kind, year, count) = match offer {
            Offer::Data(kind, year) => ("json", *kind, *year, site.data_of(*kind, *year).len()),
            Offer::Places => ("geojson", Kind::Station, None, site.places().count()),
            _ => return None,
        };
        let path = offer.path(site);
        let file = Object::default()
            .with("url", site.addresses.absolute_file(&path))
            .with("format", format)
            .with("kind", kind.name())
            .with("label", kind.label().zh)
            .with("year", year)
            .with("count", count)
            .with("bytes", size(&path).unwrap_or_default());
        Some(file.finish())
    });
    let page = |path: &UrlPath| site.addresses.absolute_page(path);
    let index = Object::default()
        .with("version", VERSION)
        .with("title", &site.config.title)
        .with("owner", &site.config.owner)
        .with("url", page(&UrlPath::home()))
        .with("time_zone", site.config.zone_name())
        .with("documentation", page(&OwnPage::Data.path()))
        .with_json("files", Some(lines(&files.collect::<Vec<_>>())));
    index.finish() + "\n"
}
