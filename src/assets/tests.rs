//! What becomes of a theme's assets.

use super::*;
use crate::diag::{SourcePath, SourceText};
use crate::model::snapshot::{InputFile, Snapshot};

fn assets(url: &str) -> Assets {
    let mut assets = Assets::default();
    let published = Published {
        url: url.into(),
        integrity: Some(integrity(url.as_bytes()).into()),
    };
    assets.published.insert("main.css".into(), published);
    assets
}

fn page(assets: &Assets) -> PageFile {
    let html = format!(
        "<link href=\"{}\" integrity=\"{}\">",
        token("main.css"),
        integrity_token("main.css")
    );
    let shared = assets.dress(&[html.into_bytes().into()]);
    let html = format!("<p>{}{}", shared_token(0), token("main.css"));
    PageFile {
        html: assets.substitute(html.as_bytes(), &shared).unwrap(),
        source: None,
    }
}

fn html_of(page: &PageFile) -> String {
    String::from_utf8(page.html.bytes().into_owned()).unwrap()
}

#[test]
fn tokens_become_urls_digests_and_shared_parts() {
    let text = html_of(&page(&assets("/assets/main.1.css")));
    assert!(text.starts_with("<p><link href=\"/assets/main.1.css\" integrity=\"sha384-"));
    assert!(text.ends_with("\">/assets/main.1.css"));
}

#[test]
fn a_page_with_other_assets_is_the_page_made_with_them() {
    let (old, new) = (assets("/assets/main.1.css"), assets("/assets/main.22.css"));
    let html = format!(
        "<link href=\"{}\" integrity=\"{}\">",
        token("main.css"),
        integrity_token("main.css")
    );
    let shared = new.dress(&[html.into_bytes().into()]);
    let redressed = new.redress(&page(&old), &shared);
    assert_eq!(redressed, Ok(page(&new)));
    assert_ne!(html_of(&page(&old)), html_of(&page(&new)));
    assert!(!old.is_same(&new));
}

#[test]
fn what_is_unknown_is_named() {
    let assets = assets("/a");
    let lack = assets.substitute(token("no.css").as_bytes(), &[]);
    let path = String::from("no.css");
    assert_eq!(
        lack,
        Err(Misuse::Asset {
            path,
            fact: AssetFact::Url
        })
    );
    let shared = assets.dress(&[token("no.css").into_bytes().into()]);
    let page = assets.substitute(shared_token(0).as_bytes(), &shared);
    assert_eq!(page, lack, "also where a shared part wants it");
    let whole = shared_token(0);
    let changed = [
        whole[..6].to_owned(),
        whole.to_uppercase(),
        whole.to_lowercase(),
        whole.replace('H', "h"),
        whole.chars().rev().collect(),
        whole[..3].to_owned() + "…</p>\n<p>" + &whole,
        shared_token(9),
        String::from("\u{FDD1}main"),
    ];
    for changed in &changed {
        let page = assets.substitute(changed.as_bytes(), &shared);
        assert_eq!(page, Err(Misuse::Changed), "{changed}");
    }
}

#[test]
fn an_integrity_is_that_of_the_standard() {
    // The example of the standard, https://www.w3.org/TR/SRI/#integrity-metadata
    assert_eq!(
        integrity(b"alert('Hello, world.');"),
        "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
    );
}

/// The theme with these files in `assets/`.
fn theme(files: &[(&str, &str)]) -> Theme {
    let snapshot = files.iter().map(|(path, text)| {
        let path = SourcePath::new(format!("themes/t/assets/{path}"));
        (path, InputFile::of_bytes(text.as_bytes().to_vec()))
    });
    let theme_file = (
        SourcePath::new("themes/t/theme.yaml"),
        InputFile::of_bytes(b"title: T".to_vec()),
    );
    let snapshot = Snapshot {
        files: snapshot.chain([theme_file]).collect(),
    };
    crate::theme::load(&snapshot, "t").value.unwrap()
}

fn addresses() -> Addresses {
    Addresses::new(
        "https://x.example/qt/",
        crate::model::config::Links::Directory,
    )
}

fn published(files: &[(&str, &str)]) -> Checked<Arc<Assets>> {
    Assets::publish(&theme(files), &addresses(), &mut Memo::default())
}

/// The published text of one asset of a theme without problems.
fn text(name: &str, files: &[(&str, &str)]) -> String {
    let published = published(files);
    assert_eq!(published.diagnostics, []);
    let url = &published.value.published[name].url;
    let out = OutPath::new(url.strip_prefix("/qt/").unwrap());
    String::from_utf8(published.value.files[&out].to_vec()).unwrap()
}

/// The problems of a theme, each with its place.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let diagnostics = published(files).diagnostics;
    let told = diagnostics.iter().map(|told| {
        let span = told.span.as_ref().unwrap();
        let place = &span.file.as_str()["themes/t/assets/".len()..];
        let (line, column) = (span.start.line, span.start.column);
        format!("{place}:{line}:{column} {}", told.message.en)
    });
    told.collect()
}

#[test]
fn parts_of_style_sheets_come_where_they_are_imported_once() {
    let css = text(
        "main.css",
        &[
            (
                "main.css",
                "@import \"_tokens.css\";\n@import url(parts/_b.css);\n@import '_print.css' print;\na { color: #ff0000 }",
            ),
            ("_tokens.css", ":root { --ink: #112233; }"),
            (
                "parts/_b.css",
                "@import '../_tokens.css';\nb { margin: 0px 0px }",
            ),
            ("_print.css", "/* paper */ i { display: none }"),
        ],
    );
    assert_eq!(
        css,
        ":root{--ink:#123}b{margin:0}@media print{i{display:none}}a{color:red}"
    );
}

#[test]
fn parts_are_not_published() {
    let published = published(&[("main.css", "@import '_a.css';"), ("_a.css", "a{b:c}")]);
    let paths: Vec<_> = published
        .value
        .urls()
        .map(|(path, _)| path.to_owned())
        .collect();
    assert_eq!(paths, ["main.css"]);
}

#[test]
fn style_sheets_are_written_for_the_oldest_browsers() {
    let css = text(
        "main.css",
        &[(
            "main.css",
            "a { & b { inset: 0; user-select: none; color: rgb(0 0 0 / 50%) } }",
        )],
    );
    assert!(css.starts_with("a b{"), "{css}");
    for part in ["top:0", "-webkit-user-select:none", "#00000080"] {
        assert!(css.contains(part), "{css}");
    }
}

#[test]
fn style_sheets_name_published_files() {
    let css = text(
        "css/main.css",
        &[
            (
                "css/main.css",
                "@import 'parts/_a.css'; b { background: url(#x) }",
            ),
            (
                "css/parts/_a.css",
                "a { background: url('../../img/a.svg?v#top'), url(data:,x) }",
            ),
            ("img/a.svg", "<svg/>"),
        ],
    );
    let name = paths::fingerprinted("img/a.svg", &Digest::of(b"<svg/>"));
    assert_eq!(
        css,
        format!(
            "a{{background:url(\"../{name}?v#top\"),url(\"data:,x\")}}b{{background:url(\"#x\")}}"
        )
    );
}

#[test]
fn what_is_wrong_with_style_sheets_is_told_at_its_place() {
    let found = problems(&[
        (
            "main.css",
            "@import '_a.css';\n@import '_nto.css';\n@import 'https://x.example/a.css';\na { background: url(/x.svg), url(b.svg) }\n",
        ),
        ("_a.css", "@import '_b.css';\n"),
        ("_b.css", "@import '_a.css';\n"),
        ("_not.css", "a {}"),
        (
            "_broken.css",
            "a { color red; }\nb { width: 1px }\n@medai x { }\n.. { }\n",
        ),
        ("_open.css", "a { b: c }\nb { c: d\n"),
    ]);
    assert_eq!(
        found,
        [
            "_b.css:1:10 files import each other: _a.css → _b.css → _a.css",
            "_broken.css:1:10 error in a style sheet: this word or sign does not belong here",
            "_broken.css:3:7 error in a style sheet: there is no rule `@medai`",
            "_broken.css:4:2 error in a style sheet: Expected identifier in class selector, got Delim('.')",
            "_open.css:2:3 error in a style sheet: this `{` has no `}`",
            "main.css:2:10 there is no asset `themes/t/assets/_nto.css`",
            "main.css:3:10 `https://x.example/a.css` cannot be imported",
            "main.css:4:21 a style sheet cannot use `/x.svg`, which is elsewhere",
            "main.css:4:34 there is no asset `themes/t/assets/b.svg`",
        ]
    );
}

#[test]
fn style_sheets_that_explode_are_refused() {
    let deep = |open: &str, close: &str, times: usize| open.repeat(times) + &close.repeat(times);
    for css in [
        deep("a{", "}", 50_000),
        format!("a{{width:{}}}", deep("calc(", ")", 50_000)),
        format!("{}{{b:c}}", deep(":not(", ")", 50_000)),
        format!("@media {}{{a{{b:c}}}}", deep("(", ")", 50_000)),
        deep(".a,.b{", "}", 29),
    ] {
        let found = problems(&[("main.css", &css)]);
        assert!(found[0].contains("nested too deep"), "{found:?}");
    }
    text("main.css", &[("main.css", &deep("a{", "}", 30))]);
}

#[test]
fn parts_of_scripts_keep_their_names_to_themselves() {
    let js = text(
        "main.js",
        &[
            (
                "main.js",
                "import \"./_menu.js\";\nimport { day as d, now } from \"./lib/_dates.js\";\n\nd(now);\n",
            ),
            (
                "_menu.js",
                "import { day } from './lib/_dates.js';\nconst open = day(1);\n",
            ),
            (
                "lib/_dates.js",
                "// Dates.\nexport const now = 1;\nexport function day(n) {\n  return n;\n}\nexport class A {}\n",
            ),
        ],
    );
    assert_eq!(
        js,
        "const $0=(()=>{const now = 1;\nfunction day(n) {\nreturn n;\n}\nclass A {}\nreturn{now,day,A}})();\n\
         const $1=(()=>{const day=$0.day;const open = day(1);\nreturn{}})();\n\
         const d=$0.day;const now=$0.now;d(now);\n"
    );
}

#[test]
fn what_is_wrong_with_scripts_is_told_at_its_place() {
    let found = problems(&[
        (
            "main.js",
            "import { dya } from \"./_a.js\";\nimport x from \"./_a.js\";\nimport * as y from './_a.js';\nif (1) import('./_a.js');\nexport default 1;\nimport './_no.js';\nimport '_a.js';\n",
        ),
        ("_a.js", "export const day = 1;\n"),
        ("other.js", "let a = b?.c ?? 1;\nlet c = '\n';\n"),
        (
            "new.js",
            "a?.b;\nc ?? d;\n/(?<=a)b/;\nx ? .5 : 1;\nx.#y;\nawait x;\n",
        ),
        ("open.js", "function a() {\n  b(`${c`);\n"),
    ]);
    let old =
        "error in a script: older phones cannot read this (Safari 13, Chromium 80, Firefox 78)";
    assert_eq!(
        found,
        [
            "main.js:1:10 error in a script: `_a.js` does not export `dya`",
            "main.js:2:1 error in a script: this form of `import` is not supported",
            "main.js:3:1 error in a script: this form of `import` is not supported",
            "main.js:4:8 error in a script: this form of `import` is not supported",
            "main.js:5:1 error in a script: this form of `export` is not supported",
            "main.js:6:9 there is no asset `themes/t/assets/_no.js`",
            "main.js:7:9 `_a.js` cannot be imported",
            &format!("new.js:1:2 {old}"),
            &format!("new.js:2:3 {old}"),
            &format!("new.js:3:1 {old}"),
            &format!("new.js:5:3 {old}"),
            "new.js:6:1 error in a script: `await` must be inside an async function",
            "open.js:2:9 error in a script: this ``` has no counterpart",
            &format!("other.js:1:10 {old}"),
            &format!("other.js:1:14 {old}"),
            "other.js:2:9 error in a script: this `'` has no counterpart",
        ]
    );
}

#[test]
fn scripts_stay_as_written_but_for_comments_and_indentation() {
    for (script, published) in [
        ("a = b / c / d; // x\n\n  // y\n", "a = b / c / d;\n"),
        ("/**\n * A.\n */\n  a();\n\tb();", "\na();\nb();"),
        ("a /* b */ + /* c */ d", "a + d"),
        ("return/* a\n */b", "return\nb"),
        ("/*! MIT */\n  a /* b\n */ c", "/*! MIT */\na\nc"),
        (
            "x = `<p>\n  // y\n  import \"z\"\n${ a /* b */ }\n/* c`;",
            "x = `<p>\n  // y\n  import \"z\"\n${ a }\n/* c`;",
        ),
        (
            "a = /[/\"]'/g.test(`x${ `y}` + '}' } /* z */`)",
            "a = /[/\"]'/g.test(`x${ `y}` + '}' } /* z */`)",
        ),
        ("if (a) /[//*]/.test(c)", "if (a) /[//*]/.test(c)"),
        ("(a) / b // c", "(a) / b "),
        ("a[1] / b // '", "a[1] / b "),
        ("return\n  /'/", "return\n/'/"),
        ("x = a++ / 2 / b // '", "x = a++ / 2 / b "),
        ("a.of / 2 / b // '", "a.of / 2 / b "),
        ("1.5e-3 / 2 ? .5 : 0x1e // '", "1.5e-3 / 2 ? .5 : 0x1e "),
        ("a?.5:1", "a?.5:1"),
        ("[.../'/.exec(a)] // b", "[.../'/.exec(a)] "),
        ("a = async () =>\n  await b()", "a = async () =>\nawait b()"),
        ("export async function* a() {}", "async function* a() {}"),
        ("名 = \"字 // 不是注释\";", "名 = \"字 // 不是注释\";"),
        ("for (a of /'/g) b", "for (a of /'/g) b"),
        ("a = \"b\\\n// c\";", "a = \"b\\\n// c\";"),
        ("a\u{2028}b // c\u{2028}d", "a\nb\nd"),
    ] {
        let source = SourceText::new(SourcePath::new("a.js"), script);
        let made = script::compile(&source);
        assert_eq!(made.diagnostics, []);
        assert_eq!(made.value.unwrap().text, published, "{script}");
    }
}

#[test]
fn only_what_has_changed_is_compiled_again() {
    let mut memo = Memo::default();
    let mut publish = |css| {
        let theme = theme(&[("a.css", css), ("b.js", "b()")]);
        Assets::publish(&theme, &addresses(), &mut memo).value
    };
    let first = publish("a{b:c}");
    assert!(Arc::ptr_eq(&first, &publish("a{b:c}")));
    let changed = publish("a{b:d}");
    let url = |assets: &Assets, path: &str| assets.published[path].url.clone();
    assert_ne!(url(&first, "a.css"), url(&changed, "a.css"));
    assert_eq!(url(&first, "b.js"), url(&changed, "b.js"));
}

proptest::proptest! {
    #[test]
    fn whatever_the_files_hold_there_is_no_panic(
        css in "([a-z@{}();:,.#&>*/\\\\\"' \n]|@import|@media|url\\(|<!--|漢|0e9){0,40}",
        js in "([a-z{}();:,.$`?/\\\\\"' \n\\[\\]]|import|export|from|\\$\\{|漢|0e9){0,40}",
    ) {
        published(&[("main.css", &css), ("main.js", &js)]);
    }
}
