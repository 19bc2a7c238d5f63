//! Calendars to subscribe to (RFC 5545, with names and refreshing of RFC 7986).
//!
//! Times are those of the site's zone, which the file defines; whoever is elsewhere sees them in their
//! own. An event without a written time is one of the whole day. Events that repeat are rules. An event
//! whose time is illustrative is marked in its title, like one that is so as a whole.

use jiff::Timestamp;
use jiff::civil::{self, DateTime};
use jiff::tz::{Offset, TimeZone};

use super::ical::Ical;
use super::{SAMPLE, is_sample};
use crate::link::offers::Offer;
use crate::link::{Entry, EntryId, Site};
use crate::model::Kind;
use crate::model::date::Moment;
use crate::model::kinds::{Data, Datum, Event, Every, Repeats, Station};
use crate::model::leaf::Sample;
use crate::model::reference::{Ref, Target};
use crate::model::value::Record;

/// Years after the present one for which a zone that changes its clocks is defined.
const YEARS_AHEAD: i16 = 10;

/// Most changes of the clocks that are written of one zone.
const MOST_CHANGES: usize = 400;

/// The calendar of a site's events: all, or those that refer to an entry.
pub(super) fn calendar(site: &Site, of: Option<EntryId>) -> String {
    let events = site.events(of);
    let events: Vec<(EntryId, &Event)> = events
        .into_iter()
        .filter_map(|id| match &site.entry(id).raw.data {
            Data::Event(event) => Some((id, event)),
            _ => None,
        })
        .collect();
    let zone = site.config.zone();
    let name = match of {
        Some(id) => format!("{} - {}", site.entry(id).title(), site.config.title),
        None => site.config.title.clone(),
    };
    let mut ical = Ical::default();
    ical.line("BEGIN", "VCALENDAR");
    ical.line("VERSION", "2.0");
    ical.line("PRODID", "-//Yugang//Yugang//ZH");
    ical.line("CALSCALE", "GREGORIAN");
    ical.line("METHOD", "PUBLISH");
    ical.text("NAME", &name);
    ical.text("X-WR-CALNAME", &name);
    ical.line("X-WR-TIMEZONE", zone_id(&zone));
    ical.line("REFRESH-INTERVAL;VALUE=DURATION", "P1D");
    ical.line("X-PUBLISHED-TTL", "P1D");
    let file = site
        .addresses
        .absolute_file(&Offer::Calendar(of).path(site));
    ical.line("SOURCE;VALUE=URI", &file);
    define(&mut ical, &zone, &events, site);
    for (id, event) in events {
        let is_sample = is_sample(site, id, of);
        write(&mut ical, (id, event, is_sample), site, &zone);
    }
    ical.line("END", "VCALENDAR");
    ical.into_text()
}

/// The name by which a calendar refers to its definition of a zone.
fn zone_id(zone: &TimeZone) -> &str {
    zone.iana_name().unwrap_or("UTC")
}

/// Writes how the zone's clocks go from the first event on: of a zone that changes them, for ten years
/// ahead; without events that have a time, nothing.
fn define(ical: &mut Ical, zone: &TimeZone, events: &[(EntryId, &Event)], site: &Site) {
    let timed = events.iter().map(|(_, event)| *event);
    let timed = timed.filter(|event| event.start.time.is_some());
    let Some(first) = timed.clone().map(|event| event.start.date.year()).min() else {
        return;
    };
    let last = timed.map(|event| match &event.repeats {
        Some(Repeats {
            until: Some(until), ..
        }) => until.year(),
        Some(_) => site.window.to.year().saturating_add(YEARS_AHEAD),
        None => event.end.unwrap_or(event.start).date.year(),
    });
    let last = last.max().unwrap_or(first);
    let from = civil::date(first, 1, 1).to_datetime(civil::Time::midnight());
    let begin = from.to_zoned(zone.clone());
    let begin = begin.map_or(Timestamp::MIN, |zoned| zoned.timestamp());
    ical.line("BEGIN", "VTIMEZONE");
    ical.line("TZID", zone_id(zone));
    let info = zone.to_offset_info(begin);
    let mut offset = info.offset();
    let kind = (info.dst().is_dst(), info.abbreviation());
    observance(ical, (offset, offset), from, kind);
    for change in zone.following(begin).take(MOST_CHANGES) {
        let local = offset.to_datetime(change.timestamp());
        if local.year() > last {
            break;
        }
        let kind = (change.dst().is_dst(), change.abbreviation());
        observance(ical, (offset, change.offset()), local, kind);
        offset = change.offset();
    }
    ical.line("END", "VTIMEZONE");
}

/// Writes a time: with the zone, or as a day where none is written.
fn moment(ical: &mut Ical, name: &str, moment: Moment, zone: &TimeZone) {
    match moment.time {
        Some(_) => ical.line(
            &format!("{name};TZID={}", zone_id(zone)),
            &local(moment.start()),
        ),
        None => ical.line(&format!("{name};VALUE=DATE"), &day(moment.date.0)),
    }
}

/// Writes from when on, by the clocks before, which offset takes the place of which.
fn observance(
    ical: &mut Ical,
    (before, after): (Offset, Offset),
    from: DateTime,
    (is_summer, name): (bool, &str),
) {
    let kind = if is_summer { "DAYLIGHT" } else { "STANDARD" };
    ical.line("BEGIN", kind);
    ical.line("DTSTART", &local(from));
    ical.line("TZOFFSETFROM", &utc_offset(before));
    ical.line("TZOFFSETTO", &utc_offset(after));
    ical.text("TZNAME", name);
    ical.line("END", kind);
}

fn write(
    ical: &mut Ical,
    (id, event, is_sample): (EntryId, &Event, bool),
    site: &Site,
    zone: &TimeZone,
) {
    let entry = site.entry(id);
    let is_marked = is_sample
        || ["start", "end", "repeats"]
            .iter()
            .any(|key| entry.is_sample(key));
    let common = &entry.raw.common;
    let url = site.addresses.absolute_page(&entry.path);
    ical.line("BEGIN", "VEVENT");
    ical.line("UID", &uid(entry, site));
    let stamp = common.updated.or(common.date).unwrap_or(event.start);
    ical.line("DTSTAMP", &utc(stamp.start(), zone));
    moment(ical, "DTSTART", event.start, zone);
    if let Some(end) = event.end.and_then(|end| end_of(event.start, end)) {
        moment(ical, "DTEND", end, zone);
    }
    if let Some(repeats) = &event.repeats {
        ical.line("RRULE", &rule(repeats, event.start, zone));
    }
    let mark = if is_marked { SAMPLE } else { "" };
    ical.text("SUMMARY", &format!("{mark}{}", entry.title()));
    place(ical, entry, event, site);
    ical.text("DESCRIPTION", &description(entry, event, (site, &url)));
    let topics = titles(&common.topics, site);
    let campaigns = titles(&event.campaigns, site);
    let known = |key: &str| !entry.is_sample(key);
    let mut categories = Vec::new();
    categories.extend(topics.into_iter().filter(|_| known("topics")));
    categories.extend(campaigns.into_iter().filter(|_| known("campaigns")));
    ical.texts("CATEGORIES", &categories);
    ical.line("URL", &url);
    if let Some(updated) = common.updated.filter(|_| known("updated")) {
        ical.line("LAST-MODIFIED", &utc(updated.start(), zone));
    }
    ical.line("END", "VEVENT");
}

/// What tells the event from every other, for as long as its page stays where it is.
fn uid(entry: &Entry, site: &Site) -> String {
    let below = format!("{}{}", site.addresses.base(), entry.path.as_str());
    let below = percent_encoding::utf8_percent_encode(&below, percent_encoding::CONTROLS);
    let below = below.to_string();
    format!("{}@{}", below.trim_matches('/'), site.addresses.host())
}

/// The end as iCalendar counts it: of days, the day after the last. Where only one of start and end
/// has a time, what is known is the last day: told of an event of whole days, left out otherwise.
fn end_of(start: Moment, end: Moment) -> Option<Moment> {
    match (start.time, end.time) {
        (Some(_), Some(_)) => (end.start() > start.start()).then_some(end),
        (Some(_), None) => None,
        (None, _) if end.date < start.date => None,
        (None, _) => {
            let next = end.date.0.tomorrow().ok()?;
            Some(Moment::day(crate::model::date::Date(next)))
        }
    }
}

/// The rule of an event that repeats. A day that a month lacks is passed over, as on the site.
fn rule(repeats: &Repeats, start: Moment, zone: &TimeZone) -> String {
    let rule = match repeats.every {
        Every::Week => "FREQ=WEEKLY",
        Every::Month => "FREQ=MONTHLY",
        Every::Quarter => "FREQ=MONTHLY;INTERVAL=3",
        Every::Year => "FREQ=YEARLY",
    };
    match repeats.until {
        None => rule.to_owned(),
        // It has the type of the start: a day, or a moment in UTC.
        Some(until) if start.time.is_none() => format!("{rule};UNTIL={}", day(until.0)),
        Some(until) => {
            let end = until.0.to_datetime(civil::time(23, 59, 59, 0));
            format!("{rule};UNTIL={}", utc(end, zone))
        }
    }
}

/// Writes where the event takes place: the stations, and the coordinates of a single one.
fn place(ical: &mut Ical, entry: &Entry, event: &Event, site: &Site) {
    let stations = stations(event, site);
    let is_sample_tie = entry.is_sample("stations");
    let places = stations.iter().map(|(entry, station)| {
        let is_sample = is_sample_tie || entry.raw.common.sample.is_whole();
        let mark = if is_sample { SAMPLE } else { "" };
        let address = station.address.as_ref();
        match address.filter(|_| !entry.is_sample("address")) {
            Some(address) => format!("{mark}{}（{address}）", entry.title()),
            None => format!("{mark}{}", entry.title()),
        }
    });
    let places: Vec<String> = places.collect();
    if !places.is_empty() {
        ical.text("LOCATION", &places.join("；"));
    }
    if let [(entry, station)] = &stations[..]
        && let Some(location) = &station.location
        // Coordinates have no room for a mark.
        && !is_sample_tie
        && !entry.raw.common.sample.is_whole()
        && !entry.is_sample("location")
    {
        let place = location.in_datum(Datum::Wgs84);
        let (latitude, longitude) = (place.latitude, place.longitude);
        ical.line("GEO", &format!("{latitude:.6};{longitude:.6}"));
    }
}

fn stations<'a>(event: &Event, site: &'a Site) -> Vec<(&'a Entry, &'a Station)> {
    let ids = event.stations.iter();
    let entries = ids.filter_map(|station| site.find(Kind::Station, &station.id));
    let entries = entries.map(|id| site.entry(id));
    entries
        .filter_map(|entry| match &entry.raw.data {
            Data::Station(station) => Some((entry, station)),
            _ => None,
        })
        .collect()
}

fn description(entry: &Entry, event: &Event, (site, url): (&Site, &str)) -> String {
    let mut lines = Vec::new();
    if !entry.has_sample_summary() && !entry.summary().is_empty() {
        lines.push(entry.summary().to_owned());
    }
    let organizations = titles(&event.organizations, site);
    if !organizations.is_empty() && !entry.is_sample("organizations") {
        lines.push(format!("组织单位：{}", organizations.join("、")));
    }
    match &entry.raw.common.sample {
        Sample::Nothing => {}
        Sample::Whole => lines.push(String::from("本条内容为示例。")),
        Sample::Keys(keys) => {
            let fields = Event::fields().into_iter();
            let sample = fields.filter(|field| keys.iter().any(|key| key == field.name));
            let labels: Vec<&str> = sample.map(|field| field.label()).collect();
            if !labels.is_empty() {
                lines.push(format!("以下各项为示例：{}。", labels.join("、")));
            }
        }
    }
    lines.push(format!("详情：{url}"));
    lines.join("\n")
}

/// The titles of the public entries among these.
fn titles<'a, T: Target>(references: &[Ref<T>], site: &'a Site) -> Vec<&'a str> {
    let found = references.iter();
    let found = found.filter_map(|reference| site.find(T::KIND, &reference.id));
    found.map(|id| site.entry(id).title()).collect()
}

fn day(day: civil::Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

fn local(time: DateTime) -> String {
    time.strftime("%Y%m%dT%H%M%S").to_string()
}

/// A local time as a moment in UTC: `20210425T003000Z`.
fn utc(time: DateTime, zone: &TimeZone) -> String {
    let zoned = time.to_zoned(zone.clone());
    let moment = zoned.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// `+0800`, with seconds where there are any.
fn utc_offset(offset: Offset) -> String {
    let moment = Timestamp::UNIX_EPOCH.to_zoned(offset.to_time_zone());
    moment.strftime("%z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(written: &str) -> Moment {
        Moment::parse(written).unwrap()
    }

    #[test]
    fn an_end_is_told_only_as_far_as_it_is_known() {
        let end = |start, end| end_of(at(start), at(end)).map(|end| end.to_string());
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            end("2021-05-01 09:00", "2021-05-01 11:00"),
            some("2021-05-01T11:00")
        );
        assert_eq!(end("2021-05-01", "2021-05-03"), some("2021-05-04"));
        assert_eq!(end("2021-05-01", "2021-05-01"), some("2021-05-02"));
        assert_eq!(end("2021-05-01", "2021-05-02 12:00"), some("2021-05-03"));
        assert_eq!(end("2021-05-01 09:00", "2021-05-02"), None);
        assert_eq!(end("2021-05-01 09:00", "2021-05-01 09:00"), None);
        assert_eq!(end("2021-05-02", "2021-05-01"), None);
    }

    #[test]
    fn rules_end_with_the_last_day_in_the_type_of_the_start() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let rule = |every, until: Option<&str>, start| {
            let until = until.map(|until| at(until).date);
            super::rule(&Repeats { every, until }, at(start), &zone)
        };
        assert_eq!(rule(Every::Week, None, "2021-05-01"), "FREQ=WEEKLY");
        assert_eq!(
            rule(Every::Quarter, Some("2021-12-31"), "2021-05-01"),
            "FREQ=MONTHLY;INTERVAL=3;UNTIL=20211231"
        );
        assert_eq!(
            rule(Every::Month, Some("2021-12-31"), "2021-05-01 08:30"),
            "FREQ=MONTHLY;UNTIL=20211231T155959Z"
        );
        assert_eq!(rule(Every::Year, None, "2021-05-01"), "FREQ=YEARLY");
    }

    #[test]
    fn offsets_are_written_with_seconds_only_where_there_are_any() {
        let offset = |seconds| utc_offset(Offset::from_seconds(seconds).unwrap());
        assert_eq!(offset(28_800), "+0800");
        assert_eq!(offset(-12_600), "-0330");
        assert_eq!(offset(29_143), "+080543");
    }
}
