//! The tree of organizations, as a list of steps: templates cannot nest as deeply as officers do.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::link::{EntryId, Site};
use crate::model::kinds::Organization;
use crate::render::Prepared;
use crate::view::{Card, Cards};

/// Most branches side by side, and most organizations that hang from one of them.
const MOST_DRAWN: usize = 8;

/// An organization in the tree. The tree is written from the top down: each organization is followed
/// by those below it.
#[derive(Debug, Serialize)]
pub struct TreeStep<'a> {
    /// The organization.
    pub card: Prepared<Card<'a>>,
    /// Its level in its own words, such as 街道.
    pub level: Option<&'a str>,
    /// Its telephone number, where written.
    pub phone: Option<&'a str>,
    /// How many organizations stand above it here.
    pub depth: usize,
    /// How many organizations are directly below it. They follow; a list of them opens here.
    pub below: usize,
    /// How many lists end after it.
    pub closes: usize,
    /// The keys whose values are illustrative, as `entry.sample` has them.
    pub sample: Vec<&'a str>,
}

/// The organizations by those above them.
pub(super) struct Roots<'a> {
    /// Those below nothing.
    roots: Vec<(EntryId, &'a Organization)>,
    below: BTreeMap<EntryId, Vec<(EntryId, &'a Organization)>>,
}

impl<'a> Roots<'a> {
    pub(super) fn new(all: &[(EntryId, &'a Organization)], site: &Site) -> Self {
        let mut sorted = Roots {
            roots: Vec::new(),
            below: BTreeMap::new(),
        };
        for &(id, organization) in all {
            match site.targets(&organization.parent).next() {
                Some(parent) => sorted.below.entry(parent).or_default(),
                None => &mut sorted.roots,
            }
            .push((id, organization));
        }
        sorted
    }

    /// The trees of those of the roots that are wanted. Organizations that lead back to themselves
    /// hang from no root and are in none.
    pub(super) fn steps(
        &self,
        wanted: impl Fn(&Organization) -> bool,
        cards: &'a Cards<'a>,
    ) -> Vec<TreeStep<'a>> {
        let mut steps: Vec<TreeStep<'a>> = Vec::new();
        let roots = self.roots.iter().filter(|(_, data)| wanted(data));
        let mut waiting: Vec<(usize, EntryId, &Organization)> =
            roots.rev().map(|&(id, data)| (0, id, data)).collect();
        while let Some((depth, id, organization)) = waiting.pop() {
            if let Some(before) = steps.last_mut() {
                before.closes = (before.depth + usize::from(before.below > 0)) - depth;
            }
            let below = self.below.get(&id).map_or(&[][..], Vec::as_slice);
            let contact = organization.contact.as_ref();
            steps.push(TreeStep {
                card: cards.of(id),
                level: organization.level.as_deref(),
                phone: contact.and_then(|contact| contact.phone.as_deref()),
                depth,
                below: below.len(),
                closes: 0,
                sample: cards.site.entry(id).sample_keys(),
            });
            let next = below.iter().rev();
            waiting.extend(next.map(|&(id, data)| (depth + 1, id, data)));
        }
        if let Some(last) = steps.last_mut() {
            last.closes = last.depth;
        }
        steps
    }
}

/// Whether a part of the tree can be drawn with its branches side by side.
pub(super) fn is_small(steps: &[TreeStep<'_>]) -> bool {
    let branches = || steps.chunk_by(|_, next| next.depth > 0);
    branches().count() <= MOST_DRAWN && branches().all(|branch| branch.len() <= MOST_DRAWN + 1)
}
