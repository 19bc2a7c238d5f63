//! Files below `content/` that nothing uses, such as a report that was saved as `a.md.txt`.

use std::collections::BTreeSet;

use super::Site;
use crate::content::{Broken, RawEntry, is_entry_name};
use crate::diag::{Code, Diagnostic, Problem, SourcePath, Span, text};
use crate::model::snapshot::{InputFile, Snapshot};

/// Most files that are named one by one.
const MOST_NAMED: usize = 50;

/// Endings of documents that an officer may take for an entry.
const DOCUMENTS: [&str; 6] = ["txt", "doc", "docx", "wps", "rtf", "odt"];

/// Reports files that no entry uses: an error for what was meant to be an entry, a warning for
/// others. What lies beside entries that are not public or could not be read is left alone.
pub(super) fn files<'a>(
    site: &Site,
    snapshot: &Snapshot,
    hidden: impl Iterator<Item = &'a RawEntry>,
    broken: &Broken,
) -> Vec<Diagnostic> {
    let used = site.entries.iter().flat_map(|entry| entry.files.keys());
    let used: BTreeSet<&SourcePath> = used.collect();
    let unseen = unseen_folders(hidden, broken);
    let is_unused = |(path, file): &(&SourcePath, &InputFile)| {
        let folders = path.as_str().match_indices('/');
        let mut folders = folders.map(|(end, _)| &path.as_str()[..end]);
        matches!(file, InputFile::Media(_))
            && !is_entry_name(path)
            && !used.contains(path)
            && !folders.any(|folder| unseen.contains(folder))
    };
    let unused: Vec<&SourcePath> = snapshot
        .below("content")
        .filter(is_unused)
        .map(|(path, _)| path)
        .collect();
    let (meant, others): (Vec<_>, Vec<_>) = unused
        .into_iter()
        .partition(|path| entry_name(path).is_some());
    let meant = meant.into_iter().filter_map(misnamed);
    let more = others.len().saturating_sub(MOST_NAMED);
    let others = others.into_iter().take(MOST_NAMED).map(unused_file);
    let more = (more > 0).then(|| {
        let message = text!(
            "另有 {more} 个文件没有条目用到",
            "{more} more files are used by no entry"
        );
        Problem::warning(Code::TooMany, message).nowhere()
    });
    meant.chain(others).chain(more).collect()
}

/// The folders of entries of whose files nothing is known.
fn unseen_folders<'a>(
    hidden: impl Iterator<Item = &'a RawEntry>,
    broken: &Broken,
) -> BTreeSet<String> {
    let hidden = hidden.map(|entry| entry.source.path.folder().to_owned());
    let unread = broken.entries.iter().flat_map(|(kind, id)| {
        let whole = SourcePath::new(format!("content/{}/{id}", kind.collection()));
        [whole.as_str().to_owned(), whole.folder().to_owned()]
    });
    hidden.chain(unread).collect()
}

/// The name that an entry saved under another ending should have.
fn entry_name(path: &SourcePath) -> Option<String> {
    let name = path.name();
    let lower = name.to_ascii_lowercase();
    for (ending, right) in [
        (".md.txt", ".md"),
        (".yaml.txt", ".yaml"),
        (".yml.txt", ".yml"),
        (".markdown", ".md"),
    ] {
        if lower.ends_with(ending) {
            return Some(format!("{}{right}", &name[..name.len() - ending.len()]));
        }
    }
    None
}

fn misnamed(path: &SourcePath) -> Option<Diagnostic> {
    let (name, right) = (path.name(), entry_name(path)?);
    let message = text!(
        "`{name}` 不会编译：文件名的结尾不对",
        "`{name}` is not compiled: its name ends wrongly"
    );
    let hint = text!(
        "改名为 `{right}`；看不见结尾时，在“查看”里勾选“文件扩展名”",
        "rename it to `{right}`"
    );
    let problem = Problem::error(Code::InvalidName, message).hint(hint);
    Some(problem.at(Span::file(path.clone())))
}

fn unused_file(path: &SourcePath) -> Diagnostic {
    let name = path.name();
    let message = text!(
        "没有条目用到 `{name}`，不会发布",
        "no entry uses `{name}`, which is not published"
    );
    let problem = Problem::warning(Code::UnexpectedFile, message);
    let hint = if DOCUMENTS.contains(&path.extension().as_str()) {
        text!(
            "文章要存成 `.md` 文件；要作附件就写进 `attachments`，不要就移走",
            "an entry is a `.md` file; list an attachment under `attachments`, or move it away"
        )
    } else {
        text!(
            "写进条目（如 `photos`、`attachments` 或正文），不要就移走",
            "use it in an entry (`photos`, `attachments`, the text), or move it away"
        )
    };
    problem.hint(hint).at(Span::file(path.clone()))
}
