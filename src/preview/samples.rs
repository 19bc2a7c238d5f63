//! What the tests of the preview show.

use super::*;
use crate::diag::{Code, Problem, SourcePath, SourceText, Span, text};

/// A preview without a site, in Chinese.
pub(super) fn shown(diagnostics: Vec<Diagnostic>) -> Shown {
    Shown {
        build: 7,
        lang: Lang::Zh,
        root: "/网站".to_owned(),
        base: "/qt/".to_owned(),
        site: None,
        late: None,
        diagnostics: diagnostics.into(),
        problems: String::new(),
        status: Arc::default(),
    }
}

/// An error that quotes what would be HTML.
pub(super) fn broken_reference() -> Diagnostic {
    let source = SourceText::new(
        SourcePath::new("content/a.md"),
        "---\norganizations: [<b>]\n",
    );
    let message = text!("没有名为 `<b>` 的组织", "no organization called `<b>`");
    Problem::error(Code::UnknownReference, message)
        .hint(text!("是不是 `fulian`？", "did you mean `fulian`?"))
        .at(source.span(20..23))
        .with_related(
            Span::file(SourcePath::new("site.yaml")),
            text!("这里", "here"),
        )
}
