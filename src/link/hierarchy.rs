//! The organizations above and below each other.

use std::collections::BTreeMap;

use super::{EntryId, Index, Lookup};
use crate::content::RawEntry;
use crate::diag::{Code, Diagnostic, Problem, text};
use crate::model::Kind;
use crate::model::kinds::Data;
use crate::model::node::{Part, Step};

/// Most organizations that may stand above one another; a breadcrumb each.
pub const MOST_LEVELS: usize = 20;

/// Most members of a circle that are named.
const MOST_NAMED: usize = 5;

/// Reports organizations that are their own ancestors, each circle once, and the one at which a
/// chain becomes too long.
pub(super) fn check(entries: &[&RawEntry], index: &Index<'_>) -> Vec<Diagnostic> {
    let parents = parents(entries, index);
    // How many organizations stand above one; a circle counts as none, it has its own report.
    let mut heights: BTreeMap<EntryId, usize> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for &start in parents.keys() {
        let mut way = Vec::new();
        let mut here = Some(start);
        while let Some(id) = here.filter(|id| !heights.contains_key(id)) {
            // Anything may stand here until the way's end is known.
            heights.insert(id, 0);
            way.push(id);
            here = parents.get(&id).copied();
        }
        let circle = here.and_then(|id| way.iter().position(|seen| *seen == id));
        if let Some(at) = circle {
            let members: Vec<_> = way.drain(at..).map(|id| entries[id.index()]).collect();
            diagnostics.push(cycle(&members));
        }
        let mut height = here.map_or(0, |id| heights[&id]);
        for id in way.into_iter().rev() {
            height += usize::from(parents.contains_key(&id));
            heights.insert(id, height);
            if height == MOST_LEVELS + 1 {
                diagnostics.push(too_high(entries[id.index()]));
            }
        }
    }
    diagnostics
}

fn parents(entries: &[&RawEntry], index: &Index<'_>) -> BTreeMap<EntryId, EntryId> {
    let mut parents = BTreeMap::new();
    for entry in entries {
        if let Data::Organization(organization) = &entry.data
            && let Some(parent) = &organization.parent
            && let (Lookup::Public(id), Lookup::Public(parent)) = (
                index.find(entry.kind, &entry.id),
                index.find(Kind::Organization, &parent.id),
            )
        {
            parents.insert(id, parent);
        }
    }
    parents
}

fn too_high(entry: &RawEntry) -> Diagnostic {
    let message = text!(
        "上级组织超过 {MOST_LEVELS} 层",
        "more than {MOST_LEVELS} organizations stand above this one"
    );
    let hint = text!("核对 `parent`", "check `parent`");
    Problem::error(Code::NestedTooDeep, message)
        .hint(hint)
        .at(entry.span(&[Step::Key("parent")], Part::Value))
}

fn cycle(circle: &[&RawEntry]) -> Diagnostic {
    let parent = |entry: &RawEntry| entry.span(&[Step::Key("parent")], Part::Value);
    let named = circle.iter().take(MOST_NAMED);
    let mut names: Vec<_> = named.map(|entry| format!("`{}`", entry.id)).collect();
    if circle.len() > MOST_NAMED {
        names.push(String::from("…"));
    }
    names.extend(names.first().cloned());
    let way = names.join(" → ");
    let count = circle.len();
    let message = text!(
        "上级组织绕成了圈（{count} 个）：{way}",
        "{count} organizations lead back to themselves: {way}"
    );
    let hint = text!(
        "改正其中一个的 `parent`",
        "correct the `parent` of one of them"
    );
    let problem = Problem::error(Code::Cycle, message).hint(hint);
    let mut diagnostic = problem.at(parent(circle[0]));
    for entry in circle.iter().take(MOST_NAMED).skip(1) {
        let title = &entry.common.title;
        diagnostic = diagnostic.with_related(
            parent(entry),
            text!("{title} 的上级", "the parent of {title}"),
        );
    }
    diagnostic
}
