//! The Atom feed, the site map for search engines, and `robots.txt`.
//!
//! Sources: RFC 4287 (Atom), sitemaps.org protocol 0.9, RFC 9309 (robots).

use std::fmt::Write;

use jiff::tz::TimeZone;

use crate::link::{Entry, Site};
use crate::model::characters::is_unshowable;
use crate::model::config::DEFAULT_ZONE;
use crate::model::date::Moment;
use crate::model::tree::OutPath;
use crate::view::{Page, pages};

/// The Atom feed of the newest reports, notices and documents.
///
/// `updated` is the entry's own date, at midnight in the site's time zone where no time is known; a
/// date that is illustrative is not told to machines, which know no badge. `None` when there is no
/// entry to tell of, since a feed has to say when it was updated.
pub fn atom(site: &Site) -> Option<String> {
    let zone = time_zone(site);
    let news = site.news();
    let home = site
        .addresses
        .absolute_page(&crate::link::urls::UrlPath::home());
    let feed = site.addresses.absolute_file(&OutPath::new("atom.xml"));
    let newest = news
        .iter()
        .filter_map(|id| changed(site.entry(*id)))
        .max()?;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">\n",
    );
    line(&mut xml, "title", &site.config.title);
    line(&mut xml, "id", &home);
    let _ = writeln!(
        xml,
        "<link href=\"{}\"/>\n<link rel=\"self\" href=\"{}\"/>",
        escape(&home),
        escape(&feed)
    );
    line(&mut xml, "updated", &timestamp(newest, &zone));
    let _ = writeln!(
        xml,
        "<author><name>{}</name></author>",
        escape(&site.config.owner)
    );
    for id in news {
        entry(&mut xml, site, site.entry(id), &zone);
    }
    xml.push_str("</feed>\n");
    Some(xml)
}

fn entry(xml: &mut String, site: &Site, entry: &Entry, zone: &TimeZone) {
    let url = site.addresses.absolute_page(&entry.path);
    xml.push_str("<entry>\n");
    let sample = if entry.raw.common.sample.is_whole() {
        "【示例】"
    } else {
        ""
    };
    line(xml, "title", &format!("{sample}{}", entry.title()));
    line(xml, "id", &url);
    let _ = writeln!(xml, "<link href=\"{}\"/>", escape(&url));
    if let Some(moment) = changed(entry) {
        line(xml, "updated", &timestamp(moment, zone));
    }
    if let Some(author) = &entry.raw.common.author {
        let _ = writeln!(xml, "<author><name>{}</name></author>", escape(author));
    }
    if !entry.has_sample_summary() {
        line(xml, "summary", entry.summary());
    }
    xml.push_str("</entry>\n");
}

/// Whether an entry and its date are facts.
fn is_fact(entry: &Entry) -> bool {
    !entry.raw.common.sample.is_whole() && entry.has_real_date() && !entry.is_sample("updated")
}

/// When an entry was last changed in substance.
fn changed(entry: &Entry) -> Option<Moment> {
    let updated = entry.raw.common.updated;
    let updated = updated.filter(|_| !entry.is_sample("updated"));
    updated.or(entry.date())
}

fn time_zone(site: &Site) -> TimeZone {
    let name = site.config.time_zone.as_deref().unwrap_or(DEFAULT_ZONE);
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// RFC 3339, with the zone's offset; in UTC where the offset then had seconds, which the format
/// cannot say.
fn timestamp(moment: Moment, zone: &TimeZone) -> String {
    match moment.start().to_zoned_datetime(zone.clone()) {
        Ok(zoned) if zoned.offset().seconds() % 60 == 0 => {
            zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
        }
        Ok(zoned) => zoned.timestamp().to_string(),
        Err(_) => format!("{}T00:00:00Z", moment.date),
    }
}

fn line(xml: &mut String, name: &str, text: &str) {
    let _ = writeln!(xml, "<{name}>{}</{name}>", escape(text));
}

/// Every page except the one for missing URLs.
pub fn sitemap(site: &Site) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for page in pages(site) {
        if page == Page::NotFound {
            continue;
        }
        let url = site.addresses.absolute_page(&page.path(site));
        let changed = match page {
            Page::Entry(id) if is_fact(site.entry(id)) => changed(site.entry(id)),
            _ => None,
        };
        let _ = write!(xml, "<url><loc>{}</loc>", escape(&url));
        if let Some(moment) = changed {
            let _ = write!(xml, "<lastmod>{}</lastmod>", moment.date);
        }
        xml.push_str("</url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}

/// Everything may be read; the site map is named.
pub fn robots(site: &Site) -> String {
    let sitemap = site.addresses.absolute_file(&OutPath::new("sitemap.xml"));
    format!("User-agent: *\nAllow: /\nSitemap: {sitemap}\n")
}

/// Text for XML content and attributes; characters that XML 1.0 cannot hold are left out.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            c if is_unshowable(c) => {}
            c => escaped.push(c),
        }
    }
    escaped
}
