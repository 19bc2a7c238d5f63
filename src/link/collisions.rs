//! Two things that want the same id or URL.

use std::collections::{BTreeMap, BTreeSet};

use super::Site;
use super::urls::{Addresses, UrlPath};
use crate::content::RawEntry;
use crate::diag::{Code, Diagnostic, Problem, SourcePath, Span, Text, text};
use crate::model::node::{Part, Step};
use crate::model::snapshot::Snapshot;

/// Reports entries of one kind with the same id, such as `a.md` beside `a/index.md`.
pub(super) fn ids<'a>(entries: impl Iterator<Item = &'a RawEntry>) -> Vec<Diagnostic> {
    let mut by_id: BTreeMap<_, Vec<&RawEntry>> = BTreeMap::new();
    for entry in entries {
        by_id
            .entry((entry.kind, entry.id.as_str()))
            .or_default()
            .push(entry);
    }
    let twice = by_id.into_iter().filter(|(_, entries)| entries.len() > 1);
    twice
        .map(|((_, id), entries)| {
            let spans = entries.iter().map(|entry| entry.title_span()).collect();
            let message = text!(
                "有几个条目的标识都是 `{id}`",
                "several entries have the id `{id}`"
            );
            collision(message, spans)
        })
        .collect()
}

fn collision(message: Text, spans: Vec<Span>) -> Diagnostic {
    let hint = text!(
        "给其中一个改名，或写 `slug: 新网址名`",
        "rename one of them, or give it a `slug`"
    );
    let mut spans = spans.into_iter();
    let problem = Problem::error(Code::DuplicateUrl, message).hint(hint);
    let first = match spans.next() {
        Some(span) => problem.at(span),
        None => problem.nowhere(),
    };
    spans.fold(first, |diagnostic, span| {
        let file = span.file.clone();
        diagnostic.with_related(span, text!("也在 {file}", "also {file}"))
    })
}

/// Who wants a URL.
enum Claim<'a> {
    Entry(&'a RawEntry),
    Alias(&'a RawEntry, usize),
    List,
    Copy(&'a SourcePath),
    Tool,
}

/// Files that every site has.
pub(crate) const OWN_FILES: [&str; 5] = [
    "index.html",
    "404.html",
    "atom.xml",
    "sitemap.xml",
    "robots.txt",
];

/// Reports output paths that several things want, also when they differ only in case, since
/// Windows and some stores do not tell these apart.
pub(super) fn urls(site: &Site, snapshot: &Snapshot) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut claims: Vec<(String, Claim<'_>)> = OWN_FILES
        .iter()
        .map(|path| (path.to_string(), Claim::Tool))
        .collect();
    for entry in &site.entries {
        claims.push((entry.path.index().to_string(), Claim::Entry(&entry.raw)));
        claims.extend(
            entry
                .files
                .iter()
                .map(|(source, copy)| (copy.out.to_string(), Claim::Copy(source))),
        );
        for (index, alias) in entry.raw.common.aliases.iter().enumerate() {
            match alias_path(alias, &site.addresses) {
                Ok(path) => claims.push((path, Claim::Alias(&entry.raw, index))),
                Err(problem) => diagnostics.push(problem.at(alias_span(&entry.raw, index))),
            }
        }
    }
    for list in &site.lists {
        claims.push((list.path.index().to_string(), Claim::List));
        for number in 1..=list.full_pages() + usize::from(list.full_pages() > 0) {
            claims.push((list.numbered(number).index().to_string(), Claim::List));
        }
    }
    claims.extend(
        site.static_files(snapshot)
            .map(|(out, path, _)| (out.to_string(), Claim::Copy(path))),
    );
    let mut by_path: BTreeMap<String, Vec<(String, Claim<'_>)>> = BTreeMap::new();
    for (path, claim) in claims {
        by_path
            .entry(path.to_lowercase())
            .or_default()
            .push((path, claim));
    }
    diagnostics.extend(
        by_path
            .into_values()
            .filter(|claims| claims.len() > 1 && !is_one_id(claims))
            .map(|claims| conflict(&claims)),
    );
    diagnostics
}

/// Whether all want the path because they have the same id, which is reported for itself.
fn is_one_id(claims: &[(String, Claim<'_>)]) -> bool {
    let ids = claims.iter().map(|(_, claim)| match claim {
        Claim::Entry(entry) => Some((entry.kind, entry.id.as_str())),
        _ => None,
    });
    let ids: Option<BTreeSet<_>> = ids.collect();
    ids.is_some_and(|ids| ids.len() == 1)
}

fn conflict(claims: &[(String, Claim<'_>)]) -> Diagnostic {
    let url = claims[0].0.trim_end_matches("index.html");
    let differing = claims.iter().any(|(path, _)| *path != claims[0].0);
    let tool = claims
        .iter()
        .any(|(_, claim)| matches!(claim, Claim::Tool | Claim::List));
    let message = match (differing, tool) {
        (true, _) => text!(
            "网址 `/{url}` 重复（只有大小写不同）",
            "several things want `/{url}`, differing only in case"
        ),
        (false, true) => text!(
            "网址 `/{url}` 已由程序自动生成",
            "`/{url}` is made by the tool itself"
        ),
        (false, false) => text!("网址 `/{url}` 重复", "several things want the URL `/{url}`"),
    };
    let spans = claims.iter().filter_map(|(_, claim)| match claim {
        Claim::Entry(entry) if entry.common.slug.is_some() => {
            Some(entry.span(&[Step::Key("slug")], Part::Value))
        }
        Claim::Entry(entry) => Some(entry.title_span()),
        Claim::Alias(entry, index) => Some(alias_span(entry, *index)),
        Claim::Copy(source) => Some(Span::file((*source).clone())),
        Claim::List | Claim::Tool => None,
    });
    collision(message, spans.collect())
}

fn alias_span(entry: &RawEntry, index: usize) -> Span {
    entry.span(&[Step::Key("aliases"), Step::Index(index)], Part::Value)
}

/// The output path of a former URL.
///
/// # Errors
/// A problem when it is not a path below the site's root.
pub(crate) fn alias_path(alias: &str, addresses: &Addresses) -> Result<String, Problem> {
    let below = addresses.strip_base(alias.trim());
    let bad =
        alias.contains("://") || below.contains(['?', '#', '\\', ':', '*', '"', '<', '>', '|']);
    if bad
        || below.is_empty()
        || below
            .split('/')
            .any(|segment| segment == ".." || segment == ".")
    {
        return Err(Problem::error(
            Code::InvalidValue,
            text!(
                "`{alias}` 不能用作旧网址",
                "`{alias}` cannot be a former URL"
            ),
        )
        .hint(text!(
            "写站内路径，如 `/old/2020/qingjie/`",
            "write a path of this site such as `/old/2020/qingjie/`"
        )));
    }
    let last = below.rsplit('/').next().unwrap_or_default();
    if last.contains('.') {
        return Ok(below.to_owned());
    }
    Ok(UrlPath::home()
        .join(below.trim_end_matches('/'))
        .index()
        .to_string())
}
