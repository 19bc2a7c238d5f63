//! Resolves what one entry refers to: references, links, images and files.

use std::collections::BTreeMap;

use super::Index;
use super::pictures::{self, FileCopy, Use};
use super::references::{self, Reference};
use super::targets::{self, LinkTo, World};
use super::told::Told;
use super::urls::{UrlPath, entry_path};
use crate::content::RawEntry;
use crate::diag::{Checked, Code, Diagnostic, Problem, SourcePath, Span, text};
use crate::markdown::Outline;
use crate::model::node::{Part, Step};
use crate::model::snapshot::Snapshot;

/// What resolving one entry yields.
pub(super) struct Resolved {
    pub(super) path: UrlPath,
    pub(super) references: Vec<Reference>,
    pub(super) links: Vec<LinkTo>,
    pub(super) images: Vec<Option<SourcePath>>,
    pub(super) outside_images: BTreeMap<usize, String>,
    pub(super) files: BTreeMap<SourcePath, FileCopy>,
}

/// Resolves what an entry refers to; a broken reference is reported and left out.
pub(super) fn resolve(
    entry: &RawEntry,
    outline: &Outline,
    index: &Index<'_>,
    world: &World<'_>,
) -> Checked<Resolved> {
    let mut diagnostics = of_body(entry, outline);
    let slug = entry.common.slug.as_deref();
    let path = entry_path(entry.kind, &entry.id, slug).unwrap_or_else(|problem| {
        diagnostics.push(problem.at(match slug {
            Some(_) => entry.span(&[Step::Key("slug")], Part::Value),
            None => Span::file(entry.source.path.clone()),
        }));
        UrlPath::collection(entry.kind).join(&entry.id)
    });
    let found = references::resolve(entry, index, world.snapshot).drain_into(&mut diagnostics);
    let mut files = Files {
        entry,
        path: &path,
        snapshot: world.snapshot,
        found: BTreeMap::new(),
    };
    for (source, usage) in found.files {
        files.add(source, usage);
    }
    let links = links(outline, entry, index, world).drain_into(&mut diagnostics);
    for link in &links {
        if let LinkTo::File(source) = link {
            files.add(source.clone(), Use::Offered);
        }
    }
    let (images, outside_images) = images(outline, entry, world).drain_into(&mut diagnostics);
    for source in images.iter().flatten() {
        files.add(source.clone(), Use::Shown);
    }
    let files = files.found;
    let value = Resolved {
        path,
        references: found.references,
        links,
        images,
        outside_images,
        files,
    };
    Checked { value, diagnostics }
}

/// What each link leads to; one that leads nowhere is reported and hidden.
fn links(
    outline: &Outline,
    entry: &RawEntry,
    index: &Index<'_>,
    world: &World<'_>,
) -> Checked<Vec<LinkTo>> {
    let mut told = Told::of(entry);
    let links = outline.links.iter().map(|link| {
        if told.is_full() {
            return LinkTo::Hidden;
        }
        let to = targets::resolve(&link.target, entry, index, world);
        let problem = match &to {
            Ok(LinkTo::File(source)) => pictures::unofferable(source, world.snapshot),
            Ok(_) => None,
            Err(problem) => Some(problem.clone()),
        };
        if let Some(problem) = problem {
            told.push(link.range.clone(), problem);
        }
        to.unwrap_or(LinkTo::Hidden)
    });
    Checked {
        value: links.collect(),
        diagnostics: told.into_diagnostics(),
    }
}

/// What is wrong with the body itself, errors first, so that they are told whatever else there is.
fn of_body(entry: &RawEntry, outline: &Outline) -> Vec<Diagnostic> {
    let mut problems: Vec<_> = outline.problems.iter().collect();
    problems.sort_by_key(|(_, problem)| problem.severity);
    let mut told = Told::of(entry);
    for (range, problem) in problems {
        told.push(range.clone(), problem.clone());
    }
    told.into_diagnostics()
}

type Images = (Vec<Option<SourcePath>>, BTreeMap<usize, String>);

/// The source file of each image, and the paths of those in `static/` by their place.
fn images(outline: &Outline, entry: &RawEntry, world: &World<'_>) -> Checked<Images> {
    let mut told = Told::of(entry);
    let mut elsewhere = BTreeMap::new();
    let mut beside = Vec::new();
    for (at, image) in outline.images.iter().enumerate() {
        if told.is_full() {
            break;
        }
        let source = match image_source(&image.src, entry, world) {
            Ok(ImageFrom::Beside(source)) => {
                if let Some(problem) = pictures::unshowable(&source, world.snapshot) {
                    told.push(image.range.clone(), problem);
                }
                Some(source)
            }
            Ok(ImageFrom::Elsewhere(src)) => {
                elsewhere.insert(at, src);
                None
            }
            Err(problem) => {
                told.push(image.range.clone(), problem);
                None
            }
        };
        beside.push(source);
    }
    Checked {
        value: (beside, elsewhere),
        diagnostics: told.into_diagnostics(),
    }
}

enum ImageFrom {
    Beside(SourcePath),
    Elsewhere(String),
}

fn image_source(src: &str, entry: &RawEntry, world: &World<'_>) -> Result<ImageFrom, Problem> {
    if src.starts_with("https://") || src.starts_with("http://") {
        let message = text!(
            "图片 `{src}` 在别的网站上",
            "the image `{src}` is on another site"
        );
        let hint = text!(
            "下载图片，放在文章旁边，只写文件名",
            "download it, put it beside the entry and write its file name"
        );
        return Err(Problem::error(Code::BrokenLink, message).hint(hint));
    }
    if src.starts_with('/') {
        let below = world.addresses.strip_base(src);
        let exists = world
            .snapshot
            .files
            .contains_key(&SourcePath::new(format!("static/{below}")));
        return if exists {
            Ok(ImageFrom::Elsewhere(below.to_owned()))
        } else {
            let message = text!("找不到图片 `{src}`", "there is no image `{src}`");
            let problem = Problem::error(Code::MissingFile, message);
            Err(problem.hint(text!(
                "把图片放到 static/{below}",
                "put the image at static/{below}"
            )))
        };
    }
    targets::file(src, entry, world.snapshot).map(ImageFrom::Beside)
}

/// Collects the files that are published with an entry.
struct Files<'a> {
    entry: &'a RawEntry,
    path: &'a UrlPath,
    snapshot: &'a Snapshot,
    found: BTreeMap<SourcePath, FileCopy>,
}

impl Files<'_> {
    fn add(&mut self, source: SourcePath, usage: Use) {
        let folder = format!("{}/", self.entry.source.path.folder());
        let below = source.as_str().strip_prefix(&folder);
        let below = below.unwrap_or(source.name());
        let mut copy = match self.found.remove(&source) {
            Some(copy) => copy,
            None => FileCopy::new(self.path, below, self.snapshot.files.get(&source)),
        };
        copy.add(usage, &source, self.snapshot);
        self.found.insert(source, copy);
    }
}
