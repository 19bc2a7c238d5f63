//! Two things that want the same id or output path.

use std::collections::BTreeSet;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::Site;
use super::offers::{Offer, sitemap_parts};
use super::urls::{Addresses, UrlPath};
use crate::content::RawEntry;
use crate::diag::{Code, Diagnostic, Problem, SourcePath, Span, Text, text};
use crate::model::names;
use crate::model::node::{Part, Step};
use crate::model::snapshot::Snapshot;
use crate::model::value::{Finding, Findings};

/// Most things that are named of those that want one path.
const MOST_NAMED: usize = 6;

/// Most collisions that are told of one site.
const MOST_TOLD: usize = 500;

/// Files that every site has.
pub(super) const OWN_FILES: [&str; 5] = [
    "index.html",
    "404.html",
    // Also where there is no news yet.
    "atom.xml",
    "sitemap.xml",
    "robots.txt",
];

/// Reports entries of one kind with the same id, such as `a.md` beside `a/index.md`.
pub(super) fn ids<'a>(entries: impl Iterator<Item = &'a RawEntry>) -> Vec<Diagnostic> {
    let mut entries: Vec<&RawEntry> = entries.collect();
    let key = |entry: &&'a RawEntry| (entry.kind, entry.id.as_str());
    entries.sort_by_key(key);
    let same_id = entries.chunk_by(|a, b| key(a) == key(b));
    let told = same_id.filter(|same| same.len() > 1).take(MOST_TOLD);
    told.map(|same| {
        let id = &same[0].id;
        let spans = same.iter().map(|entry| entry.title_span());
        let message = text!(
            "有几个条目的标识都是 `{id}`",
            "several entries have the id `{id}`"
        );
        let hint = text!("给其中一个改名", "rename one of them");
        let problem = Problem::error(Code::DuplicateUrl, message).hint(hint);
        at_all(problem, same.len(), spans)
    })
    .collect()
}

/// The diagnostic of a problem at the first of some places, naming the others.
///
/// `count` says how many there are: to find each of a million would take too long.
fn at_all(problem: Problem, count: usize, spans: impl Iterator<Item = Span>) -> Diagnostic {
    let more = count.saturating_sub(MOST_NAMED);
    let problem =
        problem.maybe_hint((more > 0).then(|| text!("另有 {more} 处", "and {more} more places")));
    let mut spans = spans.take(MOST_NAMED);
    let first = match spans.next() {
        Some(span) => problem.at(span),
        None => problem.nowhere(),
    };
    spans.fold(first, |diagnostic, span| {
        let file = span.file.clone();
        diagnostic.with_related(span, text!("也在 {file}", "also {file}"))
    })
}

/// Who wants an output path.
#[derive(Clone, Copy)]
enum Claim<'a> {
    Entry(&'a RawEntry),
    Alias(&'a RawEntry, usize),
    List,
    Copy(&'a SourcePath),
    Tool,
}

impl<'a> Claim<'a> {
    fn span(self) -> Option<Span> {
        match self {
            Claim::Entry(entry) if entry.common.slug.is_some() => {
                Some(entry.span(&[Step::Key("slug")], Part::Value))
            }
            Claim::Entry(entry) => Some(entry.title_span()),
            Claim::Alias(entry, index) => {
                let alias = [Step::Key("aliases"), Step::Index(index)];
                Some(entry.span(&alias, Part::Value))
            }
            Claim::Copy(source) => Some(Span::file(source.clone())),
            Claim::List | Claim::Tool => None,
        }
    }

    fn entry(self) -> Option<&'a RawEntry> {
        match self {
            Claim::Entry(entry) | Claim::Alias(entry, _) => Some(entry),
            _ => None,
        }
    }
}

/// Claims, each with the path as it was written.
type Claims<'a> = Vec<(String, Claim<'a>)>;

/// A claim, before it the form of its path by which paths are compared.
type Folded<'a> = (Vec<u8>, (String, Claim<'a>));

/// Reports output paths that several things want, also when they differ only in case, since
/// Windows and some stores do not tell these apart, and paths that would be both file and folder.
pub(super) fn urls(site: &Site, snapshot: &Snapshot) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut claims: Claims<'_> = Vec::new();
    claims.extend(OWN_FILES.map(|path| (path.to_owned(), Claim::Tool)));
    for entry in &site.entries {
        claims.push((index(&entry.path), Claim::Entry(&entry.raw)));
        for (source, copy) in &entry.files {
            let outputs = copy.outputs();
            claims.extend(outputs.map(|(out, _)| (out.to_string(), Claim::Copy(source))));
        }
        diagnostics.extend(aliases(&entry.raw, &site.addresses, &mut claims));
    }
    for list in &site.lists {
        claims.push((index(&list.path), Claim::List));
        for number in 1..=list.full_pages() + usize::from(list.full_pages() > 0) {
            claims.push((index(&list.numbered(number)), Claim::List));
        }
    }
    let own = site.own_pages.iter().map(|page| page.path().index());
    let offers = site
        .offers
        .iter()
        .filter(|offer| **offer != Offer::Feed(None));
    let own = own.chain(offers.map(|offer| offer.path(site)));
    let own = own.chain(sitemap_parts(claims.len()));
    claims.extend(own.map(|path| (path.to_string(), Claim::Tool)));
    let copies = site.static_files(snapshot);
    claims.extend(copies.map(|(out, source, _)| (out.to_string(), Claim::Copy(source))));
    let mut claims: Vec<_> = claims
        .into_par_iter()
        .map(|claim| (folded(&claim.0), claim))
        .collect();
    claims.par_sort_by(|(one, _), (other, _)| one.cmp(other));
    let same_path: Vec<_> = claims
        .chunk_by(|(one, _), (other, _)| one == other)
        .collect();
    let twice = same_path
        .iter()
        .filter(|same| same.len() > 1 && !is_one_id(same));
    // Two photos of one name clash in every size; that is one thing to mend.
    let mut told = BTreeSet::new();
    let twice = twice.filter(|same| sources(same).is_none_or(|sources| told.insert(sources)));
    let twice = twice.map(|same| conflict(same));
    let nested = same_path.windows(2).filter(|pair| {
        let inside = pair[1][0].0.strip_prefix(&*pair[0][0].0);
        inside.is_some_and(|inside| inside.starts_with(b"\0"))
    });
    let nested = nested.map(|pair| file_and_folder(pair[0], pair[1]));
    let mut clashes = twice.chain(nested);
    diagnostics.extend(clashes.by_ref().take(MOST_TOLD));
    let more = clashes.count();
    if more > 0 {
        let message = text!("另有 {more} 处网址冲突", "{more} more URLs clash");
        diagnostics.push(Problem::error(Code::TooMany, message).nowhere());
    }
    diagnostics
}

/// The form of a path by which paths are compared; with `/` before every other character, so that what lies
/// in a folder follows it at once.
fn folded(path: &str) -> Vec<u8> {
    let mut folded = names::folded(path).into_bytes();
    for byte in &mut folded {
        *byte = if *byte == b'/' { 0 } else { *byte };
    }
    folded
}

/// The path of a page's file, without the shared text that [`UrlPath::index`] makes for it.
fn index(page: &UrlPath) -> String {
    format!("{}index.html", page.as_str())
}

/// Adds an entry's former URLs to `claims`; those that cannot be one are reported.
fn aliases<'a>(
    entry: &'a RawEntry,
    addresses: &Addresses,
    claims: &mut Claims<'a>,
) -> Vec<Diagnostic> {
    let mut findings = Findings::default();
    for (index, alias) in entry.common.aliases.iter().enumerate() {
        match alias_path(alias, addresses) {
            Ok(path) => claims.push((path, Claim::Alias(entry, index))),
            Err(problem) => findings.push(Finding {
                path: vec![Step::Key("aliases"), Step::Index(index)],
                part: Part::Value,
                problem,
            }),
        }
    }
    entry.diagnose(findings)
}

/// Whether all want the path because they have the same id, which is reported for itself.
fn is_one_id(claims: &[Folded<'_>]) -> bool {
    let ids = claims.iter().map(|(_, (_, claim))| match claim {
        Claim::Entry(entry) => Some((entry.kind, entry.id.as_str())),
        _ => None,
    });
    let ids: Option<BTreeSet<_>> = ids.collect();
    ids.is_some_and(|ids| ids.len() == 1)
}

/// The input files that want a path, if it is only such.
fn sources<'a>(claims: &[Folded<'a>]) -> Option<Vec<&'a SourcePath>> {
    let sources = claims.iter().map(|(_, (_, claim))| match claim {
        Claim::Copy(source) => Some(*source),
        _ => None,
    });
    sources.collect()
}

fn conflict(claims: &[Folded<'_>]) -> Diagnostic {
    let written = &claims[0].1.0;
    let url = written.trim_end_matches("index.html");
    let by_tool = |(_, (_, claim)): &Folded<'_>| matches!(claim, Claim::Tool | Claim::List);
    let message = if claims.iter().any(|(_, (path, _))| path != written) {
        text!(
            "网址 `/{url}` 重复（只有大小写不同）",
            "several things want `/{url}`, differing only in case"
        )
    } else if claims.iter().any(by_tool) {
        text!(
            "网址 `/{url}` 已由程序自动生成",
            "`/{url}` is made by the tool itself"
        )
    } else {
        text!("网址 `/{url}` 重复", "several things want the URL `/{url}`")
    };
    let problem = Problem::error(Code::DuplicateUrl, message).hint(remedy(claims));
    at_all_claims(problem, claims.iter())
}

fn at_all_claims<'a>(
    problem: Problem,
    claims: impl Iterator<Item = &'a Folded<'a>> + Clone,
) -> Diagnostic {
    let placed = claims.filter(|(_, (_, claim))| !matches!(claim, Claim::List | Claim::Tool));
    let spans = placed.clone().filter_map(|(_, (_, claim))| claim.span());
    at_all(problem, placed.count(), spans)
}

fn remedy(claims: &[Folded<'_>]) -> Text {
    let mut entries = claims.iter().map(|(_, (_, claim))| claim.entry());
    let first = entries.next().flatten();
    let is_own = first.is_some_and(|first| {
        entries.all(|other| other.is_some_and(|other| std::ptr::eq(first, other)))
    });
    let is_file = claims
        .iter()
        .all(|(_, (_, claim))| matches!(claim, Claim::Copy(_)));
    if is_own {
        text!(
            "旧网址就是现在的网址，或写了两次：删去它",
            "the former URL is the present one, or is written twice: delete it"
        )
    } else if is_file {
        text!("给其中一个文件改名", "rename one of the files")
    } else {
        text!(
            "给其中一个改名，或写 `slug: 新网址名`",
            "rename one of them, or give it a `slug`"
        )
    }
}

/// The diagnostic that one path would have to be a file and, for others, a folder.
fn file_and_folder(file: &[Folded<'_>], below: &[Folded<'_>]) -> Diagnostic {
    let (_, (path, _)) = &file[0];
    let message = text!(
        "`/{path}` 既要是文件，又要是文件夹",
        "`/{path}` would have to be both a file and a folder"
    );
    let hint = text!("给其中一个改名", "rename one of them");
    let problem = Problem::error(Code::DuplicateUrl, message).hint(hint);
    let involved = file.iter().chain(below);
    at_all_claims(problem, involved)
}

/// The output path of a former URL.
///
/// # Errors
/// A problem when it is not a path below the site's root that every system can store.
pub(crate) fn alias_path(alias: &str, addresses: &Addresses) -> Result<String, Problem> {
    let composed: String = alias.trim().nfc().collect();
    let below = addresses.strip_base(&composed).trim_end_matches('/');
    let refused = || {
        let message = text!(
            "`{alias}` 不能用作旧网址",
            "`{alias}` cannot be a former URL"
        );
        let hint = text!(
            "写站内路径，如 `/old/2020/qingjie/`",
            "write a path of this site such as `/old/2020/qingjie/`"
        );
        Problem::error(Code::InvalidValue, message).hint(hint)
    };
    let is_unfit = |segment: &str| {
        segment.is_empty() || segment.starts_with('.') || names::problem(segment).is_some()
    };
    if below.contains(['?', '#', '%']) || below.split('/').any(is_unfit) {
        return Err(refused());
    }
    // Hosts serve other endings as something else than a page.
    if below.ends_with(".html") || below.ends_with(".htm") {
        return Ok(below.to_owned());
    }
    Ok(UrlPath::home().join(below).index().to_string())
}
