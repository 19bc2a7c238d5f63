//! The preview's own files: what is answered below `/_yugang/`, and the page shown while there is
//! no site.
//!
//! Nothing here has an inline script, an inline style or a `style` attribute, and everything
//! quoted from files is escaped: the strict Content-Security-Policy of the preview holds for it.

use serde::Serialize;

use super::problems::{self, MOST, place};
use super::status::{PageSource, Status, site_map};
use super::{Shown, words};
use crate::diag::{Counts, Diagnostic, Severity, text};

/// The type and content of the preview's own file `name`, a path below `/_yugang/`; `None` when
/// there is no such file.
///
/// Answers depend on `shown` and must not be cached.
pub fn answer(shown: &Shown, name: &str) -> Option<(&'static str, Vec<u8>)> {
    const HTML: &str = "text/html; charset=utf-8";
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    const STYLE: &str = "text/css; charset=utf-8";
    const IMAGE: &str = "image/svg+xml";
    const JSON: &str = "application/json; charset=utf-8";
    Some(match name {
        "" => (HTML, status_page(shown).into_bytes()),
        "client.js" => (SCRIPT, script(shown, CLIENT_SCRIPT)),
        "client.css" => (STYLE, CLIENT_STYLE.into()),
        "status.js" => (SCRIPT, script(shown, STATUS_SCRIPT)),
        "status.css" => (STYLE, STATUS_STYLE.into()),
        "icon.svg" => (IMAGE, include_str!("ui/icon.svg").into()),
        "problems.json" => (JSON, problems::json(shown)),
        "status.json" => (JSON, status_json(shown)),
        _ => return None,
    })
}

/// The script of the site's pages, without its words.
const CLIENT_SCRIPT: &str = concat!(
    include_str!("ui/dom.js"),
    include_str!("ui/events.js"),
    include_str!("ui/problems.js"),
    include_str!("ui/overlay.js"),
    include_str!("ui/client.js"),
);

/// The script of the status page, without its words.
const STATUS_SCRIPT: &str = concat!(
    include_str!("ui/dom.js"),
    include_str!("ui/events.js"),
    include_str!("ui/problems.js"),
    include_str!("ui/status.js"),
);

/// The style of the overlay; it applies inside its shadow root only.
const CLIENT_STYLE: &str = concat!(
    include_str!("ui/problems.css"),
    include_str!("ui/client.css"),
);

/// The style of the status page and of the page shown while there is no site.
const STATUS_STYLE: &str = concat!(
    include_str!("ui/problems.css"),
    include_str!("ui/status.css"),
);

/// A script in a scope of its own, so that it shares no name with those of the site.
fn script(shown: &Shown, code: &str) -> Vec<u8> {
    let words = words::json(shown.lang);
    format!("(function () {{\n\"use strict\";\nconst words = {words};\n{code}}})();\n").into_bytes()
}

/// The frame of the status page; its script fills it.
fn status_page(shown: &Shown) -> String {
    let title = text!("预览状态", "Preview status");
    let no_script = text!(
        "这一页需要 JavaScript。问题也会列在运行 yugang serve 的命令行窗口中。",
        "This page needs JavaScript. Problems are also listed where yugang serve runs."
    );
    let body = format!(
        "<main id=\"status\"><h1>{}</h1><noscript><p>{}</p></noscript></main>\n",
        escape(title.get(shown.lang)),
        escape(no_script.get(shown.lang)),
    );
    let head = "<script src=\"/_yugang/status.js\" defer></script>\n";
    document(shown, title.get(shown.lang), head, &body)
}

/// The page shown at every URL while there is no site without errors yet.
///
/// It lists the errors itself, for browsers without script; the client finds `yugang-waiting` and
/// keeps the list current in place.
pub fn waiting(shown: &Shown) -> String {
    let lang = shown.lang;
    let title = text!("网站还有错误", "The site has errors");
    let explained = text!(
        "网站的文件中有错误，所以现在还没有页面可以显示。请按下面的提示修改并保存文件；全部改好以后，页面会自动打开。",
        "There are errors in the files of the site, so there is no page to show yet. Repair them \
         as told below and save the files; the page opens by itself once all are repaired."
    );
    let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
    let errors = shown.diagnostics.iter().filter(is_error);
    let listed: String = errors
        .take(MOST)
        .map(|error| problem(error, shown))
        .collect();
    let more = match Counts::of(&shown.diagnostics).errors.saturating_sub(MOST) {
        0 => String::new(),
        n => {
            let more = text!("还有 {n} 个。", "{n} more.");
            format!("<p>{}</p>", escape(more.get(lang)))
        }
    };
    let body = format!(
        "<main class=\"waiting\"><h1>{}</h1><p class=\"lead\">{}</p>\n<div id=\"yugang-waiting\">\
         <ol class=\"problems\">{listed}</ol>{more}</div></main>\n",
        escape(title.get(lang)),
        escape(explained.get(lang)),
    );
    document(shown, title.get(lang), "", &body)
}

/// One problem of the waiting page, in the shape that `ui/problems.js` gives it.
fn problem(diagnostic: &Diagnostic, shown: &Shown) -> String {
    let lang = shown.lang;
    let mut item = format!(
        "<li class=\"problem {}\"><h2 class=\"title\"><span class=\"tag\">{}</span> {}</h2>",
        diagnostic.severity.as_str(),
        escape(diagnostic.severity.label().get(lang)),
        escape(diagnostic.message.get(lang)),
    );
    if let Some(span) = &diagnostic.span {
        item += &format!("<p class=\"place\">{}</p>", escape(&place(span)));
    }
    for hint in &diagnostic.hints {
        let label = text!("帮助：", "Help: ");
        item += &format!(
            "<p class=\"hint\"><strong>{}</strong>{}</p>",
            label.get(lang),
            escape(hint.get(lang))
        );
    }
    item + "</li>"
}

/// A complete page; `head` and `body` are HTML, the title is text.
pub(super) fn document(shown: &Shown, title: &str, head: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<link rel=\"icon\" href=\"/_yugang/icon.svg\">\n\
         <link rel=\"stylesheet\" href=\"/_yugang/status.css\">\n{head}</head>\n\
         <body>\n{body}</body>\n</html>\n",
        problems::lang(shown.lang),
        escape(title),
    )
}

/// Text as the content of an element or of a double-quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The status as JSON, with what the status page must know to make links of it.
fn status_json(shown: &Shown) -> Vec<u8> {
    #[derive(Serialize)]
    struct Told<'a> {
        build: u64,
        base: &'a str,
        root: &'a str,
        lang: &'static str,
        #[serde(flatten)]
        status: &'a Status,
        site_map: Vec<PageSource>,
    }
    let told = Told {
        build: shown.build,
        base: &shown.base,
        root: &shown.root,
        lang: problems::lang(shown.lang),
        status: &shown.status,
        site_map: site_map(shown),
    };
    // Plain structs of strings and numbers always serialise.
    serde_json::to_vec(&told).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{broken_reference, shown};
    use super::*;
    use crate::diag::Lang;

    fn text_of(shown: &Shown, name: &str) -> String {
        String::from_utf8(answer(shown, name).unwrap().1).unwrap()
    }

    #[test]
    fn the_preview_answers_its_own_files_and_no_others() {
        let shown = shown(Vec::new());
        for (name, kind) in [
            ("", "text/html"),
            ("client.js", "text/javascript"),
            ("client.css", "text/css"),
            ("status.js", "text/javascript"),
            ("status.css", "text/css"),
            ("icon.svg", "image/svg+xml"),
            ("problems.json", "application/json"),
            ("status.json", "application/json"),
        ] {
            let (answered, body) = answer(&shown, name).unwrap();
            assert!(answered.starts_with(kind), "{name}: {answered}");
            assert!(!body.is_empty(), "{name}");
        }
        for name in ["events", "../site.yaml", "ui/client.js", "client.js/"] {
            assert_eq!(answer(&shown, name), None, "{name}");
        }
    }

    #[test]
    fn scripts_speak_the_language_of_the_preview() {
        let chinese = shown(Vec::new());
        let english = Shown {
            lang: Lang::En,
            ..chinese.clone()
        };
        for name in ["client.js", "status.js"] {
            assert!(text_of(&chinese, name).contains("复制路径"), "{name}");
            assert!(text_of(&english, name).contains("Copy path"), "{name}");
            assert!(!text_of(&english, name).contains("复制路径"), "{name}");
        }
        assert!(text_of(&english, "").contains("<html lang=\"en\">"));
        assert!(text_of(&chinese, "").contains("预览状态"));
    }

    #[test]
    fn the_waiting_page_lists_the_problems_escaped() {
        let page = waiting(&shown(vec![broken_reference()]));
        assert!(page.contains("没有名为 `&lt;b&gt;` 的组织"), "{page}");
        assert!(page.contains("content/a.md:2:17"), "{page}");
        assert!(page.contains("是不是 `fulian`？"), "{page}");
        assert!(page.contains("</body>"), "{page}");
        assert!(!page.contains("<b>"), "{page}");
    }

    #[test]
    fn the_waiting_page_says_how_many_problems_it_leaves_out() {
        let page = waiting(&shown(vec![broken_reference(); MOST + 3]));
        assert_eq!(page.matches("<li ").count(), MOST);
        assert!(page.contains("还有 3 个"), "{page}");
    }

    #[test]
    fn pages_have_no_inline_script_or_style() {
        let shown = shown(vec![broken_reference()]);
        for page in [waiting(&shown), text_of(&shown, "")] {
            assert!(!page.contains("style="), "{page}");
            assert!(!page.contains("<style"), "{page}");
            assert!(!page.contains("<script>"), "{page}");
        }
    }

    #[test]
    fn the_status_is_told_with_what_links_need() {
        let told: serde_json::Value =
            serde_json::from_str(&text_of(&shown(Vec::new()), "status.json")).unwrap();
        assert_eq!(told["build"], 7);
        assert_eq!(told["base"], "/qt/");
        assert_eq!(told["root"], "/网站");
        assert_eq!(told["lang"], "zh-CN");
        assert_eq!(told["site_map"], serde_json::json!([]));
    }
}
