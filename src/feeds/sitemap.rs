//! The site map for search engines (sitemaps.org protocol 0.9).

use super::{changed, escape};
use crate::link::offers::{SITEMAP_LENGTH, sitemap_part};
use crate::link::{Entry, Site};
use crate::model::tree::OutPath;
use crate::view::{Page, pages};

/// Most bytes of one file.
const MOST_BYTES: usize = 50 * 1024 * 1024;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// The files of the site map, which names every page except the one for missing URLs: one, or several
/// with an index where there are too many URLs for one.
pub fn sitemap(site: &Site) -> Vec<(OutPath, String)> {
    let pages = pages(site).into_iter();
    let urls = pages
        .filter(|page| *page != Page::NotFound)
        .map(|page| url(&page, site));
    in_parts(urls, (SITEMAP_LENGTH, MOST_BYTES), |part| {
        site.addresses.absolute_file(part)
    })
}

/// A page's element. When it was last changed is told only where that is a fact.
fn url(page: &Page, site: &Site) -> String {
    let address = escape(&site.addresses.absolute_page(&page.path(site)));
    let changed = match page {
        Page::Entry(id) if is_fact(site.entry(*id)) => changed(site.entry(*id)),
        _ => None,
    };
    match changed {
        Some(moment) => {
            let day = moment.date;
            format!("<url><loc>{address}</loc><lastmod>{day}</lastmod></url>\n")
        }
        None => format!("<url><loc>{address}</loc></url>\n"),
    }
}

/// Whether an entry and what it says of its last change are facts.
fn is_fact(entry: &Entry) -> bool {
    !entry.raw.common.sample.is_whole() && !entry.is_sample("updated")
}

/// Files of at most so many URLs and bytes.
fn in_parts(
    urls: impl Iterator<Item = String>,
    (most_urls, most_bytes): (usize, usize),
    address: impl Fn(&OutPath) -> String,
) -> Vec<(OutPath, String)> {
    const OPEN: &str = "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
    const CLOSE: &str = "</urlset>\n";
    let room = most_bytes - HEAD.len() - OPEN.len() - CLOSE.len();
    let mut parts = vec![(0, String::new())];
    for url in urls {
        let is_full = parts.last().is_none_or(|(count, text): &(usize, String)| {
            *count == most_urls || text.len() + url.len() > room
        });
        if is_full {
            parts.push((0, String::new()));
        }
        if let Some((count, text)) = parts.last_mut() {
            *count += 1;
            text.push_str(&url);
        }
    }
    let whole = OutPath::new("sitemap.xml");
    let file = |text: &str| format!("{HEAD}{OPEN}{text}{CLOSE}");
    if let [(_, text)] = &parts[..] {
        return vec![(whole, file(text))];
    }
    let numbered = parts.iter().zip(1..);
    let mut files: Vec<_> = numbered
        .map(|((_, text), number)| (sitemap_part(number), file(text)))
        .collect();
    let mut index =
        format!("{HEAD}<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (part, _) in &files {
        let address = escape(&address(part));
        index.push_str(&format!("<sitemap><loc>{address}</loc></sitemap>\n"));
    }
    index.push_str("</sitemapindex>\n");
    files.push((whole, index));
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(urls: usize, most_urls: usize, most_bytes: usize) -> Vec<(String, String)> {
        let urls = (0..urls).map(|number| format!("<url>{number}</url>\n"));
        let files = in_parts(urls, (most_urls, most_bytes), |part| {
            format!("https://x/{part}")
        });
        let files = files.into_iter();
        files.map(|(path, text)| (path.to_string(), text)).collect()
    }

    #[test]
    fn as_many_urls_as_fit_are_one_file() {
        let files = parts(3, 3, 10_000);
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].0, "sitemap.xml");
        assert!(files[0].1.contains("<urlset") && files[0].1.contains("<url>2</url>"));
        assert_eq!(parts(0, 3, 10_000).len(), 1);
    }

    #[test]
    fn one_url_more_makes_parts_under_an_index() {
        let files = parts(4, 3, 10_000);
        let names: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(names, ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]);
        assert_eq!(files[0].1.matches("<url>").count(), 3);
        assert_eq!(files[1].1.matches("<url>").count(), 1);
        assert!(files[2].1.contains("<sitemapindex"));
        assert!(files[2].1.contains("<loc>https://x/sitemap-2.xml</loc>"));
    }

    #[test]
    fn a_part_is_never_larger_than_allowed() {
        let files = parts(100, 1_000, 400);
        assert!(files.len() > 3);
        for (path, text) in &files[..files.len() - 1] {
            assert!(text.len() <= 400, "{path}: {}", text.len());
        }
        let all: usize = files
            .iter()
            .map(|(_, text)| text.matches("<url>").count())
            .sum();
        assert_eq!(all, 100);
    }
}
