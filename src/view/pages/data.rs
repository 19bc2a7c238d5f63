//! What the page about feeds, calendars and open data shows.

use serde::Serialize;

use crate::link::EntryId;
use crate::link::offers::{Offer, PUBLISHED};
use crate::model::Kind;
use crate::model::form::{FieldForm, Form};
use crate::model::kinds::{Common, Data};
use crate::model::tree::OutPath;
use crate::model::value::Record;
use crate::render::Prepared;
use crate::view::{Card, Cards};

/// What the template of the page about open data gets.
#[derive(Debug, Serialize)]
pub struct DataView<'a> {
    /// The calendar of all events, where there is one.
    pub calendar: Option<SubscriptionView<'a>>,
    /// Those of organizations and stations.
    pub calendars: Vec<SubscriptionView<'a>>,
    /// The feed of the whole site, where there is one.
    pub feed: Option<SubscriptionView<'a>>,
    /// Those of organizations, projects and topics.
    pub feeds: Vec<SubscriptionView<'a>>,
    /// The file that names the data files.
    pub index: DataFileView,
    /// The places of the stations, where any are written.
    pub places: Option<DataFileView>,
    /// The data of each kind.
    pub kinds: Vec<DataKindView>,
}

/// A feed or a calendar.
#[derive(Debug, Serialize)]
pub struct SubscriptionView<'a> {
    /// Whose it is; none for that of the whole site.
    pub of: Option<Prepared<Card<'a>>>,
    /// The link to the file.
    pub url: String,
    /// Its full address, to be copied into another program.
    pub address: String,
    /// The same with the scheme `webcal`, by which phones subscribe to a calendar.
    pub webcal: String,
}

/// A data file.
#[derive(Debug, Serialize)]
pub struct DataFileView {
    /// Its name, such as `reports-2021.json`.
    pub name: String,
    /// The link to it.
    pub url: String,
    /// Its full address.
    pub address: String,
    /// The year of its records, where filed by year.
    pub year: Option<i16>,
    /// How many records it has.
    pub count: usize,
}

/// The data files of one kind.
#[derive(Debug, Serialize)]
pub struct DataKindView {
    /// The name of the kind.
    pub kind: &'static str,
    /// Its Chinese name.
    pub label: String,
    /// The files, the newest year first.
    pub files: Vec<DataFileView>,
    /// The keys of its records.
    pub fields: Vec<DataFieldView>,
}

/// A key of a record.
#[derive(Debug, Serialize)]
pub struct DataFieldView {
    /// The key; `rooms[].title` is the key `title` of each item of the list `rooms`.
    pub name: String,
    /// Its Chinese name.
    pub label: &'static str,
    /// What it holds: `text`, `boolean`, `number`, `money`, `date`, `moment`, `seats`, `weekly_slot`,
    /// `file`, `sample`, `choice`, `reference` or `record`.
    pub form: &'static str,
    /// Whether it is a list of them.
    pub is_list: bool,
    /// The Chinese name of the kind that a reference leads to.
    pub to: Option<String>,
    /// The words that may be chosen, such as `center 街道党群服务中心`.
    pub choices: Vec<String>,
}

impl<'a> DataView<'a> {
    /// That of a site.
    pub fn new(cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let (mut feeds, mut calendars) = (Vec::new(), Vec::new());
        let mut kinds: Vec<DataKindView> = Vec::new();
        for offer in &site.offers {
            match offer {
                Offer::Feed(Some(id)) => feeds.push(subscription(*offer, Some(*id), cards)),
                Offer::Calendar(Some(id)) => calendars.push(subscription(*offer, Some(*id), cards)),
                Offer::Data(kind, _) => {
                    if kinds.last().is_none_or(|last| last.kind != kind.name()) {
                        kinds.push(DataKindView::new(*kind));
                    }
                    if let Some(last) = kinds.last_mut() {
                        last.files.insert(0, file(*offer, cards));
                    }
                }
                _ => {}
            }
        }
        let of_site = |offer: Offer| site.has(offer).then(|| subscription(offer, None, cards));
        DataView {
            calendar: of_site(Offer::Calendar(None)),
            calendars,
            feed: of_site(Offer::Feed(None)),
            feeds,
            index: file(Offer::Index, cards),
            places: site.has(Offer::Places).then(|| file(Offer::Places, cards)),
            kinds,
        }
    }
}

fn subscription<'a>(
    offer: Offer,
    of: Option<EntryId>,
    cards: &'a Cards<'a>,
) -> SubscriptionView<'a> {
    let site = cards.site;
    let path = offer.path(site);
    let address = site.addresses.absolute_file(&path);
    let below = address.split_once("://").map_or("", |(_, below)| below);
    SubscriptionView {
        of: of.map(|id| cards.of(id)),
        url: site.addresses.file(&path),
        webcal: format!("webcal://{below}"),
        address,
    }
}

fn file(offer: Offer, cards: &Cards<'_>) -> DataFileView {
    let site = cards.site;
    let path: OutPath = offer.path(site);
    let (year, count) = match offer {
        Offer::Data(kind, year) => (year, site.data_of(kind, year).len()),
        Offer::Places => (None, site.places().count()),
        _ => (
            None,
            site.offers.iter().filter(|offer| is_data(**offer)).count(),
        ),
    };
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    DataFileView {
        name: name.to_owned(),
        url: site.addresses.file(&path),
        address: site.addresses.absolute_file(&path),
        year,
        count,
    }
}

fn is_data(offer: Offer) -> bool {
    matches!(offer, Offer::Data(..) | Offer::Places)
}

impl DataKindView {
    fn new(kind: Kind) -> Self {
        let common = Common::fields().into_iter();
        let common = common.filter(|field| PUBLISHED.contains(&field.name));
        let mut fields = Vec::new();
        for field in common.chain(Data::fields(kind)) {
            describe(&field, "", &mut fields);
        }
        DataKindView {
            kind: kind.name(),
            label: kind.label().zh,
            files: Vec::new(),
            fields,
        }
    }
}

/// Adds a key, and those of the records that it holds.
fn describe(field: &FieldForm, before: &str, fields: &mut Vec<DataFieldView>) {
    let name = format!("{before}{}", field.name);
    let (form, is_list) = match &field.form {
        Form::List(item) => (&**item, true),
        other => (other, false),
    };
    let (word, to, choices) = match form {
        Form::Choice(choices) => {
            let choices = choices.iter().map(|(key, label)| format!("{key} {label}"));
            ("choice", None, choices.collect())
        }
        Form::Reference(kind) => ("reference", Some(kind.label().zh), Vec::new()),
        // What officers add for templates is not published.
        Form::Free => return,
        other => (word(other), None, Vec::new()),
    };
    let label = field.label();
    let below = format!("{name}{}.", if is_list { "[]" } else { "" });
    fields.push(DataFieldView {
        name,
        label,
        form: word,
        is_list,
        to,
        choices,
    });
    if let Form::Record(inner) = form {
        for field in inner() {
            describe(&field, &below, fields);
        }
    }
}

fn word(form: &Form) -> &'static str {
    match form {
        Form::Boolean => "boolean",
        Form::Integer | Form::Number | Form::Month => "number",
        Form::Money => "money",
        Form::Date => "date",
        Form::Moment => "moment",
        Form::Seats => "seats",
        Form::WeeklySlot => "weekly_slot",
        Form::File => "file",
        Form::Sample => "sample",
        Form::Record(_) => "record",
        _ => "text",
    }
}
