//! What is answered where the page of an entry would be that is not public now: which file it is, why it is
//! not shown, and what can be done.
//!
//! The site has no such page, and that of the preview is no part of it: the answer is still "not found".

use super::Shown;
use super::inject::{Identity, digits};
use super::pages::{document, escape};
use super::status::Item;
use crate::diag::{SourcePath, Text, text};
use crate::model::digest::Digest;

/// An entry that the site does not show.
#[derive(Debug, PartialEq)]
pub(super) struct Hidden<'a> {
    item: &'a Item,
    why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Why {
    Draft,
    NotYetDue,
    Expired,
}

/// The entry whose page would be at `path`, below the base path and with a final `/`, if it were public.
pub(super) fn find<'a>(shown: &'a Shown, path: &str) -> Option<Hidden<'a>> {
    let status = &shown.status;
    let lists = [
        (&status.drafts, Why::Draft),
        (&status.not_yet_due, Why::NotYetDue),
        (&status.expired, Why::Expired),
    ];
    lists.into_iter().find_map(|(items, why)| {
        let mut hidden = items.iter().filter(|item| item.url.is_none());
        let item = hidden.find(|item| item.path == path)?;
        Some(Hidden { item, why })
    })
}

impl Hidden<'_> {
    /// The file of the entry.
    pub(super) fn source(&self) -> SourcePath {
        SourcePath::new(&self.item.file)
    }

    /// What tells this page from another that may be shown in its place later.
    pub(super) fn identity(&self, shown: &Shown) -> Identity {
        Identity {
            version: digits(&Digest::of(self.page(shown).as_bytes())),
            ..Identity::default()
        }
    }

    /// The page, without the preview's script.
    pub(super) fn page(&self, shown: &Shown) -> String {
        let lang = shown.lang;
        let (title, file) = (&self.item.title, &self.item.file);
        let heading = text!("《{title}》现在不公开", "“{title}” is not public now");
        let file = text!("文件：{file}", "File: {file}");
        let (why, remedy) = self.explained();
        let others = text!("还有哪些不公开：", "What else is not public: ");
        let status = text!("预览状态", "preview status");
        let body = format!(
            "<main><h1>{}</h1>\n<p class=\"lead\">{}</p>\n<p>{}</p>\n<p>{}</p>\n\
             <p>{}<a href=\"/_yugang/\">{}</a></p></main>\n",
            escape(heading.get(lang)),
            escape(why.get(lang)),
            escape(file.get(lang)),
            escape(remedy.get(lang)),
            others.get(lang),
            status.get(lang),
        );
        document(shown, heading.get(lang), "", &body)
    }

    /// Why it is not shown, and what can be done.
    fn explained(&self) -> (Text, Text) {
        let date = self.item.date.as_deref().unwrap_or_default();
        match self.why {
            Why::Draft => (
                text!(
                    "它是草稿（文件里写着 `draft: true`），发布的网站里没有这一页。",
                    "It is a draft (the file says `draft: true`): the published site has no such page."
                ),
                text!(
                    "想先看看：按 Ctrl+C 停下预览，运行 `yugang serve --drafts`。写好了要发布：删去 `draft: true` 这一行。",
                    "To look at it, end the preview with Ctrl+C and run `yugang serve --drafts`. \
                     To publish it, delete the line `draft: true`."
                ),
            ),
            Why::NotYetDue => (
                text!(
                    "它到 {date} 才发布（文件里的 `publish_on`），在那以前网站里没有这一页。",
                    "It is published on {date} (`publish_on` in the file): until then the site has no such page."
                ),
                text!(
                    "想先看看：按 Ctrl+C 停下预览，运行 `yugang serve --drafts`。想现在就发布：删去 `publish_on` 这一行。",
                    "To look at it, end the preview with Ctrl+C and run `yugang serve --drafts`. \
                     To publish it now, delete the line `publish_on`."
                ),
            ),
            Why::Expired => (
                text!(
                    "它已在 {date} 下线（文件里的 `expire_on`），网站里不再有这一页。",
                    "It expired on {date} (`expire_on` in the file): the site has no such page any more."
                ),
                text!(
                    "还要公开：删去 `expire_on` 这一行，或改成晚一些的日期。",
                    "To show it again, delete the line `expire_on` or write a later date."
                ),
            ),
        }
    }
}
