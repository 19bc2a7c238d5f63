//! `themes/README.md` is made from the view types and the kinds of entries, so that it cannot drift.
//!
//! `UPDATE=1` rewrites it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::archive::{difference, updating};
use yugang::model::Kind;
use yugang::model::form::{FieldForm, Form};
use yugang::model::kinds::{Common, Data};
use yugang::model::value::Record;

/// The last line of the page that is written by hand; what follows it is made.
const LAST_WRITTEN: &str =
    "| `term.html` | a topic, campaign, sector, service area or community | those of an entry |\n";

/// The source files of the view types below `src/view/`, in reading order.
const VIEWS: &str = "
    mod meta site entry list collections/reports collections/disclosure entries/report entries/document
    entries/response entries/visit entries/funds entries/assessment share pages/site_map card reach
    collections/organizations/mod collections/organizations/tree collections/organizations/coverage
    collections/persons collections/projects collections/terms entries/organization/mod
    entries/organization/posts entries/organization/turns entries/project/mod entries/project/timeline
    entries/project/indicators entries/term pages/data directions collections/stations entries/station/mod
    entries/station/schedule hours pages/home agenda pages/calendar pages/month pages/search collections/events
    entries/event collections/rotas entries/rota collections/meetings
";

fn root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_reference_of_themes_is_up_to_date() {
    let path = root("themes/README.md");
    let written = fs::read_to_string(&path).unwrap();
    let end = written.find(LAST_WRITTEN).unwrap() + LAST_WRITTEN.len();
    let mut page = written[..end].to_owned();
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_vocabulary()) {
        let (name, label) = (kind.name(), kind.label());
        writeln!(page, "| `{name}.html` | {} | those of an entry |", label.zh).unwrap();
    }
    page += &components();
    page += "\n## Variables\n";
    for file in VIEWS.split_whitespace() {
        let source = fs::read_to_string(root(&format!("src/view/{file}.rs"))).unwrap();
        page += &view_types(&source);
    }
    page += "\n## Keys of `entry`\n\nThe same names as in its file. A key without a value is `none`, \
             a list without items is empty; a reference is a `Card`, or left out where its entry is \
             not public.\n";
    page += &keys("every entry", &Common::fields());
    for kind in Kind::ALL {
        let fields = Data::fields(kind);
        if !fields.is_empty() {
            page += &keys(&format!("`{}`, {}", kind.name(), kind.label().zh), &fields);
        }
    }
    if updating() {
        fs::write(&path, &page).unwrap();
        return;
    }
    assert!(
        written == page,
        "themes/README.md is out of date (UPDATE=1 rewrites it):\n{}",
        difference(&written, &page)
    );
}

/// The table of harbor's components, read from its templates.
fn components() -> String {
    let table = String::from(
        "\n## Components of harbor\n\nTemplates that extend harbor's call them as `{{ <link item={card} /> }}`, \
         those with content as `{% <fact entry={entry} key=\"date\"> %}…{% </fact> %}`.\n\n\
         | component | arguments | content |\n|---|---|---|\n",
    );
    let files = walkdir::WalkDir::new(root("themes/harbor/templates")).sort_by_file_name();
    let mut rows = Vec::new();
    for entry in files.into_iter().map(|entry| entry.unwrap()) {
        if !entry.file_type().is_file() {
            continue;
        }
        let text = fs::read_to_string(entry.path()).unwrap();
        for declared in text.split("{% component ").skip(1) {
            let (name, rest) = declared.split_once('(').unwrap();
            let (arguments, rest) = rest.split_once(')').unwrap();
            let end = rest.find("{% endcomponent").unwrap();
            let content = if rest[..end].contains("{{ body") {
                "yes"
            } else {
                ""
            };
            let arguments: Vec<String> = arguments
                .split(", ")
                .filter(|argument| !argument.is_empty())
                .map(|argument| format!("`{argument}`"))
                .collect();
            rows.push(format!(
                "| `{name}` | {} | {content} |\n",
                arguments.join(", ")
            ));
        }
    }
    rows.sort();
    table + &rows.concat()
}

/// The tables of the public fields of what is serialised, read from its source as rustfmt writes it.
fn view_types(source: &str) -> String {
    let mut tables = String::new();
    let (mut doc, mut is_view, mut is_flat) = (String::new(), false, false);
    for line in source.lines() {
        let line = if is_view { line.trim_start() } else { line };
        if let Some(more) = line.strip_prefix("/// ") {
            doc = format!("{doc} {more}");
        } else if line.starts_with("#[derive") {
            is_view = line.contains("Serialize");
        } else if line.contains("serde(flatten)") {
            is_flat = true;
        } else if let (true, Some(rest)) = (is_view, line.strip_prefix("pub struct ")) {
            let name = rest.split([' ', '<']).next().unwrap();
            let head = "| variable | holds | meaning |\n|---|---|---|";
            writeln!(tables, "\n### {name}\n\n{}\n\n{head}", doc.trim()).unwrap();
            doc.clear();
        } else if line.starts_with("pub enum ") {
            // Which of its variants a page has, its template says.
            (is_view, doc) = (false, String::new());
        } else if let (true, Some(field)) = (is_view, line.strip_prefix("pub ")) {
            let (field, holds) = field.trim_end_matches(',').split_once(": ").unwrap();
            if !is_flat {
                writeln!(tables, "| `{field}` | {} |{doc} |", words(holds)).unwrap();
            }
            doc.clear();
            is_flat = false;
        } else if !line.starts_with("#[") {
            doc.clear();
            is_view &= line != "}";
        }
    }
    tables
}

/// A Rust type in the words of a template author.
fn words(rust: &str) -> String {
    let rust = rust
        .replace("&'static ", "")
        .replace("&'a ", "")
        .replace("'a, ", "")
        .replace("<'a>", "");
    let inside = |outer: &str| {
        rust.strip_prefix(outer)
            .and_then(|rest| rest.strip_suffix('>'))
            .map(str::to_owned)
    };
    if let Some(inner) = inside("Option<") {
        return format!("{}, or `none`", words(&inner));
    }
    if let Some(inner) = inside("Vec<") {
        return format!("list of {}", words(&inner));
    }
    if let Some(inner) = inside("Prepared<")
        .or(inside("Cow<"))
        .or(inside("std::borrow::Cow<"))
    {
        return words(&inner);
    }
    if let Some(inner) = inside("BTreeMap<") {
        let (_, value) = inner.split_once(", ").unwrap();
        return format!("mapping of names to {}", words(value));
    }
    match rust.as_str() {
        "String" | "str" | "BodyHtml" => String::from("text"),
        "bool" => String::from("`true` or `false`"),
        "u8" | "u32" | "u64" | "i16" | "usize" | "f64" => String::from("number"),
        "Fields" => String::from("the entry's keys, see below"),
        other => format!("`{other}`"),
    }
}

fn keys(whose: &str, fields: &[FieldForm]) -> String {
    let mut table = format!("\n### {whose}\n\n| key | holds | meaning |\n|---|---|---|\n");
    rows(&mut table, "", fields);
    table
}

fn rows(table: &mut String, prefix: &str, fields: &[FieldForm]) {
    for field in fields {
        let name = format!("{prefix}{}", field.name);
        let (label, meaning) = field.doc.trim().split_once('。').unwrap();
        writeln!(
            table,
            "| `{name}` | {} | {label}: {meaning} |",
            shown(&field.form)
        )
        .unwrap();
        let (mut form, mut below) = (&field.form, format!("{name}."));
        while let Form::List(item) = form {
            (form, below) = (item, format!("{name}[]."));
        }
        if let Form::Record(fields) = form {
            rows(table, &below, &fields());
        }
    }
}

/// What a template sees of a value of this form.
fn shown(form: &Form) -> String {
    match form {
        Form::Text | Form::WebAddress => String::from("text"),
        Form::Boolean => String::from("`true` or `false`"),
        Form::Integer | Form::Number | Form::Month => String::from("number"),
        Form::Money => String::from("`{text, yuan}`"),
        Form::Date | Form::Moment => String::from("`MomentView`"),
        Form::Seats => String::from("`{text, min, max}`"),
        Form::WeeklySlot => String::from("`{text, days, times}`, each time `{from, to}`"),
        Form::File => String::from("`ImageView` with `name`"),
        Form::Sample => String::from("`true`, `false`, or list of keys"),
        Form::Choice(_) => String::from("`{key, label}`"),
        Form::Reference(_) => String::from("`Card`"),
        Form::List(item) => format!("list of {}", shown(item)),
        Form::Record(_) => String::from("mapping"),
        Form::Free => String::from("whatever the file says"),
    }
}
