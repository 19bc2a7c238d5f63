//! What the pages of the site as a whole show.

mod calendar;
mod data;
mod home;
mod month;
mod search;
mod site_map;

pub use calendar::{CalendarView, CalendarYear, MonthLink};
pub use data::DataView;
pub use home::{Figures, HomeView, RotaYear};
pub use month::{GridDay, Happening, MonthDay, MonthView};
pub use search::{SearchKind, SearchView};
pub use site_map::SiteMapView;

use serde::Serialize;

use super::Cards;
use crate::link::own_pages::OwnPage;

/// What only one page of the site has.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Own<'a> {
    /// That of the calendar.
    Calendar(Box<CalendarView<'a>>),
    /// That of a month.
    Month(Box<MonthView<'a>>),
    /// That of the site map.
    SiteMap(Box<SiteMapView<'a>>),
    /// That of the page about open data.
    Data(Box<DataView<'a>>),
    /// That of the search page.
    Search(Box<SearchView<'a>>),
}

impl<'a> Own<'a> {
    /// That of one of the site's own pages.
    pub fn new(page: OwnPage, cards: &'a Cards<'a>) -> Self {
        match page {
            OwnPage::Calendar => Own::Calendar(Box::new(CalendarView::new(cards))),
            OwnPage::Month(year, month) => Own::Month(Box::new(MonthView::new(year, month, cards))),
            OwnPage::SiteMap => Own::SiteMap(Box::new(SiteMapView::new(cards))),
            OwnPage::Data => Own::Data(Box::new(DataView::new(cards))),
            OwnPage::Search => Own::Search(Box::new(SearchView::new(cards))),
        }
    }

    /// The title of one of the site's own pages.
    pub fn title(page: OwnPage) -> String {
        match page {
            OwnPage::Calendar => String::from("日历"),
            OwnPage::Month(year, month) => format!("{year}年{month}月"),
            OwnPage::SiteMap => String::from("网站地图"),
            OwnPage::Data => String::from("开放数据"),
            OwnPage::Search => String::from("搜索"),
        }
    }
}
