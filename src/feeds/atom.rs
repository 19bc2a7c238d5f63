//! Atom feeds (RFC 4287): of the site, and of what refers to an organization, project or topic.

use std::fmt::Write;

use jiff::tz::TimeZone;

use super::{SAMPLE, changed, escape, is_sample};
use crate::link::offers::Offer;
use crate::link::urls::UrlPath;
use crate::link::{Entry, EntryId, Site};
use crate::model::date::Moment;

/// The feed of the newest reports, notices and documents: all, or those that refer to an entry.
///
/// `updated` is when the entry was changed or published, at midnight in the site's time zone where no time
/// is known. A feed cannot do without it: of a document that does not say when it was published, it is the
/// day that it bears. An entry without a date that is a fact is left out. `None` when there is
/// no entry to tell of, since a feed has to say when it was updated.
pub(super) fn feed(site: &Site, of: Option<EntryId>) -> Option<String> {
    let zone = site.config.zone();
    let news = site.news(of);
    let newest = news
        .iter()
        .filter_map(|id| updated(site.entry(*id)))
        .max()?;
    let path = of.map_or(UrlPath::home(), |id| site.entry(id).path.clone());
    let page = site.addresses.absolute_page(&path);
    let file = site.addresses.absolute_file(&Offer::Feed(of).path(site));
    let site_title = &site.config.title;
    let title = match of {
        Some(id) => {
            let entry = site.entry(id);
            let is_sample = entry.raw.common.sample.is_whole() || entry.is_sample("title");
            let mark = if is_sample { SAMPLE } else { "" };
            format!("{mark}{} - {site_title}", entry.title())
        }
        None => site_title.clone(),
    };
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">\n",
    );
    line(&mut xml, "title", &title);
    line(&mut xml, "id", &page);
    let _ = writeln!(
        xml,
        "<link href=\"{}\"/>\n<link rel=\"self\" href=\"{}\"/>",
        escape(&page),
        escape(&file)
    );
    line(&mut xml, "updated", &newest.timestamp(&zone));
    let _ = writeln!(
        xml,
        "<author><name>{}</name></author>",
        escape(&site.config.owner)
    );
    for id in news {
        entry(&mut xml, site, (id, is_sample(site, id, of)), &zone);
    }
    xml.push_str("</feed>\n");
    Some(xml)
}

fn updated(entry: &Entry) -> Option<Moment> {
    changed(entry).or_else(|| entry.told_on())
}

fn entry(xml: &mut String, site: &Site, (id, is_sample): (EntryId, bool), zone: &TimeZone) {
    let entry = site.entry(id);
    let url = site.addresses.absolute_page(&entry.path);
    xml.push_str("<entry>\n");
    let mark = if is_sample { SAMPLE } else { "" };
    line(xml, "title", &format!("{mark}{}", entry.title()));
    line(xml, "id", &url);
    let _ = writeln!(xml, "<link href=\"{}\"/>", escape(&url));
    if let Some(moment) = updated(entry) {
        line(xml, "updated", &moment.timestamp(zone));
    }
    if let Some(author) = &entry.raw.common.author {
        let _ = writeln!(xml, "<author><name>{}</name></author>", escape(author));
    }
    if !entry.has_sample_summary() {
        line(xml, "summary", entry.summary());
    }
    xml.push_str("</entry>\n");
}

fn line(xml: &mut String, name: &str, text: &str) {
    let _ = writeln!(xml, "<{name}>{}</{name}>", escape(text));
}
