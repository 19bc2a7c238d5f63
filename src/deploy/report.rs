//! What has changed, as addresses: for people who keep lists, for CDNs and for search engines.

use std::collections::BTreeMap;

use serde::Serialize;
use url::Url;

use crate::model::config::{Links, SiteConfig};
use crate::model::target::Payload;
use crate::model::tree::OutPath;

/// Turns places of a site into addresses.
#[derive(Debug, Clone)]
pub struct Addresses {
    base: Option<Url>,
    keeps_index: bool,
}

impl Addresses {
    /// Those of the site that is configured so.
    pub fn of(config: &SiteConfig) -> Self {
        let base = format!("{}/", config.base_url.trim_end_matches('/'));
        Addresses {
            // One that is none is an error of `site.yaml`, which is told elsewhere.
            base: Url::parse(&base).ok(),
            keeps_index: config.links == Some(Links::IndexHtml),
        }
    }

    /// The address of a place.
    fn address(&self, place: &OutPath) -> Option<String> {
        let path = place.as_str();
        let page = path
            .strip_suffix("index.html")
            .filter(|_| !self.keeps_index);
        let mut url = self.base.clone()?;
        let mut segments = url.path_segments_mut().ok()?;
        segments
            .pop_if_empty()
            .extend(page.unwrap_or(path).split('/'));
        drop(segments);
        Some(url.into())
    }
}

/// What is told to those who keep copies of a site. `yugang deploy --report` writes it, with more beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The addresses of what is new, has changed or is gone.
    pub changed_urls: Vec<String>,
    /// Of these, the addresses of pages that are there.
    pub changed_pages: Vec<String>,
}

impl Report {
    /// The report of places that have changed, each with whether something is there.
    pub fn of(changed: &BTreeMap<OutPath, bool>, addresses: &Addresses) -> Self {
        let mut report = Report::default();
        for (place, is_there) in changed {
            let Some(address) = addresses.address(place) else {
                continue;
            };
            if is_page(place) && *is_there {
                report.changed_pages.push(address.clone());
            }
            report.changed_urls.push(address);
        }
        report
    }

    /// The addresses of a payload; for the report, all of them.
    pub fn lines(&self, payload: Payload) -> &[String] {
        match payload {
            Payload::Report | Payload::Urls => &self.changed_urls,
            Payload::Pages => &self.changed_pages,
        }
    }

    /// The payload as bytes, `most` addresses at a time where it is a list of these.
    pub fn bodies(
        &self,
        payload: Payload,
        (target, release): (&str, u64),
        most: usize,
    ) -> Vec<Vec<u8>> {
        if payload == Payload::Report {
            let told = Told {
                target,
                release,
                report: self,
            };
            // A struct of strings and numbers always serialises.
            return vec![serde_json::to_vec_pretty(&told).unwrap_or_default()];
        }
        let parts = self.lines(payload).chunks(most.max(1));
        parts.map(text).collect()
    }
}

/// Addresses as a text, one a line.
pub fn text(addresses: &[String]) -> Vec<u8> {
    let lines = addresses.iter().map(|address| format!("{address}\n"));
    lines.collect::<String>().into_bytes()
}

/// Whether a place is a page that can be looked for.
fn is_page(place: &OutPath) -> bool {
    place.as_str().ends_with(".html") && place.as_str() != "404.html"
}

#[derive(Serialize)]
struct Told<'a> {
    target: &'a str,
    release: u64,
    #[serde(flatten)]
    report: &'a Report,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(keeps_index: bool) -> Addresses {
        Addresses {
            base: Url::parse("https://www.example.gov.cn/qt/").ok(),
            keeps_index,
        }
    }

    #[test]
    fn addresses_are_those_of_the_site() {
        for (place, keeps_index, expected) in [
            ("index.html", false, ""),
            ("index.html", true, "index.html"),
            ("reports/a/index.html", false, "reports/a/"),
            (
                "报告/四月 1.html",
                false,
                "%E6%8A%A5%E5%91%8A/%E5%9B%9B%E6%9C%88%201.html",
            ),
        ] {
            let address = addresses(keeps_index).address(&OutPath::new(place));
            let expected = format!("https://www.example.gov.cn/qt/{expected}");
            assert_eq!(address, Some(expected), "{place}");
        }
    }

    #[test]
    fn a_report_is_json_and_a_list_is_cut() {
        let changed = [
            ("404.html", true),
            ("a/index.html", true),
            ("gone/index.html", false),
            ("main.css", true),
        ];
        let changed = changed.map(|(place, is_there)| (OutPath::new(place), is_there));
        let report = Report::of(&changed.into(), &addresses(false));
        assert_eq!(report.changed_urls.len(), 4);
        assert_eq!(report.changed_pages, ["https://www.example.gov.cn/qt/a/"]);
        let lists = report.bodies(Payload::Urls, ("t", 1), 3);
        let ends: Vec<bool> = lists.iter().map(|list| list.ends_with(b"\n")).collect();
        assert_eq!(ends, [true, true]);
        let bodies = report.bodies(Payload::Report, ("t", 7), 3);
        let json: serde_json::Value = serde_json::from_slice(&bodies[0]).unwrap();
        assert_eq!(json["release"], 7);
        assert_eq!(json["changed_pages"][0], "https://www.example.gov.cn/qt/a/");
    }
}
