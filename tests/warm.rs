//! After any edit a warm build equals a cold build byte for byte, diagnostics included.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the test reads the theme of this repository"
)]

mod edits;
mod folder;

use edits::{Edits, Rng};
use yugang::compile::{Memo, Options, compile};
use yugang::diag::SourcePath;
use yugang::model::snapshot::{InputFile, Snapshot};
use yugang::model::tree::OutputTree;

/// What differs, without printing whole sites.
fn difference(warm: &OutputTree, cold: &OutputTree) -> Vec<String> {
    let all = warm.keys().chain(cold.keys());
    let differing = all.filter(|path| warm.get(path) != cold.get(path));
    differing.map(ToString::to_string).take(10).collect()
}

fn check(snapshot: &Snapshot, options: &Options, memo: &mut Memo, history: &[String]) -> bool {
    let warm = compile(snapshot, options, memo);
    let cold = compile(snapshot, options, &mut Memo::default());
    let last = &history[history.len().saturating_sub(6)..];
    assert_eq!(warm.diagnostics, cold.diagnostics, "{last:#?}");
    let differing = difference(&warm.value, &cold.value);
    assert!(differing.is_empty(), "{differing:#?} after {last:#?}");
    !warm.has_errors()
}

/// Random edits over a site of `size` entries; returns after how many of them it had no errors.
fn walk(size: usize, steps: usize, seed: u64) -> usize {
    let mut edits = Edits::new(size, Rng::new(seed));
    let mut memo = Memo::default();
    let mut history = vec![format!("seed {seed}")];
    let mut good = 0;
    check(&edits.snapshot(), &edits.options(), &mut memo, &history);
    for _ in 0..steps {
        history.push(edits.step());
        let is_good = check(&edits.snapshot(), &edits.options(), &mut memo, &history);
        good += usize::from(is_good);
    }
    good
}

#[test]
fn two_thousand_edits_of_sixty_entries() {
    let good: usize = (0..8).map(|seed| walk(60, 260, seed)).sum();
    // A good part of the way the site is one that would be published.
    assert!(good > 300, "{good}");
}

#[test]
fn forty_edits_of_a_thousand_entries() {
    walk(1_000, 40, 99);
}

/// Compiles the site before and after a change of one file, warm and cold.
fn check_change(path: &str, before: &str, after: &str, others: &[(&str, &str)]) {
    let mut snapshot = Edits::new(0, Rng::new(1)).snapshot();
    let options = Edits::new(0, Rng::new(1)).options();
    let put = |path: &str, text: &str, snapshot: &mut Snapshot| {
        let file = InputFile::of_bytes(text.as_bytes().to_vec());
        snapshot.files.insert(SourcePath::new(path), file);
    };
    for (path, text) in others {
        put(path, text, &mut snapshot);
    }
    put(path, before, &mut snapshot);
    let mut memo = Memo::default();
    let history = [format!("{path}:\n{after}")];
    check(&snapshot, &options, &mut memo, &history);
    put(path, after, &mut snapshot);
    check(&snapshot, &options, &mut memo, &history);
}

#[test]
fn a_heading_that_another_entry_links_to_is_no_mere_text() {
    check_change(
        "content/pages/a.md",
        "---\ntitle: 甲\n---\n## 一\n",
        "---\ntitle: 甲\n---\n## 二\n",
        &[("content/pages/b.md", "---\ntitle: 乙\n---\n[处](a.md#一)\n")],
    );
}

#[test]
fn a_title_that_a_redirect_shows_is_no_mere_text() {
    check_change(
        "content/pages/a.md",
        "---\ntitle: 甲\naliases: [/old/]\n---\n",
        "---\ntitle: 乙\naliases: [/old/]\n---\n",
        &[],
    );
}

/// What pages show does not tell synonyms, so the linked site is looked at.
#[test]
fn changed_synonyms_are_known_to_the_linked_site() {
    let options = Edits::new(0, Rng::new(1)).options();
    let mut snapshot = Edits::new(3, Rng::new(1)).snapshot();
    let mut memo = Memo::default();
    let topics = "topics: [{id: shui, title: 水}]";
    for words in ["[妇联, 妇女联合会]", "[妇联, 女工委]", "[工会, 总工会]"] {
        let text = format!("{topics}\nsynonyms: [{words}]\n");
        let file = InputFile::of_bytes(text.into_bytes());
        let path = SourcePath::new("content/vocabulary.yaml");
        snapshot.files.insert(path, file);
        check(&snapshot, &options, &mut memo, &[]);
        let known = &memo.linked().unwrap().site.synonyms;
        assert_eq!(format!("[{}]", known[0].join(", ")), words);
    }
}

#[test]
fn a_vocabulary_that_is_published_as_a_file_is_no_mere_text() {
    check_change(
        "content/vocabulary.yaml",
        "topics: [{id: shui, title: 水}]\n",
        "topics: [{id: shui, title: 水, description: 水}]\n",
        &[(
            "content/pages/b.md",
            "---\ntitle: 乙\n---\n[词表](../vocabulary.yaml)\n",
        )],
    );
}

/// Compiles a site after each of some changes: a path and its content, or nothing to remove it.
fn check_changes(changes: &[(&str, Option<&str>)]) {
    let mut snapshot = Edits::new(0, Rng::new(1)).snapshot();
    let options = Edits::new(0, Rng::new(1)).options();
    let mut memo = Memo::default();
    for (path, text) in changes {
        let path = SourcePath::new(path);
        match text {
            Some(text) => {
                let file = InputFile::of_bytes(text.as_bytes().to_vec());
                snapshot.files.insert(path.clone(), file);
            }
            None => drop(snapshot.files.remove(&path)),
        }
        let history = [format!("{path}: {text:?}")];
        check(&snapshot, &options, &mut memo, &history);
    }
}

#[test]
fn two_pages_that_want_one_place_are_told_apart() {
    let (one, other) = ("---\ntitle: 一\n---\n", "---\ntitle: 二\n---\n");
    let third = "---\ntitle: 三\n---\n";
    check_changes(&[
        ("content/pages/a.md", Some(one)),
        ("content/pages/a/index.md", Some(other)),
        ("content/pages/a.md", Some(third)),
        ("content/pages/a/index.md", Some(third)),
        ("content/pages/a.md", None),
        ("content/pages/a.md", Some(one)),
        ("content/pages/a/index.md", None),
    ]);
}

#[test]
fn a_page_comes_back_when_what_wanted_its_place_has_gone() {
    let page = "---\ntitle: 一\n---\n";
    let alias = "---\ntitle: 二\naliases: [/a/]\n---\n";
    check_changes(&[
        ("content/pages/a.md", Some(page)),
        ("content/pages/b.md", Some(alias)),
        ("content/pages/b.md", Some(page)),
        ("static/a/index.html", Some("x")),
        ("static/a/index.html", None),
    ]);
}

#[test]
fn a_published_file_that_is_no_entry_is_no_mere_text() {
    let page = "---\ntitle: 乙\n---\n[词表](../vocabulary.yaml)\n";
    check_changes(&[
        ("content/pages/b.md", Some(page)),
        ("content/vocabulary.yaml", Some("# 一\n")),
        ("content/vocabulary.yaml", Some("# 二\n")),
        ("static/a.txt", Some("一")),
        ("static/a.txt", Some("二")),
    ]);
}

#[test]
fn feeds_calendars_and_data_show_the_text_of_now() {
    let report = |name: &str, text: &str| {
        let path = format!("content/reports/2021/{name}.md");
        (
            path,
            format!("---\ntitle: {text}\ndate: 2021-04-01\norganizations: [a]\n---\n{text}。\n"),
        )
    };
    let event = "start: 2021-05-22\norganizations: [a]\n---\n";
    let place = "kind: center\nlocation: {longitude: 122, latitude: 30, datum: gcj02}\n---\n";
    let entry = |title: &str, rest: &str| format!("---\ntitle: {title}\n{rest}");
    let steps = [
        (
            String::from("content/organizations/a.md"),
            entry("甲", "kind: other\n---\n"),
        ),
        report("one", "一"),
        report("two", "二"),
        report("three", "三"),
        // The first, one in the middle, the last; the title as well as the text.
        report("one", "一一"),
        report("two", "二二二"),
        report("three", "三\\三\"三"),
        (String::from("content/events/e.md"), entry("活动", event)),
        (
            String::from("content/events/e.md"),
            entry("另一个活动", event),
        ),
        (String::from("content/stations/s.md"), entry("阵地", place)),
        (
            String::from("content/stations/s.md"),
            entry("另一个阵地", place),
        ),
        (
            String::from("content/organizations/a.md"),
            entry("乙", "kind: other\n---\n"),
        ),
    ];
    let steps: Vec<_> = steps
        .iter()
        .map(|(path, text)| (path.as_str(), Some(text.as_str())))
        .collect();
    check_changes(&steps);
}

#[test]
fn several_texts_of_one_data_file_are_renewed_at_once() {
    let mut edits = Edits::new(60, Rng::new(8));
    let mut memo = Memo::default();
    check(&edits.snapshot(), &edits.options(), &mut memo, &[]);
    for _ in 0..3 {
        edits.edit_summary_of_a_report();
        edits.edit_summary_of_a_report();
        edits.edit_body_of_a_report();
        check(&edits.snapshot(), &edits.options(), &mut memo, &[]);
    }
}

#[test]
fn of_two_pages_that_want_one_place_one_may_fail() {
    let template = "{% if page.title == '坏' %}{{ page.nothing }}{% endif %}{{ page.title }}";
    let (bad, good) = ("---\ntitle: 坏\n---\n", "---\ntitle: 好\n---\n");
    let other = "---\ntitle: 别的\n---\n";
    for (one, two) in [(bad, good), (good, bad)] {
        check_changes(&[
            ("templates/page.html", Some(template)),
            ("content/pages/a.md", Some(one)),
            ("content/pages/b.md", Some(good)),
            ("content/pages/a/index.md", Some(two)),
            ("content/pages/b.md", Some(other)),
            ("content/pages/a/index.md", Some(good)),
            ("content/pages/a.md", Some(good)),
            ("content/pages/a.md", None),
        ]);
    }
}

#[test]
fn an_entry_that_became_a_folder_has_another_source() {
    let text = "---\ntitle: 甲\n---\n正文。\n";
    let mut snapshot = Edits::new(0, Rng::new(1)).snapshot();
    let options = Edits::new(0, Rng::new(1)).options();
    let mut memo = Memo::default();
    for path in ["content/pages/a.md", "content/pages/a/index.md"] {
        let file = InputFile::of_bytes(text.as_bytes().to_vec());
        snapshot
            .files
            .remove(&SourcePath::new("content/pages/a.md"));
        snapshot.files.insert(SourcePath::new(path), file);
        check(&snapshot, &options, &mut memo, &[path.to_owned()]);
    }
}

#[test]
fn the_next_moment_at_which_something_is_due_or_expires_is_known() {
    let mut snapshot = Edits::new(0, Rng::new(1)).snapshot();
    let mut options = Edits::new(0, Rng::new(1)).options();
    for (path, key) in [
        ("content/pages/a.md", "publish_on: 2021-05-21"),
        ("content/pages/b.md", "expire_on: 2021-05-20 10:00"),
        ("content/pages/c.md", "publish_on: 2021-01-01"),
    ] {
        let file = format!("---\ntitle: 题\n{key}\n---\n").into_bytes();
        snapshot
            .files
            .insert(SourcePath::new(path), InputFile::of_bytes(file));
    }
    let mut memo = Memo::default();
    let mut moments = Vec::new();
    loop {
        check(&snapshot, &options, &mut memo, &[options.as_of.to_string()]);
        let Some(due) = memo.linked().and_then(|linked| linked.next_due()) else {
            break;
        };
        moments.push(due.to_string());
        options.as_of = due;
    }
    assert_eq!(moments, ["2021-05-20T10:00:00", "2021-05-21T00:00:00"]);
}

#[test]
fn an_edit_of_the_text_renders_only_the_pages_that_show_it() {
    let mut edits = Edits::new(300, Rng::new(5));
    let mut memo = Memo::default();
    compile(&edits.snapshot(), &edits.options(), &mut memo);
    assert!(memo.rendered() > 300);
    edits.edit_summary_of_a_report();
    let options = edits.options();
    compile(&edits.snapshot(), &options, &mut memo);
    assert!((2..20).contains(&memo.rendered()), "{}", memo.rendered());
    edits.edit_body_of_a_report();
    compile(&edits.snapshot(), &options, &mut memo);
    assert_eq!(memo.rendered(), 1);
    compile(&edits.snapshot(), &options, &mut memo);
    assert_eq!(memo.rendered(), 0);
}

#[test]
fn a_changed_style_sheet_renders_no_page() {
    let mut edits = Edits::new(60, Rng::new(6));
    let mut memo = Memo::default();
    let before = compile(&edits.snapshot(), &edits.options(), &mut memo).value;
    edits.edit_style();
    let after = compile(&edits.snapshot(), &edits.options(), &mut memo).value;
    assert_eq!(memo.rendered(), 0);
    assert!(!difference(&before, &after).is_empty());
}

/// Shared and item templates, and the style sheet that only one of them names, change one after the other; each
/// time a warm build equals a cold one.
#[test]
fn what_all_pages_share_is_exchanged_in_all_of_them() {
    let mut edits = Edits::new(12, Rng::new(7));
    let options = edits.options();
    let mut memo = Memo::default();
    let mut overrides: Vec<(&str, &str)> = Vec::new();
    let footer = "templates/shared-footer.html";
    let item = "templates/item-report.html";
    for (path, text) in [
        (footer, "<p>一{{ asset(path=\"main.css\") }}</p>"),
        (item, "<li>{{ item.title }}{{ shared.footer }}</li>"),
        ("themes/harbor/assets/main.css", "a { color: red }"),
        (footer, "<p>二</p>"),
        (footer, "{{ asset(path=\"no.css\") }}"),
        (footer, ""),
        (
            "templates/home.html",
            "{% if shared.footer %}有{% else %}无{% endif %}",
        ),
        (item, "<li>{{ shared.footer | truncate(length=2) }}</li>"),
        (footer, "<p>三</p>"),
    ] {
        overrides.push((path, text));
        edits.edit_style();
        let mut snapshot = edits.snapshot();
        for (path, text) in &overrides {
            let file = InputFile::of_bytes(text.as_bytes().to_vec());
            snapshot.files.insert(SourcePath::new(*path), file);
        }
        check(&snapshot, &options, &mut memo, &[format!("{path}: {text}")]);
    }
}
