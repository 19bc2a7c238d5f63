//! Open data: the entries of each kind as JSON, the places of the stations as GeoJSON (RFC 7946).
//!
//! A record has the keys of the entry's file under the same names, without those that say how it is
//! published; keys without a value are left out. References are `{id, title, url}`, files `{url, …}`,
//! words of a list `{key, label}`, dates local as in ISO 8601. `sample` tells what is illustrative:
//! `true`, or the keys, or `false`.
//!
//! Each record is one line, so that after an edit of a text the line is exchanged and not the file
//! written anew.

use std::fmt::Write;

use rayon::prelude::*;

use super::json::{self, Object};
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
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    object.plain("version", VERSION);
    object.text("kind", kind.name());
    object.text("label", &kind.label().zh);
    if let Some(year) = year {
        object.plain("year", year);
    }
    lines(object.key("items"), &records);
    object.end();
    out.push('\n');
    out
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

/// Writes an array of which each item is a line.
fn lines(out: &mut String, items: &[String]) {
    out.reserve(items.iter().map(|item| item.len() + 2).sum::<usize>() + 4);
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(item);
    }
    out.push_str("\n]");
}

fn record(site: &Site, id: EntryId) -> String {
    let entry = site.entry(id);
    let common = &entry.raw.common;
    let mut out = String::with_capacity(512);
    let mut object = Object::new(&mut out);
    object.text("id", &entry.raw.id);
    object.text("url", &site.addresses.absolute_page(&entry.path));
    let writer = Writer { site, entry };
    let published = common.inspect_fields().into_iter();
    for (name, shape) in published.filter(|(name, _)| PUBLISHED.contains(name)) {
        match name {
            "summary" => object.maybe(name, summary(entry)),
            // It comes last.
            "sample" => {}
            _ => writer.member(&mut object, name, &shape),
        }
    }
    for (name, shape) in entry.raw.data.inspect_fields() {
        writer.member(&mut object, name, &shape);
    }
    sample(&mut object, entry);
    object.end();
    out
}

/// The summary; not one that was taken from an illustrative body, since it has no key that could tell.
fn summary(entry: &Entry) -> Option<&str> {
    let is_own = entry.raw.common.summary.is_some() || !entry.is_sample("body");
    Some(entry.summary()).filter(|summary| is_own && !summary.is_empty())
}

fn sample(object: &mut Object<'_>, entry: &Entry) {
    match &entry.raw.common.sample {
        Sample::Nothing => object.plain("sample", false),
        Sample::Whole => object.plain("sample", true),
        Sample::Keys(keys) => json::list(object.key("sample"), keys, |out, key| {
            json::text(out, key);
        }),
    }
}

/// Writes the values of one entry.
struct Writer<'a> {
    site: &'a Site,
    entry: &'a Entry,
}

impl Writer<'_> {
    fn member(&self, object: &mut Object<'_>, name: &str, shape: &Shape<'_>) {
        if self.is_there(shape) {
            self.value(object.key(name), shape);
        }
    }

    fn is_there(&self, shape: &Shape<'_>) -> bool {
        match shape {
            // What an officer adds for templates has no form that could be promised.
            Shape::Absent | Shape::Free(_) => false,
            Shape::Reference(kind, id) => self.site.find(*kind, id).is_some(),
            Shape::File(name) => self.entry.file(name).is_some(),
            Shape::List(items) => items.iter().any(|item| self.is_there(item)),
            _ => true,
        }
    }

    fn value(&self, out: &mut String, shape: &Shape<'_>) {
        let _ = match shape {
            Shape::Absent | Shape::Free(_) => write!(out, "null"),
            Shape::Text(text) => {
                json::text(out, text);
                Ok(())
            }
            Shape::Boolean(value) => write!(out, "{value}"),
            Shape::Integer(value) => write!(out, "{value}"),
            Shape::Number(value) => write!(out, "{value}"),
            // In yuan, exact to the fen.
            Shape::Money(money) if money.0 % 100 == 0 => write!(out, "{}", money.0 / 100),
            Shape::Money(money) => write!(out, "{}.{:02}", money.0 / 100, money.0 % 100),
            Shape::Date(date) => write!(out, "\"{date}\""),
            Shape::Moment(moment) => write!(out, "\"{moment}\""),
            Shape::Seats(seats) => {
                write!(out, "{{\"min\":{},\"max\":{}}}", seats.min, seats.max)
            }
            Shape::WeeklySlot(slot) => {
                weekly(out, slot);
                Ok(())
            }
            Shape::Choice(key, label) => {
                choice(out, key, label);
                Ok(())
            }
            Shape::File(name) => {
                self.file(out, name);
                Ok(())
            }
            Shape::Reference(kind, id) => {
                self.reference(out, *kind, id);
                Ok(())
            }
            Shape::List(items) => {
                let there = items.iter().filter(|item| self.is_there(item));
                json::list(out, there, |out, item| self.value(out, item));
                Ok(())
            }
            Shape::Record(fields) => {
                let mut object = Object::new(out);
                for (name, field) in fields {
                    self.member(&mut object, name, field);
                }
                object.end();
                Ok(())
            }
        };
    }

    fn reference(&self, out: &mut String, kind: Kind, id: &str) {
        let Some(found) = self.site.find(kind, id) else {
            return out.push_str("null");
        };
        let entry = self.site.entry(found);
        let mut object = Object::new(out);
        object.text("id", &entry.raw.id);
        object.text("title", entry.title());
        object.text("url", &self.site.addresses.absolute_page(&entry.path));
        if entry.raw.common.sample.is_whole() {
            object.plain("sample", true);
        }
        object.end();
    }

    fn file(&self, out: &mut String, name: &str) {
        let Some(copy) = self.entry.file(name) else {
            return out.push_str("null");
        };
        // What is published of a photo is its copies, not itself.
        let (place, dimensions) = if copy.is_published {
            (&copy.out, copy.dimensions)
        } else {
            copy.shown()
        };
        let mut object = Object::new(out);
        object.text("url", &self.site.addresses.absolute_file(place));
        if let Some(dimensions) = dimensions {
            object.plain("width", dimensions.width);
            object.plain("height", dimensions.height);
        }
        if copy.is_published {
            object.plain("size", copy.size);
        }
        object.end();
    }
}

fn choice(out: &mut String, key: &str, label: &str) {
    let mut object = Object::new(out);
    object.text("key", key);
    object.text("label", label);
    object.end();
}

fn weekly(out: &mut String, slot: &WeeklySlot) {
    let mut object = Object::new(out);
    object.text("text", &slot.written);
    json::list(object.key("days"), &slot.days, |out, day| {
        let _ = write!(out, "{day}");
    });
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    json::list(object.key("times"), &slot.times, |out, (from, to)| {
        let mut times = Object::new(out);
        times.text("from", &clock(*from));
        times.text("to", &clock(*to));
        times.end();
    });
    object.end();
}

/// The stations of which the place is written, in WGS-84.
pub(super) fn places(site: &Site) -> String {
    let features: Vec<String> = site.places().filter_map(|id| place(site, id)).collect();
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    object.text("type", "FeatureCollection");
    object.plain("version", VERSION);
    lines(object.key("features"), &features);
    object.end();
    out.push('\n');
    out
}

fn place(site: &Site, id: EntryId) -> Option<String> {
    let entry = site.entry(id);
    let Data::Station(station) = &entry.raw.data else {
        return None;
    };
    let place = station.location.as_ref()?.in_datum(Datum::Wgs84);
    let mut out = String::new();
    let mut feature = Object::new(&mut out);
    feature.text("type", "Feature");
    feature.text("id", &entry.raw.id);
    let (east, north) = (place.longitude, place.latitude);
    // To a tenth of a metre (RFC 7946, 11.2).
    let _ = write!(
        feature.key("geometry"),
        "{{\"type\":\"Point\",\"coordinates\":[{east:.6},{north:.6}]}}"
    );
    let mut properties = Object::new(feature.key("properties"));
    properties.text("title", entry.title());
    properties.text("url", &site.addresses.absolute_page(&entry.path));
    let (key, label) = station.kind.key_and_label();
    choice(properties.key("kind"), key, label);
    properties.maybe("address", station.address.as_ref());
    properties.maybe("phone", station.phone.as_ref());
    sample(&mut properties, entry);
    properties.end();
    feature.end();
    Some(out)
}

/// What data files there are; `size` tells how many bytes one has.
pub(super) fn index(site: &Site, size: impl Fn(&OutPath) -> Option<usize>) -> String {
    let mut files = Vec::new();
    for offer in &site.offers {
        let (kind, year, count) = match offer {
            Offer::Data(kind, year) => (*kind, *year, site.data_of(*kind, *year).len()),
            Offer::Places => (Kind::Station, None, site.places().count()),
            _ => continue,
        };
        let path = offer.path(site);
        let mut out = String::new();
        let mut file = Object::new(&mut out);
        file.text("url", &site.addresses.absolute_file(&path));
        let is_places = *offer == Offer::Places;
        file.text("format", if is_places { "geojson" } else { "json" });
        file.text("kind", kind.name());
        file.text("label", &kind.label().zh);
        if let Some(year) = year {
            file.plain("year", year);
        }
        file.plain("count", count);
        file.plain("bytes", size(&path).unwrap_or_default());
        file.end();
        files.push(out);
    }
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    object.plain("version", VERSION);
    object.text("title", &site.config.title);
    object.text("owner", &site.config.owner);
    let page = |path: &UrlPath| site.addresses.absolute_page(path);
    object.text("url", &page(&UrlPath::home()));
    object.text("time_zone", site.config.zone_name());
    object.text("documentation", &page(&OwnPage::Data.path()));
    lines(object.key("files"), &files);
    object.end();
    out.push('\n');
    out
}
