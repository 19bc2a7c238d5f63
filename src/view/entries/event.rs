//! What the page of an event shows beyond its keys.

use serde::Serialize;

use crate::link::occurrences::times;
use crate::link::offers::Offer;
use crate::link::own_pages::OwnPage;
use crate::link::{EntryId, Site};
use crate::model::kinds::{Event, Every, KindData, Station};
use crate::render::Prepared;
use crate::view::agenda::is_coming;
use crate::view::{Card, Cards, TimeView};

/// Most times of an event that repeats which its page shows.
const MOST_TIMES: usize = 14;

/// What the template of an event gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct EventView<'a> {
    /// When it takes place: the one time, or of an event that repeats the next ones from the month of
    /// the build on.
    pub times: Vec<TimeView>,
    /// When it comes again, in words, where it does: `每月25日`.
    pub rule: Option<String>,
    /// Where it takes place.
    pub places: Vec<EventPlace<'a>>,
    /// The link to where one subscribes to the calendar that holds it: its place in the page of the
    /// calendar, or the file where there is no such page.
    pub subscribe: Option<String>,
}

/// A place of an event.
#[derive(Debug, Serialize)]
pub struct EventPlace<'a> {
    /// The station.
    pub card: Prepared<Card<'a>>,
    /// Its address, where written.
    pub address: Option<&'a str>,
    /// Its telephone number, where written.
    pub phone: Option<&'a str>,
    /// The keys of the station whose values are illustrative, as `entry.sample` has them.
    pub sample: Vec<&'a str>,
}

impl<'a> EventView<'a> {
    /// That of an entry with these keys.
    pub fn new(event: &Event, cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let all = times(event, site.window).into_iter();
        let is_shown = |start, end| event.repeats.is_none() || is_coming(start, end, site.window);
        let shown = all.filter(|(start, end)| is_shown(*start, *end));
        let stations = site.targets(&event.stations);
        EventView {
            times: shown
                .take(MOST_TIMES)
                .map(|(start, end)| TimeView::new(start, end))
                .collect(),
            rule: rule(event),
            places: stations.filter_map(|id| place(id, cards)).collect(),
            subscribe: subscribe(site),
        }
    }
}

fn subscribe(site: &Site) -> Option<String> {
    let file = site.link_to(Offer::Calendar(None))?;
    let page = site.own_page(OwnPage::Calendar);
    Some(page.map_or(file, |page| format!("{page}#subscribe")))
}

fn place<'a>(id: EntryId, cards: &Cards<'a>) -> Option<EventPlace<'a>> {
    let site: &'a Site = cards.site;
    let entry = site.entry(id);
    let station = Station::of(&entry.raw.data)?;
    Some(EventPlace {
        card: cards.of(id),
        address: station.address.as_deref(),
        phone: station.phone.as_deref(),
        sample: entry.sample_keys(),
    })
}

/// When an event comes again, in words.
fn rule(event: &Event) -> Option<String> {
    let every = event.repeats.as_ref()?.every;
    let first = event.start.date;
    let (month, day) = (first.0.month(), first.0.day());
    Some(match every {
        Every::Week => format!("每{}", first.weekday()),
        Every::Month => format!("每月{day}日"),
        Every::Quarter => {
            let months = (0..4).map(|count| (month - 1) % 3 + 1 + 3 * count);
            let months: Vec<String> = months.map(|month| month.to_string()).collect();
            format!("每季度一次（{}月的{day}日）", months.join("、"))
        }
        Every::Year => format!("每年{month}月{day}日"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::date::Moment;
    use crate::model::kinds::Repeats;

    #[test]
    fn a_rule_in_words_names_the_days() {
        for (every, expected) in [
            (Every::Week, "每周四"),
            (Every::Month, "每月20日"),
            (Every::Quarter, "每季度一次（2、5、8、11月的20日）"),
            (Every::Year, "每年5月20日"),
        ] {
            let event = Event {
                start: Moment::parse("2021-05-20 08:30").unwrap(),
                end: None,
                repeats: Some(Repeats { every, until: None }),
                stations: Vec::new(),
                organizations: Vec::new(),
                projects: Vec::new(),
                campaigns: Vec::new(),
                signup: None,
            };
            assert_eq!(rule(&event).as_deref(), Some(expected));
        }
    }
}
