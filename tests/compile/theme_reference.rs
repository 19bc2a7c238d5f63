//! `themes/README.md` is made from the view types and the kinds of entries, so that it cannot drift.
//!
//! `UPDATE=1` rewrites it.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the test reads the program's own source"
)]

mod archive;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use archive::{difference, updating};
use yugang::model::Kind;
use yugang::model::form::{FieldForm, Form};
use yugang::model::kinds::{Common, Data};
use yugang::model::value::Record;

const INTRODUCTION: &str = "\
# Themes

A theme is a folder `themes/NAME/`; `theme: NAME` in `site.yaml` chooses it.

| in the folder | holds |
|---|---|
| `theme.yaml` | its `title`, and the `lists` that templates want beyond their page's own |
| `templates/` | one Tera 2 template for each sort of page, and what they share |
| `assets/` | style sheets and scripts, published under fingerprinted names |
| `static/` | files published as they are; those of the site's own `static/` win |
| `i18n/zh-CN.yaml` | the words of the interface |

A site's own `templates/` take the place of the theme's, file by file. Such a template extends the
one it replaces by its full name, and changes a block of it. So every report gets a QR code of its
address with this file, `templates/report.html`:

```
{% extends \"themes/harbor/report.html\" %}
{% block main %}{{ super() }}
<p>{{ qr(text=page.canonical, label=\"本页网址的二维码\") }}</p>{% endblock %}
```

A whole theme can be small: `themes/plain/` is complete, has no classes and no script, and is meant to be
copied (`theme: plain` in `site.yaml` shows it). Its templates for the kinds all extend one `entry.html`.

Templates are pure: they see what is listed here and nothing else. A list that a template wants is
declared in `theme.yaml` and arrives as `lists.NAME`:

```
lists:
  - {template: home, name: reports, kind: report, limit: 6, order: newest}
```

What is the same on many pages is rendered once:

* A template `shared-NAME.html` sees `site` and nothing of any page; every page inserts what it makes as
  `{{ shared.NAME }}` (letters, digits and `_` in the name), as it is: it can be asked whether there is anything,
  but filters would see only what stands for it. So are harbor's header and footer.
* A template `item-KIND.html`, such as `item-report.html`, sees the card of an entry of that kind as
  `item`, and `site`; wherever a page has such a card, `{{ item.html }}` inserts what it makes.

Nothing generated may have a `style` attribute or an inline script, so that a strict
Content-Security-Policy holds. Values marked by `sample` must show a badge.

This page is made from the program's types (`UPDATE=1 cargo test --test theme_reference`).

## Functions

Beside those of Tera:

| call | gives |
|---|---|
| `t(key=\"list.older\")` | a word of the interface. A key that `i18n/zh-CN.yaml` lacks is an error before anything is rendered; of `t(key=\"field.\" ~ key)` the beginning is looked up |
| `asset(path=\"main.css\")` | the URL of an asset |
| `integrity(path=\"main.css\")` | the digest of a style sheet or script, for `integrity=\"…\"` |
| `qr(text=page.canonical, label=\"…\")` | a QR code as inline `<svg class=\"qr\">`, black on white, without a size of its own; `label` is for screen readers, without one the picture is hidden from them |

## Words

All words that readers see are in `i18n/zh-CN.yaml`; nested keys are joined by a full stop. The preview
lists those that no template uses. Scripts get their words from `data-` attributes of the page.

## Assets

Files in `assets/` are published in `/assets/` with a fingerprint of their content in their names.

* A file whose name begins with `_` is a part: published only inside of what imports it. A part that
  nothing imports is a warning.
* Style sheets import parts by `@import \"_tokens.css\";`, with a media query if need be. Each part comes
  once, where it is imported first. `url(img/arrow.svg)` names a file relative to the one it is
  written in. Everything is minified, with prefixes and fallbacks for Chromium 80, Firefox 78 and Safari
  13; nesting and `inset` may be used.
* Scripts import parts by `import \"./_menu.js\";` and `import { day, week as w } from \"./_dates.js\";`.
  Parts export by `export function`, `export const` and `export class` at their top level, and keep
  other names to themselves. The result has no imports; load it by `<script type=\"module\">`. Comments and
  white space go, names stay; syntax is not rewritten, so what those browsers cannot read (`?.`, `??`,
  `#private`, lookbehind) is an error.
* Files named `….min.css` and `….min.js` are published as they are.

Pages only exchange URLs and digests when an asset changes, and open pages of the preview their style
sheets.

## Content-Security-Policy

A theme sets its policy in a `<meta>`. The strictest that a site can have, and that the preview keeps
to:

```
default-src 'none'; base-uri 'none'; form-action 'self'; connect-src 'self'; font-src 'self';
img-src 'self' data:; manifest-src 'self'; media-src 'self'; script-src 'self'; style-src 'self'
```

Markdown cannot break it: images of other sites are errors, frames, videos and styles are removed with
a warning.

## Search

With a template `search.html` a site has a search page and an index (`site.search`, `index`); what reads the
index is the theme's own script. That of harbor shows what it has found in `<main>` of the pages themselves. What
there is not the entry's own text (labels, names of other entries, what is worked out) is marked by
`data-search=\"no\"`; in `class=\"body\"` everything counts.

## Templates

| template | page | variables beside `page`, `site`, `breadcrumbs`, `lists` |
|---|---|---|
| `home.html` | the home page | – |
| `404.html` | shown for URLs that do not exist | – |
| `list.html` | a page of a list | `list` |
| `list-KIND.html` | a page of a list of that kind, such as `list-station.html`, instead of `list.html` | `list` |
| `calendar.html`, `month.html`, `site-map.html`, `data.html`, `search.html` | the calendar, one of its months, the site map, the page about open data, the search page; without the template there is no such page, without `data.html` no open data and without `search.html` no search index | what is said of them below |
| `term.html` | a topic, campaign, sector, service area or community | those of an entry |
";

/// The source files of the view types, with the types to document in reading order.
const VIEWS: &[(&str, &[&str])] = &[
    ("src/view/mod.rs", &["View", "Crumb"]),
    ("src/view/meta.rs", &["PageMeta"]),
    (
        "src/view/site.rs",
        &["SiteView", "NavigationView", "ChannelView", "CadenceView"],
    ),
    ("src/view/entry.rs", &["EntryView", "TocItem", "Related"]),
    ("src/view/list.rs", &["ListView", "YearLink"]),
    (
        "src/view/collections/reports.rs",
        &["ReportsView", "Period", "MonthLink", "Ways", "Way"],
    ),
    (
        "src/view/collections/disclosure.rs",
        &[
            "TableView",
            "Row",
            "DocumentRow",
            "ResponseRow",
            "VisitRow",
            "FundsRow",
        ],
    ),
    ("src/view/entries/report.rs", &["ReportView"]),
    ("src/view/entries/document.rs", &["DocumentView"]),
    ("src/view/entries/response.rs", &["ResponseView"]),
    ("src/view/entries/visit.rs", &["VisitView", "MatterView"]),
    (
        "src/view/entries/funds.rs",
        &["FundsView", "FundsItem", "Amount"],
    ),
    ("src/view/entries/assessment.rs", &["AssessmentView"]),
    ("src/view/share.rs", &["Share"]),
    (
        "src/view/pages/site_map.rs",
        &["SiteMapView", "MapSection", "MapYear"],
    ),
    ("src/view/card.rs", &["Card", "MomentView", "ImageView"]),
    ("src/view/reach.rs", &["ReachView"]),
    (
        "src/view/collections/organizations/mod.rs",
        &["OrganizationsView", "OrganizationGroup"],
    ),
    ("src/view/collections/organizations/tree.rs", &["TreeStep"]),
    (
        "src/view/collections/organizations/coverage.rs",
        &["CoverageView", "CoverageRow", "CoverageCell"],
    ),
    (
        "src/view/collections/persons.rs",
        &["PersonsView", "PersonItem"],
    ),
    (
        "src/view/collections/projects.rs",
        &["ProjectsView", "ProjectItem"],
    ),
    (
        "src/view/collections/terms.rs",
        &["TermsView", "TermItem", "TermCount"],
    ),
    (
        "src/view/entries/organization/mod.rs",
        &["OrganizationView"],
    ),
    (
        "src/view/entries/organization/posts.rs",
        &["Posts", "PostView", "PostHolders", "HolderView"],
    ),
    (
        "src/view/entries/organization/turns.rs",
        &["YearTurns", "OrganizationTurn"],
    ),
    ("src/view/entries/project/mod.rs", &["ProjectView"]),
    (
        "src/view/entries/project/timeline.rs",
        &["Timeline", "TimelineYear", "TimelineItem"],
    ),
    (
        "src/view/entries/project/indicators.rs",
        &["Indicators", "IndicatorView"],
    ),
    ("src/view/entries/term.rs", &["TermView"]),
    (
        "src/view/pages/data.rs",
        &[
            "DataView",
            "SubscriptionView",
            "DataFileView",
            "DataKindView",
            "DataFieldView",
        ],
    ),
    (
        "src/view/directions.rs",
        &["Directions", "MapLinks", "PlaceView"],
    ),
    (
        "src/view/collections/stations.rs",
        &[
            "StationsView",
            "StationGroup",
            "StationItem",
            "CommunityChoice",
            "ServiceChoice",
        ],
    ),
    (
        "src/view/entries/station/mod.rs",
        &["StationView", "StationEvent"],
    ),
    (
        "src/view/entries/station/schedule.rs",
        &[
            "Schedule",
            "ScheduleDay",
            "RoomPlan",
            "TimeBlock",
            "UseTime",
            "DayPlan",
        ],
    ),
    ("src/view/hours.rs", &["HoursRow", "Stretch"]),
    (
        "src/view/pages/home.rs",
        &["HomeView", "RotaYear", "Figures"],
    ),
    (
        "src/view/agenda.rs",
        &["UpcomingView", "TimeView", "SignupView", "ComingView"],
    ),
    (
        "src/view/pages/calendar.rs",
        &["CalendarView", "CalendarYear", "MonthLink"],
    ),
    (
        "src/view/pages/month.rs",
        &["MonthView", "GridDay", "MonthDay", "Happening"],
    ),
    ("src/view/pages/search.rs", &["SearchView", "SearchKind"]),
    ("src/view/collections/events.rs", &["EventsView"]),
    ("src/view/entries/event.rs", &["EventView", "EventPlace"]),
    ("src/view/collections/rotas.rs", &["RotasView"]),
    (
        "src/view/entries/rota.rs",
        &["RotaView", "TurnView", "TaskView"],
    ),
    (
        "src/view/collections/meetings.rs",
        &[
            "MeetingsView",
            "MeetingYear",
            "MeetingColumn",
            "MeetingRow",
            "MeetingCell",
        ],
    ),
];

fn root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_reference_of_themes_is_up_to_date() {
    let mut page = String::from(INTRODUCTION);
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_vocabulary()) {
        let (name, label) = (kind.name(), kind.label());
        writeln!(page, "| `{name}.html` | {} | those of an entry |", label.zh).unwrap();
    }
    page += &components();
    page += "\n## Variables\n";
    for (file, types) in VIEWS {
        let source = fs::read_to_string(root(file)).unwrap();
        for name in *types {
            page += &view_type(&source, name);
        }
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
    let path = root("themes/README.md");
    if updating() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
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

/// The table of a struct's public fields, read from its source as rustfmt writes it.
fn view_type(source: &str, name: &str) -> String {
    let lines: Vec<&str> = source.lines().collect();
    let head = |line: &&str| {
        let rest = line
            .strip_prefix("pub struct ")
            .and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with([' ', '<']))
    };
    let start = lines
        .iter()
        .position(head)
        .unwrap_or_else(|| panic!("no struct {name}"));
    let before = lines[..start]
        .iter()
        .rev()
        .skip_while(|line| line.starts_with("#["));
    let doc: Vec<&str> = before.map_while(|line| line.strip_prefix("/// ")).collect();
    let doc: Vec<&str> = doc.into_iter().rev().collect();
    let mut table = format!(
        "\n### {name}\n\n{}\n\n| variable | holds | meaning |\n|---|---|---|\n",
        doc.join(" ")
    );
    let mut meaning = String::new();
    let mut flat = false;
    for line in lines[start + 1..].iter().map(|line| line.trim()) {
        if let Some(doc) = line.strip_prefix("/// ") {
            meaning = format!("{meaning} {doc}").trim().to_owned();
        } else if line.contains("serde(flatten)") {
            flat = true;
        } else if let Some(field) = line.strip_prefix("pub ") {
            let (field, holds) = field.trim_end_matches(',').split_once(": ").unwrap();
            if !flat {
                writeln!(table, "| `{field}` | {} | {meaning} |", words(holds)).unwrap();
            }
            (meaning, flat) = (String::new(), false);
        } else if line == "}" {
            break;
        }
    }
    table
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
