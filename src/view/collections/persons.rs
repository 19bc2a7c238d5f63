//! What the front page of the persons shows beyond its list: who they are, by organization.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::link::EntryId;
use crate::model::Kind;
use crate::model::kinds::{Data, Person};
use crate::model::leaf::FileName;
use crate::render::Prepared;
use crate::view::card::{ImageView, file};
use crate::view::reach::sample_keys;
use crate::view::{Card, Cards};

/// What the template of the front page of the persons gets as part of `list`.
#[derive(Debug, Serialize)]
pub struct PersonsView<'a> {
    /// The persons by the first organization that each names; those without one come last.
    pub groups: Vec<PersonGroup<'a>>,
}

/// The persons of one organization.
#[derive(Debug, Serialize)]
pub struct PersonGroup<'a> {
    /// The organization.
    pub organization: Option<Prepared<Card<'a>>>,
    /// The persons.
    pub items: Vec<PersonItem<'a>>,
}

/// A person in the list.
#[derive(Debug, Serialize)]
pub struct PersonItem<'a> {
    /// The person.
    pub card: Prepared<Card<'a>>,
    /// What they do, where written.
    pub role: Option<&'a str>,
    /// How they serve: the label.
    pub tenure: Option<&'static str>,
    /// The further organizations they belong to.
    pub others: Vec<Prepared<Card<'a>>>,
    /// A portrait.
    pub photo: Option<ImageView>,
    /// The keys whose values are illustrative, as `entry.sample` has them.
    pub sample: Vec<&'a str>,
}

impl<'a> PersonsView<'a> {
    /// That of a site.
    pub fn new(cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let persons = site.collections.get(&Kind::Person).into_iter().flatten();
        // In the order in which the organizations are listed.
        let mut groups: BTreeMap<(usize, Option<EntryId>), Vec<PersonItem<'a>>> = BTreeMap::new();
        for &id in persons {
            let Data::Person(person) = &site.entry(id).raw.data else {
                continue;
            };
            let organizations = person.organizations.iter();
            let mut organizations =
                organizations.filter_map(|to| site.find(Kind::Organization, &to.id));
            let first = organizations.next();
            let place = first.and_then(|first| site.position(first));
            let group = groups.entry((place.unwrap_or(usize::MAX), first));
            let others = organizations.map(|other| cards.of(other)).collect();
            let item = PersonItem::new(id, person, others, cards);
            group.or_default().push(item);
        }
        let groups = groups.into_iter().map(|((_, id), items)| PersonGroup {
            organization: id.map(|id| cards.of(id)),
            items,
        });
        PersonsView {
            groups: groups.collect(),
        }
    }
}

impl<'a> PersonItem<'a> {
    fn new(
        id: EntryId,
        person: &'a Person,
        others: Vec<Prepared<Card<'a>>>,
        cards: &'a Cards<'a>,
    ) -> Self {
        let entry = cards.site.entry(id);
        let photo = person.photo.as_ref();
        PersonItem {
            card: cards.of(id),
            role: person.role.as_deref(),
            tenure: person.tenure.map(|tenure| tenure.key_and_label().1),
            others,
            photo: photo.and_then(|FileName(name)| file(name, entry, cards.site)),
            sample: sample_keys(entry),
        }
    }
}
