//! Random edits of a site, as officers and theme authors make them.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "each test binary uses its part of these helpers"
)]

mod draft;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use yugang::compile::Options;
use yugang::diag::SourcePath;
use yugang::model::date::Moment;
use yugang::model::digest::Digest;
use yugang::model::picture::{Format, Looks};
use yugang::model::snapshot::{Dimensions, InputFile, Media, Snapshot};

use crate::folder::contents;
use draft::{Draft, FOLDERS, link, references};

/// Numbers that look random and are the same in every run (xorshift64*).
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end
    }

    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

const EXTRA: [&str; 13] = [
    "draft: true",
    "publish_on: 2021-06-01",
    "expire_on: 2021-05-25",
    "aliases: [/old/{n}/]",
    "slug: other-{n}",
    "sample: true",
    "sample: [title, summary, date]",
    "search: false",
    "keywords: [一, 二]",
    "topics: [shui]",
    "cover: a.jpg",
    "updated: 2021-05-01",
    "extra: {a: 1.5}",
];

const BROKEN: [&str; 8] = [
    "title：x",
    "unknown_key: 1",
    "date: yesterday",
    "topics: [nowhere]",
    "organizations: [funian]",
    "a: [",
    "title: 两次",
    "draft: perhaps",
];

/// A site and the moment for which it is built.
pub struct Edits {
    rng: Rng,
    theme: BTreeMap<SourcePath, InputFile>,
    drafts: BTreeMap<String, Draft>,
    files: BTreeMap<String, InputFile>,
    /// Text below `themes/` and `templates/`, instead of what is in `theme`.
    overrides: BTreeMap<String, Option<String>>,
    site: Vec<String>,
    vocabulary: Vec<String>,
    day: u8,
    show_drafts: bool,
    made: usize,
}

impl Edits {
    pub fn new(size: usize, rng: Rng) -> Self {
        let themes = contents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("themes"));
        let theme = themes.into_iter().map(|(path, bytes)| {
            let path = SourcePath::new(format!("themes/{path}"));
            (path, InputFile::of_bytes(bytes))
        });
        let mut edits = Edits {
            rng,
            theme: theme.collect(),
            drafts: BTreeMap::new(),
            files: BTreeMap::new(),
            overrides: BTreeMap::new(),
            site: vec![
                "title: 站".into(),
                "base_url: https://example.org/qt/".into(),
                "owner: 街道".into(),
            ],
            vocabulary: vec!["topics: [{id: shui, title: 五水共治}]".into()],
            day: 20,
            show_drafts: false,
            made: 0,
        };
        for _ in 0..size {
            edits.add();
        }
        edits.files.insert("content/reports/a.jpg".into(), photo(1));
        edits.repair();
        edits
    }

    pub fn options(&self) -> Options {
        let day = format!("2021-05-{:02} 09:00", self.day);
        Options {
            as_of: Moment::parse(&day).unwrap().start(),
            drafts: self.show_drafts,
            base_url: None,
            links: None,
        }
    }

    pub fn snapshot(&self) -> Snapshot {
        let mut files = self.theme.clone();
        let text = |text: &str| InputFile::Text(Arc::from(text));
        for (path, content) in &self.overrides {
            match content {
                Some(content) => files.insert(SourcePath::new(path), text(content)),
                None => files.remove(&SourcePath::new(path)),
            };
        }
        let entries = self.drafts.iter();
        files.extend(entries.map(|(path, draft)| (SourcePath::new(path), draft.file(path))));
        let others = self.files.iter();
        files.extend(others.map(|(path, file)| (SourcePath::new(path), file.clone())));
        if !self.site.is_empty() {
            let site = self.site.join("\n") + "\n";
            files.insert(SourcePath::new("site.yaml"), text(&site));
        }
        let vocabulary = self.vocabulary.join("\n") + "\n";
        files.insert(
            SourcePath::new("content/vocabulary.yaml"),
            text(&vocabulary),
        );
        Snapshot { files }
    }

    /// Does something and says what.
    pub fn step(&mut self) -> String {
        let what = self.rng.below(100);
        match what {
            0..42 => self.edit(),
            42..52 => self.add(),
            52..55 => self.remove(),
            55..60 => self.rename(),
            60..62 => self.move_folder(),
            62..78 => self.repair(),
            78..86 => self.theme_edit(),
            86..91 => self.site_edit(),
            91..95 => self.other_file(),
            95..97 => {
                self.day = 18 + u8::try_from(self.rng.below(12)).unwrap();
                format!("the {}th", self.day)
            }
            97 => {
                self.show_drafts ^= true;
                format!("drafts {}", self.show_drafts)
            }
            _ => self.vocabulary_edit(),
        }
    }

    fn some_reference(&mut self, path: &str) -> Vec<(&'static str, String)> {
        if self.drafts.is_empty() {
            return Vec::new();
        }
        let target = self.any_path();
        references(&mut self.rng, path, &target)
    }

    fn any_path(&mut self) -> String {
        let paths: Vec<&String> = self.drafts.keys().collect();
        let at = self.rng.below(paths.len());
        paths[at].clone()
    }

    fn edit(&mut self) -> String {
        let path = self.any_path();
        let target = self.any_path();
        let rng = &mut self.rng;
        let draft = self.drafts.get_mut(&path).unwrap();
        let what = match rng.below(12) {
            0 => {
                draft.heading = rng.below(2);
                "heading"
            }
            1 | 2 => {
                draft.paragraphs.push(rng.below(1_000));
                "body"
            }
            3 => {
                draft.paragraphs.insert(0, rng.below(1_000));
                "first paragraph"
            }
            4 | 5 => {
                draft.title = rng.below(1_000);
                "title"
            }
            6 => {
                draft.summary = (!rng.chance(3)).then(|| rng.below(1_000));
                "summary"
            }
            7 => {
                // Also dates that have not come yet.
                draft.date = rng.below(150);
                "date"
            }
            8 => {
                draft.links = vec![link(rng, &path, &target)];
                "links"
            }
            9 => {
                draft.references.truncate(2);
                draft.references.extend(references(rng, &path, &target));
                "references"
            }
            10 => {
                draft.extra = (!rng.chance(3)).then(|| *rng.pick(&EXTRA));
                draft.extra.unwrap_or("no extra")
            }
            _ => {
                draft.broken = rng.chance(2).then(|| *rng.pick(&BROKEN));
                draft.broken.unwrap_or("whole")
            }
        };
        format!("{what} of {path}")
    }

    fn add(&mut self) -> String {
        let total = FOLDERS.iter().map(|(.., weight)| weight).sum();
        let mut at = self.rng.below(total);
        let folder = FOLDERS.iter().find(|(.., weight)| {
            let is_here = at < *weight;
            at = at.wrapping_sub(*weight);
            is_here
        });
        let folder = folder.unwrap().0;
        self.made += 1;
        let year = if folder == "reports" { "2021/" } else { "" };
        let name = match self.rng.below(6) {
            0 => format!("{}/index", self.made),
            1 => format!("报{}", self.made),
            _ => format!("n{}", self.made),
        };
        let path = format!("content/{folder}/{year}{name}.md");
        let references = (0..4).flat_map(|_| self.some_reference(&path)).collect();
        let draft = Draft {
            title: self.rng.below(1_000),
            date: self.rng.below(60),
            paragraphs: vec![self.rng.below(1_000)],
            references,
            ..Draft::default()
        };
        self.drafts.insert(path.clone(), draft);
        format!("add {path}")
    }

    fn remove(&mut self) -> String {
        let path = self.any_path();
        if self.drafts.len() > 20 {
            self.drafts.remove(&path);
        }
        format!("remove {path}")
    }

    fn rename(&mut self) -> String {
        let path = self.any_path();
        let draft = self.drafts.remove(&path).unwrap();
        let stem = path.trim_end_matches(".md").trim_end_matches("/index");
        self.made += 1;
        let to = match self.rng.below(4) {
            // The same id in another file.
            0 if !path.ends_with("/index.md") => format!("{stem}/index.md"),
            0 => format!("{stem}.md"),
            1 => format!("{stem}x.md"),
            2 => format!("{}.md", stem.replace("reports/2021", "notices")),
            _ => format!("{stem}-{}.md", self.made),
        };
        let told = format!("rename {path} to {to}");
        self.drafts.insert(to, draft);
        told
    }

    fn move_folder(&mut self) -> String {
        let (from, to) = *self.rng.pick(&[
            ("/reports/2021/", "/reports/2022/"),
            ("/reports/2022/", "/reports/2021/"),
            ("/notices/", "/notices/old/"),
            ("/notices/old/", "/notices/"),
            ("/stations/", "/projects/"),
        ]);
        let before = std::mem::take(&mut self.drafts);
        let moved = before.into_iter();
        self.drafts = moved
            .map(|(path, draft)| (path.replace(from, to), draft))
            .collect();
        format!("move {from} to {to}")
    }

    fn repair(&mut self) -> String {
        let known: BTreeSet<String> = self
            .drafts
            .keys()
            .map(|path| draft::id(path).1.to_owned())
            .collect();
        for draft in self.drafts.values_mut() {
            draft.broken = None;
            draft.references.retain(|(_, id)| known.contains(id));
            draft.links.retain(|link| link.starts_with("[词表]"));
            if draft.extra == Some("cover: a.jpg") {
                draft.extra = None;
            }
        }
        self.overrides.retain(|path, _| path.ends_with(".css"));
        if self.site.len() < 3 {
            self.site = vec![
                "title: 站".into(),
                "base_url: https://example.org/qt/".into(),
                "owner: 街道".into(),
            ];
        }
        String::from("repair")
    }

    fn theme_edit(&mut self) -> String {
        let which = self.rng.below(10);
        let number = self.rng.below(1_000);
        let (path, content) = match which {
            0 | 1 => return self.edit_style(),
            2 => (
                "templates/report.html",
                Some(format!("<p>{number}{{{{ entry.title }}}}</p>")),
            ),
            3 => ("templates/report.html", None),
            4 => ("templates/list.html", Some(String::from("{% for %}"))),
            5 => ("templates/list.html", None),
            6 => (
                "templates/notice.html",
                Some(String::from(
                    "<link href=\"{{ asset(path=\"no.css\") }}\">{{ entry.date.text }}",
                )),
            ),
            7 => ("templates/notice.html", None),
            8 => (
                "templates/page.html",
                Some(String::from("{{ entry.nothing.there }}")),
            ),
            _ => ("templates/page.html", None),
        };
        match content {
            None => drop(self.overrides.remove(path)),
            content => drop(self.overrides.insert(path.into(), content)),
        }
        format!("theme {path} {which}")
    }

    pub fn edit_style(&mut self) -> String {
        let rule = format!("main {{ color: #{:06} }}", self.rng.below(1_000_000));
        let (name, css) = match self.rng.below(8) {
            0 => ("_part.css", rule),
            1 => ("main.css", format!("@import \"_part.css\"; {rule}")),
            2 => ("main.css", format!("{rule} broken {{")),
            _ => ("main.css", rule),
        };
        let path = format!("themes/harbor/assets/{name}");
        self.overrides.insert(path, Some(css));
        format!("style {name}")
    }

    fn site_edit(&mut self) -> String {
        let line = match self.rng.below(7) {
            0 => format!("title: 站{}", self.rng.below(1_000)),
            1 => "navigation: [{title: 报道, url: /reports/}]".into(),
            2 => "navigation: [{title: 无, url: /nowhere/}]".into(),
            3 => "time_zone: Asia/Tokyo".into(),
            4 => "base_url: https://example.org/other/".into(),
            5 => {
                self.site.clear();
                return String::from("no site.yaml");
            }
            _ => "broken: [".into(),
        };
        let key = line.split(':').next().unwrap().to_owned();
        self.site.retain(|known| !known.starts_with(&key));
        let told = format!("site.yaml {line}");
        if self.rng.chance(3) {
            self.site.retain(|known| !known.starts_with("navigation"));
            self.site.push("# a comment".into());
        } else {
            self.site.push(line);
        }
        told
    }

    fn other_file(&mut self) -> String {
        let (path, file) = match self.rng.below(6) {
            0 => ("content/reports/a.jpg", Some(photo(self.rng.below(9)))),
            1 => ("content/reports/a.jpg", None),
            2 => ("static/notes.pdf", Some(photo(self.rng.below(9)))),
            3 => ("static/notes.pdf", None),
            4 => ("content/notices/plan.docx", Some(photo(3))),
            _ => ("content/notices/plan.docx", None),
        };
        match file {
            Some(file) => drop(self.files.insert(path.into(), file)),
            None => drop(self.files.remove(path)),
        }
        format!("other file {path}")
    }

    fn vocabulary_edit(&mut self) -> String {
        let number = self.rng.below(100);
        self.vocabulary = match self.rng.below(5) {
            0 => vec!["topics: [{id: shui}]".into()],
            1 => vec![format!("topics: [{{id: shui, title: 水{number}}}]")],
            2 => vec![format!(
                "topics:\n  - {{id: shui, title: 水, description: 说明{number}}}\n  - {{id: huo, title: 火}}"
            )],
            3 => vec![
                "topics: [{id: shui, title: 五水共治}]".into(),
                format!("synonyms: [[五水共治, 治水{number}]]"),
            ],
            _ => vec!["topics: [{id: shui, title: 五水共治}]".into()],
        };
        String::from("vocabulary")
    }

    fn a_report(&mut self) -> &mut Draft {
        let path = self.drafts.keys().find(|path| path.contains("/reports/"));
        let path = path.unwrap().clone();
        self.drafts.get_mut(&path).unwrap()
    }

    pub fn hold_back_a_report(&mut self, until: &str) {
        self.a_report().held_back = Some(until.to_owned());
    }

    pub fn edit_body_of_a_report(&mut self) {
        let report = self.a_report();
        report.paragraphs.extend([1_001; 40]);
    }

    pub fn edit_summary_of_a_report(&mut self) {
        self.a_report().summary = Some(5);
    }
}

fn photo(number: usize) -> InputFile {
    InputFile::Media(Media {
        size: number as u64,
        digest: Digest::of(&[u8::try_from(number).unwrap()]),
        dimensions: Some(Dimensions {
            width: 10 + u32::try_from(number).unwrap(),
            height: 10,
        }),
        orientation: None,
        looks: Some(Looks::plain(Format::Jpeg)),
    })
}
