//! What the lists of documents, notices, responses, visits and funds show of each entry beyond its
//! card: every page of such a list is a table.

use serde::Serialize;

use crate::link::lists::{List, ListPage};
use crate::link::{EntryId, Site};
use crate::model::date::Moment;
use crate::model::kinds::{Account, Data, Document, Funds, Response, Visit};
use crate::render::Prepared;
use crate::view::card::MomentView;
use crate::view::entries::{funds, response, visit};
use crate::view::{Card, Cards, Share};

/// What the template of a list of documents, notices, responses, visits or funds gets beside `list`,
/// on every page of it.
#[derive(Debug, Serialize)]
pub struct TableView<'a> {
    /// The entries of `list.items`, in the same order.
    pub rows: Vec<Row<'a>>,
    /// Whether any document of the page has a number.
    pub has_number: bool,
    /// Whether any document of the page names its issuer.
    pub has_issuer: bool,
    /// Whether any document of the page says whether it is in force.
    pub has_validity: bool,
}

/// An entry of a table.
#[derive(Debug, Serialize)]
pub struct Row<'a> {
    /// Its card.
    pub entry: Prepared<Card<'a>>,
    /// The keys whose values are illustrative.
    pub sample: Vec<&'a str>,
    /// What only the entries of its kind have.
    #[serde(flatten)]
    pub facts: Facts<'a>,
}

/// What a table shows of an entry of one kind.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Facts<'a> {
    /// Of a notice, or of anything else: nothing more.
    Plain {
        /// Who issues it.
        issuer: Option<&'a str>,
    },
    /// Of a document.
    Document(Box<DocumentRow<'a>>),
    /// Of a response.
    Response(Box<ResponseRow<'a>>),
    /// Of a round of visits.
    Visit(Box<VisitRow<'a>>),
    /// Of a year's funds.
    Funds(Box<FundsRow>),
}

/// What the table of documents shows of each.
#[derive(Debug, Serialize)]
pub struct DocumentRow<'a> {
    /// Its number, where written.
    pub document_number: Option<&'a str>,
    /// Who issued it, where written.
    pub issuer: Option<&'a str>,
    /// The day it bears, where written.
    pub issued_on: Option<MomentView>,
    /// Whether it is in force: `in_force`, `expired` or `repealed`.
    pub validity: Option<&'static str>,
    /// The same in words.
    pub validity_label: Option<&'static str>,
}

/// What the table of responses shows of each.
#[derive(Debug, Serialize)]
pub struct ResponseRow<'a> {
    /// When it was asked.
    pub asked_on: MomentView,
    /// When it was answered, where written.
    pub answered_on: Option<MomentView>,
    /// How many days that took.
    pub days: Option<i32>,
    /// Who answers.
    pub organization: Option<Prepared<Card<'a>>>,
    /// The field of service.
    pub service_area: Option<Prepared<Card<'a>>>,
}

/// What the table of visits shows of each round.
#[derive(Debug, Serialize)]
pub struct VisitRow<'a> {
    /// Who visits.
    pub organization: Option<Prepared<Card<'a>>>,
    /// The communities visited.
    pub communities: Vec<Prepared<Card<'a>>>,
    /// How many households.
    pub households: Option<u32>,
    /// How many matters were brought up, where the number of each is written.
    pub count: Option<u64>,
    /// How many of them are settled, where that is written of each.
    pub settled: Option<u64>,
}

/// What the table of funds shows of each year.
#[derive(Debug, Serialize)]
pub struct FundsRow {
    /// The total of the budget in yuan.
    pub budget: Option<String>,
    /// The total of the spending in yuan.
    pub spending: Option<String>,
    /// The spending in percent of the budget.
    pub used: Option<Share>,
}

impl<'a> TableView<'a> {
    /// That of one page of a list.
    pub fn new(list: &List, page: &ListPage, cards: &'a Cards<'a>) -> Self {
        let shown = list.entries[page.entries.clone()].iter().rev();
        let rows: Vec<Row<'a>> = shown.map(|id| row(*id, cards)).collect();
        let any = |of: fn(&DocumentRow<'_>) -> bool| {
            let mut facts = rows.iter().map(|row| &row.facts);
            facts.any(|facts| matches!(facts, Facts::Document(document) if of(document)))
        };
        TableView {
            has_number: any(|document| document.document_number.is_some()),
            has_issuer: any(|document| document.issuer.is_some()),
            has_validity: any(|document| document.validity.is_some()),
            rows,
        }
    }
}

fn row<'a>(id: EntryId, cards: &'a Cards<'a>) -> Row<'a> {
    let site: &'a Site = cards.site;
    let entry = site.entry(id);
    Row {
        entry: cards.of(id),
        sample: entry.sample_keys(),
        facts: match &entry.raw.data {
            Data::Document(document) => Facts::Document(Box::new(of_document(document))),
            Data::Response(data) => Facts::Response(Box::new(of_response(data, cards))),
            Data::Visit(visit) => Facts::Visit(Box::new(of_visit(visit, cards))),
            Data::Funds(funds) => Facts::Funds(Box::new(of_funds(funds))),
            Data::Notice(notice) => Facts::Plain {
                issuer: notice.issuer.as_deref(),
            },
            _ => Facts::Plain { issuer: None },
        },
    }
}

fn of_document(document: &Document) -> DocumentRow<'_> {
    let validity = document.validity.map(|validity| validity.key_and_label());
    DocumentRow {
        document_number: document.document_number.as_deref(),
        issuer: document.issuer.as_deref(),
        issued_on: document.issued_on.map(|day| Moment::day(day).into()),
        validity: validity.map(|(key, _)| key),
        validity_label: validity.map(|(_, label)| label),
    }
}

fn of_response<'a>(data: &Response, cards: &Cards<'a>) -> ResponseRow<'a> {
    ResponseRow {
        asked_on: data.asked_on.into(),
        answered_on: data.answered_on.map(MomentView::from),
        days: response::days_taken(data),
        organization: cards.targets(&data.organization).next(),
        service_area: cards.targets(&data.service_area).next(),
    }
}

fn of_visit<'a>(data: &Visit, cards: &Cards<'a>) -> VisitRow<'a> {
    let (count, settled) = visit::sums(data);
    VisitRow {
        organization: cards.targets([&data.organization]).next(),
        communities: cards.targets(&data.communities).collect(),
        households: data.households,
        count,
        settled,
    }
}

fn of_funds(data: &Funds) -> FundsRow {
    let text = |account: &Option<Account>| {
        let account = account.as_ref();
        account.map(|account| account.total.to_string())
    };
    FundsRow {
        budget: text(&data.budget),
        spending: text(&data.spending),
        used: funds::Totals::of(data).used(),
    }
}
