//! What the front page of the persons shows beyond its list: who they are and where.

use serde::Serialize;

use crate::link::EntryId;
use crate::model::kinds::Person;
use crate::model::leaf::FileName;
use crate::render::Prepared;
use crate::view::card::{ImageView, file};
use crate::view::{Card, Cards};

/// What the template of the front page of the persons gets as part of `list`.
#[derive(Debug, Serialize)]
pub struct PersonsView<'a> {
    /// The persons, in the order of the first organization that each names; those without one come
    /// last.
    pub persons: Vec<PersonItem<'a>>,
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
    /// The organizations they belong to.
    pub organizations: Vec<Prepared<Card<'a>>>,
    /// A portrait.
    pub photo: Option<ImageView>,
    /// The keys whose values are illustrative, as `entry.sample` has them.
    pub sample: Vec<&'a str>,
}

impl<'a> PersonsView<'a> {
    /// That of a site.
    pub fn new(cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let mut persons: Vec<(EntryId, &Person)> = site.all::<Person>().collect();
        persons.sort_by_cached_key(|(_, person)| {
            let first = site.targets(&person.organizations).next();
            first
                .and_then(|first| site.position(first))
                .unwrap_or(usize::MAX)
        });
        let persons = persons.into_iter();
        PersonsView {
            persons: persons
                .map(|(id, person)| PersonItem::new(id, person, cards))
                .collect(),
        }
    }
}

impl<'a> PersonItem<'a> {
    fn new(id: EntryId, person: &'a Person, cards: &'a Cards<'a>) -> Self {
        let entry = cards.site.entry(id);
        let photo = person.photo.as_ref();
        PersonItem {
            card: cards.of(id),
            role: person.role.as_deref(),
            tenure: person.tenure.map(|tenure| tenure.key_and_label().1),
            organizations: cards.targets(&person.organizations).collect(),
            photo: photo.and_then(|FileName(name)| file(name, entry, cards.site)),
            sample: entry.sample_keys(),
        }
    }
}
