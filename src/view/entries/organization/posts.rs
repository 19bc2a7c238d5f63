//! The posts of an organization and who holds them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::kinds::{Holder, Organization, Post};
use crate::render::Prepared;
use crate::view::{Card, Cards};

/// The posts of an establishment, and which columns their table needs: those that hold anything.
#[derive(Debug, Default, Serialize)]
pub struct Posts<'a> {
    /// The posts, in the order written.
    pub items: Vec<PostView<'a>>,
    /// Whether it is written who holds posts.
    pub has_filled: bool,
    /// Whether any post says how many belong to the establishment (体制内).
    pub has_inside: bool,
    /// Whether any post says how many do not (体制外).
    pub has_outside: bool,
    /// Whether any post says how many serve full-time.
    pub has_full_time: bool,
    /// Whether any post says how many serve part-time.
    pub has_part_time: bool,
    /// Whether any post is known to be vacant; never where the site does not show gaps.
    pub has_vacant: bool,
}

/// A post of an establishment.
#[derive(Debug, Serialize)]
pub struct PostView<'a> {
    /// What it is called.
    pub title: &'a str,
    /// How many people are to hold it: `4` or `9-21`.
    pub seats: String,
    /// How many people hold it.
    pub filled: usize,
    /// How many of them belong to the establishment.
    pub inside: Option<u32>,
    /// How many do not.
    pub outside: Option<u32>,
    /// How many serve full-time.
    pub full_time: Option<u32>,
    /// How many serve part-time.
    pub part_time: Option<u32>,
    /// How many seats are vacant; 0 where the site does not show gaps.
    pub vacant: usize,
    /// Who is to hold it by virtue of another office.
    pub held_by: Option<&'a str>,
    /// The wording of the source.
    pub note: Option<&'a str>,
}

/// Those who hold one post.
#[derive(Debug, Serialize)]
pub struct PostHolders<'a> {
    /// The post.
    pub title: &'a str,
    /// Those who hold it.
    pub items: Vec<HolderView<'a>>,
}

/// Somebody who holds a post.
#[derive(Debug, Serialize)]
pub struct HolderView<'a> {
    /// The person, where there is an entry.
    pub person: Option<Prepared<Card<'a>>>,
    /// The name as written.
    pub name: Option<&'a str>,
    /// Whether they belong to the establishment: the label.
    pub system: Option<&'static str>,
    /// How they serve: the label.
    pub tenure: Option<&'static str>,
}

impl<'a> Posts<'a> {
    /// Those of an organization; vacancies only with `gaps`.
    pub(super) fn new(organization: &'a Organization, gaps: bool) -> Self {
        let mut filled: BTreeMap<&str, usize> = BTreeMap::new();
        for holder in &organization.roster {
            *filled.entry(&holder.post).or_default() += 1;
        }
        let post = |post: &'a Post| {
            let filled = filled.get(post.title.as_str()).copied().unwrap_or_default();
            PostView {
                title: &post.title,
                seats: post.seats.to_string(),
                filled,
                inside: post.inside,
                outside: post.outside,
                full_time: post.full_time,
                part_time: post.part_time,
                vacant: if gaps {
                    (post.seats.min as usize).saturating_sub(filled)
                } else {
                    0
                },
                held_by: post.held_by.as_deref(),
                note: post.note.as_deref(),
            }
        };
        let items: Vec<PostView<'a>> = organization.establishment.iter().map(post).collect();
        Posts {
            has_filled: !organization.roster.is_empty(),
            has_inside: items.iter().any(|post| post.inside.is_some()),
            has_outside: items.iter().any(|post| post.outside.is_some()),
            has_full_time: items.iter().any(|post| post.full_time.is_some()),
            has_part_time: items.iter().any(|post| post.part_time.is_some()),
            has_vacant: items.iter().any(|post| post.vacant > 0),
            items,
        }
    }
}

/// Who holds the posts, in the order of the establishment; posts that it does not have come last.
/// Somebody whose page is not public, and whose name is not written here, is left out.
pub(super) fn holders<'a>(
    organization: &'a Organization,
    cards: &'a Cards<'a>,
) -> Vec<PostHolders<'a>> {
    let posts = organization.establishment.iter().enumerate();
    let order: BTreeMap<&str, usize> = posts
        .map(|(place, post)| (post.title.as_str(), place))
        .collect();
    let mut held: BTreeMap<(usize, &str), Vec<HolderView<'a>>> = BTreeMap::new();
    for holder in &organization.roster {
        let post = holder.post.as_str();
        let place = order.get(post).copied().unwrap_or(order.len());
        let shown = HolderView::new(holder, cards);
        if shown.person.is_some() || shown.name.is_some() {
            held.entry((place, post)).or_default().push(shown);
        }
    }
    let posts = held.into_iter();
    posts
        .map(|((_, title), items)| PostHolders { title, items })
        .collect()
}

impl<'a> HolderView<'a> {
    fn new(holder: &'a Holder, cards: &'a Cards<'a>) -> Self {
        HolderView {
            person: cards.targets(&holder.person).next(),
            name: holder.name.as_deref(),
            system: holder.system.map(|system| system.key_and_label().1),
            tenure: holder.tenure.map(|tenure| tenure.key_and_label().1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kinds::OrganizationKind;
    use crate::model::leaf::Seats;

    fn post(title: &str, min: u32, max: u32) -> Post {
        Post {
            title: title.to_owned(),
            seats: Seats { min, max },
            inside: None,
            outside: None,
            full_time: None,
            part_time: None,
            held_by: None,
            note: None,
        }
    }

    fn organization(establishment: Vec<Post>, held: &[&str]) -> Organization {
        let holder = |post: &&str| Holder {
            post: (*post).to_owned(),
            person: None,
            name: Some(String::from("某人")),
            system: None,
            tenure: None,
        };
        Organization {
            kind: OrganizationKind::Other,
            status: None,
            parent: None,
            level: None,
            coverage: Vec::new(),
            sectors: Vec::new(),
            establishment,
            roster: held.iter().map(holder).collect(),
            contact: None,
            stations: Vec::new(),
        }
    }

    #[test]
    fn columns_without_anything_are_left_out() {
        let mut deputy = post("副主席", 2, 2);
        deputy.inside = Some(0);
        let plain = organization(vec![post("主席", 1, 1), deputy], &[]);
        let posts = Posts::new(&plain, true);
        assert!(posts.has_inside, "that it is none is written");
        assert!(!posts.has_outside && !posts.has_full_time && !posts.has_part_time);
        assert!(!posts.has_filled);
    }

    #[test]
    fn vacancies_are_told_on_request_only() {
        let partly = organization(
            vec![post("主席", 1, 1), post("委员", 9, 21)],
            &["主席", "委员", "委员"],
        );
        let told = Posts::new(&partly, true);
        let vacant: Vec<_> = told.items.iter().map(|post| post.vacant).collect();
        assert_eq!(vacant, [0, 7]);
        let silent = Posts::new(&partly, false);
        assert!(!silent.has_vacant);
        let filled: Vec<_> = silent.items.iter().map(|post| post.filled).collect();
        assert_eq!(filled, [1, 2]);
        assert_eq!(silent.items[1].seats, "9-21");
    }
}
