//! Pages that a site has of its own accord, when its theme has a template for them.

use std::collections::BTreeSet;

use super::Site;
use super::urls::UrlPath;
use crate::model::Kind;
use crate::model::snapshot::Snapshot;

/// A page of the site as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnPage {
    /// The calendar: what takes place, by month.
    Calendar,
    /// The events and reports of a month: year, and 1 to 12.
    Month(i16, i8),
    /// All sections and entries at a glance.
    SiteMap,
    /// What the site offers for reuse.
    Data,
    /// Where readers search.
    Search,
}

impl OwnPage {
    /// The template that renders it, without `.html`.
    pub fn template(self) -> &'static str {
        match self {
            OwnPage::Calendar => "calendar",
            OwnPage::Month(..) => "month",
            OwnPage::SiteMap => "site-map",
            OwnPage::Data => "data",
            OwnPage::Search => "search",
        }
    }

    /// The URL of the page: `calendar/`, `calendar/2021-05/`, `site-map/`, `data/`, `search/`.
    pub fn path(self) -> UrlPath {
        let home = UrlPath::home();
        match self {
            OwnPage::Month(year, month) => OwnPage::Calendar
                .path()
                .join(&format!("{year:04}-{month:02}")),
            other => home.join(other.template()),
        }
    }
}

/// The pages for which the theme, or the site itself, has a template.
pub(super) fn own_pages(site: &Site, snapshot: &Snapshot) -> Vec<OwnPage> {
    let theme = site.config.theme();
    let has_template = |page: &OwnPage| {
        let file = format!("templates/{}.html", page.template());
        let of_theme = format!("themes/{theme}/{file}");
        [file, of_theme]
            .iter()
            .any(|path| snapshot.readable(path).is_some())
    };
    let months = months(site).into_iter();
    let pages = [
        OwnPage::Calendar,
        OwnPage::SiteMap,
        OwnPage::Data,
        OwnPage::Search,
    ];
    pages
        .into_iter()
        .chain(months.map(|(year, month)| OwnPage::Month(year, month)))
        .filter(has_template)
        .collect()
}

/// The months in which anything takes or took place.
fn months(site: &Site) -> BTreeSet<(i16, i8)> {
    let reports = site.of_kind(Kind::Report).iter();
    let reported = reports.filter_map(|id| site.entry(*id).date());
    let planned = site.occurrences.iter().map(|occurrence| occurrence.start);
    let days = reported.chain(planned).map(|moment| moment.date.0);
    days.map(|day| (day.year(), day.month())).collect()
}
