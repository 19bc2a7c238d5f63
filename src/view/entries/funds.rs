//! What the page of a year's funds shows beyond its keys.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::kinds::{Account, AccountItem, Funds, Money};
use crate::render::Prepared;
use crate::view::share::{Share, share};
use crate::view::{Card, Cards};

/// What the template of a year's funds gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct FundsView<'a> {
    /// The items of budget and spending side by side: those of the budget in its order, then what
    /// was spent without having been planned.
    pub items: Vec<FundsItem<'a>>,
    /// The total of the budget beside the larger of the two totals.
    pub budget_bar: Option<Share>,
    /// The total of the spending beside the larger of the two totals.
    pub spending_bar: Option<Share>,
    /// The spending in percent of the budget, where both are written.
    pub used: Option<Share>,
}

/// An item of a year's funds.
#[derive(Debug, Serialize)]
pub struct FundsItem<'a> {
    /// What it is for.
    pub title: &'a str,
    /// Whose it is.
    pub organization: Option<Prepared<Card<'a>>>,
    /// What was planned.
    pub budget: Option<Amount>,
    /// What was spent.
    pub spending: Option<Amount>,
}

/// An amount of an item.
#[derive(Debug, Serialize)]
pub struct Amount {
    /// The amount in yuan: `12,000`.
    pub text: String,
    /// Its share of the total of its account.
    pub share: Option<Share>,
    /// Its share of the largest amount of the page, for bars.
    pub bar: Option<Share>,
}

impl<'a> FundsView<'a> {
    /// That of an entry with these keys.
    pub fn new(funds: &'a Funds, cards: &'a Cards<'a>) -> Self {
        let totals = Totals::of(funds);
        let most = totals.budget.max(totals.spending);
        let bar = |total: Option<Money>| share(total?.0, most?.0);
        FundsView {
            items: items(funds, cards),
            budget_bar: bar(totals.budget),
            spending_bar: bar(totals.spending),
            used: totals.used(),
        }
    }
}

/// The totals of a year's funds.
#[derive(Debug, Clone, Copy)]
pub(in crate::view) struct Totals {
    /// That of the budget.
    pub(in crate::view) budget: Option<Money>,
    /// That of the spending.
    pub(in crate::view) spending: Option<Money>,
}

impl Totals {
    /// Those of one year.
    pub(in crate::view) fn of(funds: &Funds) -> Self {
        let total = |account: &Option<Account>| account.as_ref().map(|account| account.total);
        Totals {
            budget: total(&funds.budget),
            spending: total(&funds.spending),
        }
    }

    /// The spending in percent of the budget.
    pub(in crate::view) fn used(self) -> Option<Share> {
        share(self.spending?.0, self.budget?.0)
    }
}

fn items<'a>(funds: &'a Funds, cards: &Cards<'a>) -> Vec<FundsItem<'a>> {
    let amounts = [&funds.budget, &funds.spending].into_iter().flatten();
    let amounts = amounts.flat_map(|account| account.items.iter().map(|item| item.amount));
    let most = amounts.max();
    let mut rows: Vec<FundsItem<'a>> = Vec::new();
    let mut planned: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
    for (item, amount) in of_account(funds.budget.as_ref(), most) {
        planned.entry(named(item)).or_insert(rows.len());
        rows.push(FundsItem {
            budget: Some(amount),
            ..row(item, cards)
        });
    }
    for (item, amount) in of_account(funds.spending.as_ref(), most) {
        // What was spent twice under one name has two lines: sums would hide what is written.
        let at = planned.remove(&named(item)).unwrap_or_else(|| {
            rows.push(row(item, cards));
            rows.len() - 1
        });
        rows[at].spending = Some(amount);
    }
    rows
}

fn of_account(
    account: Option<&Account>,
    most: Option<Money>,
) -> impl Iterator<Item = (&AccountItem, Amount)> {
    let items = account.into_iter().flat_map(|account| {
        let total = account.total;
        account.items.iter().map(move |item| (item, total))
    });
    items.map(move |(item, total)| {
        let amount = Amount {
            text: item.amount.to_string(),
            share: share(item.amount.0, total.0),
            bar: most.and_then(|most| share(item.amount.0, most.0)),
        };
        (item, amount)
    })
}

fn named(item: &AccountItem) -> (&str, Option<&str>) {
    let organization = item.organization.as_ref();
    (
        &item.title,
        organization.map(|organization| &*organization.id),
    )
}

fn row<'a>(item: &'a AccountItem, cards: &Cards<'a>) -> FundsItem<'a> {
    FundsItem {
        title: &item.title,
        organization: cards.targets(&item.organization).next(),
        budget: None,
        spending: None,
    }
}
