//! An entry of a random site, as it is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use yugang::model::snapshot::InputFile;

use super::Rng;

/// An entry as it is written, piece by piece.
#[derive(Clone, Default)]
pub struct Draft {
    pub title: usize,
    pub heading: usize,
    pub summary: Option<usize>,
    pub date: usize,
    pub paragraphs: Vec<usize>,
    pub links: Vec<String>,
    pub references: Vec<(&'static str, String)>,
    pub extra: Option<&'static str>,
    pub broken: Option<&'static str>,
    pub held_back: Option<String>,
}

/// Folders of entries, the keys that they require, and how many there are of each.
pub const FOLDERS: [(&str, &str, usize); 9] = [
    ("organizations", "kind: other\n", 12),
    ("projects", "", 6),
    ("stations", "kind: center\n", 8),
    ("reports", "", 50),
    ("notices", "", 8),
    ("documents", "", 4),
    ("events", "", 5),
    ("pages", "", 3),
    ("responses", "asked_on: 2021-01-01\nquestion: 问\n", 4),
];

pub fn id(path: &str) -> (&str, &str) {
    let below = path.strip_prefix("content/").unwrap();
    let below = below.trim_end_matches(".md").trim_end_matches("/index");
    below.split_once('/').unwrap()
}

pub fn references(rng: &mut Rng, path: &str, target: &str) -> Vec<(&'static str, String)> {
    let (folder, own) = id(path);
    let (kind, id) = id(target);
    let key = match (folder, kind) {
        ("reports" | "events", "organizations") => "organizations",
        ("reports" | "events" | "organizations", "stations") => "stations",
        ("reports", "projects") => "projects",
        ("organizations", "organizations") if own != id => "parent",
        _ => return Vec::new(),
    };
    let id = if rng.chance(20) { "nobody" } else { id };
    vec![(key, id.to_owned())]
}

pub fn link(rng: &mut Rng, path: &str, target: &str) -> String {
    let (folder, id) = id(target);
    match rng.below(7) {
        0 => String::from("[水](/topics/)"),
        1 => {
            let up = "../".repeat(path.matches('/').count() - 1);
            format!("[词表]({up}vocabulary.yaml)")
        }
        2 => String::from("[断](nowhere.md)"),
        3 => String::from("![图](a.jpg)"),
        4 => format!("[处]({folder}/{id}#标题0)"),
        5 => format!("[无此处]({folder}/{id}#没有) {path}"),
        _ => format!("[条目]({folder}/{id})"),
    }
}

impl Draft {
    pub fn file(&self, path: &str) -> InputFile {
        let (folder, id) = id(path);
        let required = FOLDERS.iter().find(|(name, ..)| *name == folder);
        let mut text = format!("---\ntitle: 标题{}\n", self.title);
        text += required.map_or("", |(_, required, _)| required);
        let day = format!("2021-{:02}-{:02}", self.date / 28 + 1, self.date % 28 + 1);
        text += &match folder {
            "events" => format!("start: {day}\n"),
            "documents" => format!("issued_on: {day}\n"),
            "organizations" | "projects" | "stations" | "pages" | "responses" => String::new(),
            _ => format!("date: {day}\n"),
        };
        if let Some(summary) = self.summary {
            text += &format!("summary: 摘要{summary}\n");
        }
        let mut keys: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (key, id) in &self.references {
            keys.entry(key).or_default().push(id);
        }
        for (key, ids) in keys {
            text += &match key {
                "parent" => format!("parent: {}\n", ids[0]),
                key => format!("{key}: [{}]\n", ids.join(", ")),
            };
        }
        if let Some(extra) = self.extra {
            let number = id.replace(['/', '.'], "-");
            text += &(extra.replace("{n}", &number) + "\n");
        }
        if let Some(until) = &self.held_back {
            text += &format!("publish_on: {until}\n");
        }
        if let Some(broken) = self.broken {
            text += &format!("{broken}\n");
        }
        text += "---\n";
        for paragraph in &self.paragraphs {
            text += &format!("第{paragraph}段的文字，讲的是全民清洁日。\n\n");
        }
        text += &format!("## 标题{}\n\n", self.heading);
        text += &self.links.join("\n");
        InputFile::Text(Arc::from(text))
    }
}
