//! What is the same on every page.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::pages::Own;
use crate::link::offers::Offer;
use crate::link::own_pages::OwnPage;
use crate::link::urls::UrlPath;
use crate::link::{NavigationLink, Site};
use crate::model::Kind;
use crate::model::config::{Cadence, Channel};

/// What every template gets as `site`: from `site.yaml`, less what leads to nothing (items of the
/// navigation, the feed), so that a new entry does not change every page.
#[derive(Debug, Serialize)]
pub struct SiteView<'a> {
    /// The name of the site.
    pub title: &'a str,
    /// Who runs it.
    pub owner: &'a str,
    /// The site in a sentence; may be empty.
    pub description: &'a str,
    /// Its host name, such as `www.example.gov.cn`.
    pub domain: &'a str,
    /// Its time zone (IANA), such as `Asia/Shanghai`.
    pub time_zone: &'a str,
    /// The path under which it is served, with `/` at both ends.
    pub base: &'a str,
    /// The link to the home page.
    pub home: String,
    /// The link to the Atom feed, where there is one.
    pub feed: Option<String>,
    /// The link to the calendar of all events, where there is one.
    pub calendar: Option<String>,
    /// The link to the page about open data, where the theme has one.
    pub data: Option<String>,
    /// The link to the search page, where the theme has one.
    pub search: Option<String>,
    /// The links to the pages of the collections, by the name of their kind.
    pub collections: BTreeMap<&'static str, String>,
    /// The main navigation.
    pub navigation: Vec<NavigationView<'a>>,
    /// The pages of the site as a whole (calendar, site map, open data), and the links that
    /// `site.yaml` wants in the footer.
    pub footer: Vec<NavigationView<'a>>,
    /// Where else the organizations can be found.
    pub channels: Vec<ChannelView<'a>>,
    /// How often which meeting takes place.
    pub cadence: Vec<CadenceView<'a>>,
    /// How to reach the editors, where written.
    pub contact: Option<&'a str>,
    /// The ICP filing number, where written.
    pub icp: Option<&'a str>,
    /// The public security filing number, where written.
    pub public_security: Option<&'a str>,
    /// The site identification code, where written.
    pub site_code: Option<&'a str>,
}

/// An item of the navigation.
#[derive(Debug, Serialize)]
pub struct NavigationView<'a> {
    /// What it is called.
    pub title: Cow<'a, str>,
    /// The link.
    pub url: Cow<'a, str>,
}

/// Another place where the organizations can be found.
#[derive(Debug, Serialize)]
pub struct ChannelView<'a> {
    /// What it is called.
    pub title: &'a str,
    /// What sort of channel it is: the label.
    pub kind: &'static str,
    /// The account's name, where written.
    pub account: Option<&'a str>,
    /// Its address, where written.
    pub url: Option<&'a str>,
    /// What it is for, where written.
    pub note: Option<&'a str>,
    /// Whether it is illustrative.
    pub sample: bool,
}

/// How often a meeting takes place.
#[derive(Debug, Serialize)]
pub struct CadenceView<'a> {
    /// Which meeting: the label.
    pub meeting: &'static str,
    /// How often: the label.
    pub every: &'static str,
    /// Whether only in principle.
    pub in_principle: bool,
    /// Since when, as `2021年4月1日`, where written.
    pub since: Option<String>,
    /// Who convenes it, where written.
    pub convener: Option<&'a str>,
    /// Who attends, where written.
    pub attendees: Option<&'a str>,
    /// What it is for, where written.
    pub purpose: Option<&'a str>,
}

impl<'a> SiteView<'a> {
    /// The view of a site.
    pub fn new(site: &'a Site) -> Self {
        let (config, addresses) = (&site.config, &site.addresses);
        let footer = config.footer.as_ref();
        let own = site.own_pages.iter();
        // Months are found by the calendar.
        let own = own.filter(|page| !matches!(page, OwnPage::Month(..)));
        let own = own.map(|page| NavigationView {
            title: Own::title(*page).into(),
            url: addresses.page(&page.path()).into(),
        });
        SiteView {
            title: &config.title,
            owner: &config.owner,
            description: config.description.as_deref().unwrap_or_default(),
            domain: addresses.host(),
            time_zone: config.zone_name(),
            base: addresses.base(),
            home: addresses.page(&UrlPath::home()),
            feed: site.link_to(Offer::Feed(None)),
            calendar: site.link_to(Offer::Calendar(None)),
            data: site.own_page(OwnPage::Data),
            search: site.own_page(OwnPage::Search),
            collections: Kind::ALL
                .into_iter()
                .filter(|kind| *kind != Kind::Page)
                .map(|kind| (kind.name(), addresses.page(&UrlPath::collection(kind))))
                .collect(),
            navigation: site.navigation.iter().map(navigation).collect(),
            footer: own
                .chain(site.footer_links.iter().map(navigation))
                .collect(),
            channels: config.channels.iter().map(channel).collect(),
            cadence: config.cadence.iter().map(cadence).collect(),
            contact: footer.and_then(|footer| footer.contact.as_deref()),
            icp: footer.and_then(|footer| footer.icp.as_deref()),
            public_security: footer.and_then(|footer| footer.public_security.as_deref()),
            site_code: footer.and_then(|footer| footer.site_code.as_deref()),
        }
    }
}

fn navigation(link: &NavigationLink) -> NavigationView<'_> {
    NavigationView {
        title: link.title.as_str().into(),
        url: link.href.as_str().into(),
    }
}

fn channel(channel: &Channel) -> ChannelView<'_> {
    ChannelView {
        title: &channel.title,
        kind: channel.kind.key_and_label().1,
        account: channel.account.as_deref(),
        url: channel.url.as_ref().map(|url| url.0.as_str()),
        note: channel.note.as_deref(),
        sample: channel.sample,
    }
}

fn cadence(cadence: &Cadence) -> CadenceView<'_> {
    CadenceView {
        meeting: cadence.meeting.key_and_label().1,
        every: cadence.every.key_and_label().1,
        in_principle: cadence.in_principle,
        since: cadence.since.map(|date| date.chinese()),
        convener: cadence.convener.as_deref(),
        attendees: cadence.attendees.as_deref(),
        purpose: cadence.purpose.as_deref(),
    }
}
