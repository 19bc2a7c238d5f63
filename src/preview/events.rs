//! What an open page is told.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Shown;
use super::inject::{Identity, digits, identity};
use super::lookup::{Place, place};
use crate::diag::{Counts, Diagnostic, Lang, report};
use crate::model::digest::Digest;

/// The state of the preview for a page that is open at `path` (decoded, with the base path), as one
/// line of JSON.
///
/// `page` is the page's version, empty where there is none; `styles` are the URLs of the style
/// sheets of what is shown there; `problems` is a digest of all diagnostics.
pub fn state(shown: &Shown, path: &str) -> String {
    let page = match place(shown, path) {
        Place::File(_, file) => identity(file),
        Place::Hidden(hidden) => hidden.identity(shown),
        Place::Missing(file) => Identity {
            version: String::new(),
            ..file.map(identity).unwrap_or_default()
        },
        Place::Waiting | Place::Elsewhere(_) | Place::Outside => Identity::default(),
    };
    let counts = Counts::of(&shown.diagnostics);
    let state = State {
        build: shown.build,
        page: page.version,
        styles: page.styles,
        errors: counts.errors,
        warnings: counts.warnings,
        problems: shown.problems.clone(),
        site: shown.site.is_some(),
    };
    // Strings and numbers always serialise.
    serde_json::to_string(&state).unwrap_or_default()
}

/// Sixteen hexadecimal digits that tell these diagnostics from others.
pub fn problems(diagnostics: &[Diagnostic], lang: Lang) -> String {
    let told = report::json(diagnostics, &(), lang);
    digits(&Digest::of(told.as_bytes()))
}

#[derive(Serialize)]
struct State {
    build: u64,
    page: String,
    styles: BTreeMap<String, String>,
    errors: usize,
    warnings: usize,
    problems: String,
    site: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Code, Problem, text};
    use crate::model::tree::OutFile;
    use crate::preview::tests::{page, shown};

    #[test]
    fn a_page_is_told_of_itself_and_of_all_problems() {
        let html = page("<body></body>", &["/qt/assets/main.0123456789.css"], None);
        let mut shown = shown("/qt/", &[("a/index.html", OutFile::Page(html.into()))]);
        let known = state(&shown, "/qt/a/");
        assert!(known.starts_with("{\"build\":7,\"page\":\""), "{known}");
        assert!(
            known.contains("\"styles\":{\"main.css\":\"/qt/assets/main.0123456789.css\"}"),
            "{known}"
        );
        assert!(known.ends_with("\"site\":true}"), "{known}");
        assert_eq!(state(&shown, "/qt/a/index.html"), known);
        assert!(state(&shown, "/qt/b/").contains("\"page\":\"\",\"styles\":{}"));
        shown.diagnostics = [Problem::error(Code::Template, text!("错", "wrong")).nowhere()].into();
        shown.problems = problems(&shown.diagnostics, shown.lang);
        let wrong = state(&shown, "/qt/a/");
        assert!(wrong.contains("\"errors\":1,\"warnings\":0"), "{wrong}");
        let digest = |state: &str| {
            state
                .split_once("problems\":")
                .map(|(_, rest)| rest.to_owned())
        };
        assert_ne!(digest(&wrong), digest(&known));
        shown.site = None;
        assert!(state(&shown, "/qt/a/").contains("\"page\":\"\""));
    }
}
