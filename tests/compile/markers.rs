//! Every key of every kind is shown: a site fills each with something that occurs nowhere else and
//! looks for it on the entry's page.
//!
//! Keys and their forms come from the model itself, so a new key without a place in the theme
//! fails here.

use std::collections::BTreeMap;

use crate::folder::{options, themes};
use serde_json::{Map, Value, json};
use yugang::compile::{Memo, compile};
use yugang::content::RawEntry;
use yugang::diag::SourcePath;
use yugang::model::Kind;
use yugang::model::config::SiteConfig;
use yugang::model::date::Moment;
use yugang::model::digest::Digest;
use yugang::model::form::{FieldForm, Form};
use yugang::model::kinds::{Common, Data};
use yugang::model::node::Step;
use yugang::model::picture::{Format, Looks};
use yugang::model::shape::Shape;
use yugang::model::snapshot::{Dimensions, InputFile, Media, Snapshot};
use yugang::model::tree::OutPath;
use yugang::model::value::Record;

/// Keys that decide where, when and whether an entry is published and found, and free data.
const INTERNAL: [&str; 10] = [
    "slug",
    "aliases",
    "draft",
    "publish_on",
    "expire_on",
    "sample",
    "search",
    "extra",
    "consent",
    "id",
];

/// Settings of the site that decide how it is built.
const SETTINGS: [&str; 4] = ["base_url", "time_zone", "theme", "links"];

/// Fills keys with markers and keeps what must be found.
#[derive(Default)]
struct Filler {
    count: u32,
    wanted: Vec<(String, String)>,
    /// Files beside the entry.
    files: Vec<String>,
    /// Entries that are referred to.
    targets: Vec<(Kind, String, String)>,
    /// The titles of the establishment's posts.
    posts: Vec<String>,
    path: Vec<&'static str>,
}

impl Filler {
    fn next(&mut self) -> u32 {
        self.count += 1;
        self.count
    }

    fn want(&mut self, shown: impl Into<String>) {
        self.wanted.push((self.path.join("."), shown.into()));
    }

    fn record(&mut self, fields: Vec<FieldForm>) -> Map<String, Value> {
        let mut map = Map::new();
        for field in fields {
            if INTERNAL.contains(&field.name) || SETTINGS.contains(&field.name) {
                continue;
            }
            self.path.push(field.name);
            map.insert(field.name.to_owned(), self.value(field.name, &field.form));
            self.path.pop();
        }
        map
    }

    fn value(&mut self, key: &str, form: &Form) -> Value {
        match form {
            Form::Text => self.text(key),
            Form::Boolean => self.flag(key),
            // Descending, because of two numbers the later one is often the smaller.
            Form::Integer => self.number(|n| json!(9_000 - n)),
            Form::Number => self.number(|n| match key {
                "longitude" => json!(122.0 + f64::from(n) / 1000.0),
                "latitude" => json!(29.0 + f64::from(n) / 1000.0),
                _ => json!(9_000.5 - f64::from(n)),
            }),
            Form::Money => self.money(),
            Form::Date | Form::Moment => self.day(),
            Form::Month => {
                self.want("4月");
                json!(4)
            }
            Form::Seats => {
                let seats = format!("1-{}", 90_000 + self.next());
                self.want(seats.clone());
                json!(seats)
            }
            Form::WeeklySlot => {
                let minute = self.next() % 60;
                let slot = format!("周一 08:{minute:02}-17:{minute:02}");
                // The uses of rooms stand in the plan of the week, below their day.
                self.want(match self.path.contains(&"rooms") {
                    true => format!("08:{minute:02}–17:{minute:02}"),
                    false => slot.clone(),
                });
                json!(slot)
            }
            Form::WebAddress => {
                let address = format!("https://example.org/m{}", self.next());
                self.want(address.clone());
                json!(address)
            }
            Form::File => {
                // A photo is shown in sizes: `m1.64.webp`.
                let stem = format!("m{}.", self.next());
                self.want(format!("/{stem}"));
                let name = format!("{stem}png");
                self.files.push(name.clone());
                json!(name)
            }
            Form::Choice(choices) => {
                let (word, label) = choices.last().unwrap();
                self.want(*label);
                json!(word)
            }
            Form::Reference(kind) => {
                let (id, title) = (
                    format!("ref{}", self.next()),
                    format!("引用{}号", self.count),
                );
                self.want(title.clone());
                self.targets.push((*kind, id.clone(), title));
                json!(id)
            }
            Form::List(item) => json!([self.value(key, item), self.value(key, item)]),
            Form::Record(fields) => Value::Object(self.record(fields())),
            Form::Sample | Form::Free => Value::Null,
        }
    }

    fn text(&mut self, key: &str) -> Value {
        let number = self.next();
        let (written, shown) = match key {
            // Of the navigation, which leads to pages of the site or elsewhere.
            "url" => (format!("https://example.org/m{number}"), None),
            "phone" => {
                let phone = format!("0580-{number:07}");
                (phone.clone(), Some(format!("tel:{phone}")))
            }
            // The posts of the roster are those of the establishment, which comes before it.
            "post" => (self.posts[number as usize % self.posts.len()].clone(), None),
            _ => (format!("标记{number}号"), None),
        };
        if self.path == ["establishment", "title"] {
            self.posts.push(written.clone());
        }
        self.want(shown.unwrap_or(written.clone()));
        json!(written)
    }

    fn flag(&mut self, key: &str) -> Value {
        match key {
            "activity_day" => self.want("群团活动日"),
            "in_principle" => self.want("原则上"),
            _ => {}
        }
        json!(true)
    }

    fn number(&mut self, make: impl Fn(u32) -> Value) -> Value {
        let number = self.next();
        let value = make(number);
        self.want(value.to_string());
        value
    }

    /// Two items of 5 000 and a bit each add up to the total.
    fn money(&mut self) -> Value {
        let (half, whole) = match self.path.first() {
            Some(&"budget") => ("5,111.25", "10,222.50"),
            _ => ("6,111.25", "12,222.50"),
        };
        let amount = if self.path.last() == Some(&"total") {
            whole
        } else {
            half
        };
        self.want(amount);
        json!(amount)
    }

    fn day(&mut self) -> Value {
        let first = yugang::model::date::Moment::parse("2001-01-01")
            .unwrap()
            .date;
        let day = first.0.saturating_add(jiff::Span::new().days(self.next()));
        let moment = Moment::day(yugang::model::date::Date(day));
        self.want(moment.chinese());
        json!(moment.to_string())
    }
}

/// The least that an entry of this kind needs.
fn minimal(kind: Kind, id: &str, title: &str) -> Value {
    let mut entry = Map::from_iter([("title".into(), json!(title))]);
    for field in Data::fields(kind)
        .into_iter()
        .filter(|field| field.required)
    {
        let value = match field.form {
            Form::Choice(choices) => json!(choices[0].0),
            Form::Text if field.name == "id" => json!(id),
            other => panic!("{}: {other:?} cannot be made", field.name),
        };
        entry.insert(field.name.into(), value);
    }
    if kind == Kind::Person {
        entry.insert("consent".into(), json!(true));
    }
    Value::Object(entry)
}

struct SiteFiles {
    snapshot: Snapshot,
    vocabulary: BTreeMap<&'static str, Vec<Value>>,
}

impl SiteFiles {
    fn new(config: Value) -> Self {
        let mut site = SiteFiles {
            snapshot: Snapshot::default(),
            vocabulary: BTreeMap::new(),
        };
        for (path, bytes) in themes() {
            site.put(&path, bytes);
        }
        site.put("site.yaml", config.to_string().into_bytes());
        site
    }

    fn put(&mut self, path: &str, bytes: Vec<u8>) {
        self.snapshot
            .files
            .insert(SourcePath::new(path), InputFile::of_bytes(bytes));
    }

    fn add(&mut self, kind: Kind, id: &str, entry: Value) {
        if kind.is_vocabulary() {
            self.vocabulary
                .entry(kind.collection())
                .or_default()
                .push(entry);
        } else {
            let path = format!("content/{}/{id}/index.yaml", kind.collection());
            self.put(&path, entry.to_string().into_bytes());
        }
    }

    fn image(&mut self, path: &str) {
        let media = Media {
            size: 1,
            digest: Digest::of(path.as_bytes()),
            dimensions: Some(Dimensions {
                width: 64,
                height: 48,
            }),
            orientation: None,
            looks: Some(Looks::plain(Format::Jpeg)),
        };
        self.snapshot
            .files
            .insert(SourcePath::new(path), InputFile::Media(media));
    }

    /// The pages, as text.
    fn pages(mut self) -> BTreeMap<OutPath, String> {
        let vocabulary = json!(self.vocabulary).to_string();
        self.put("content/vocabulary.yaml", vocabulary.into_bytes());
        let mut memo = Memo::default();
        let compiled = compile(&self.snapshot, &options(), &mut memo);
        assert!(!compiled.has_errors(), "{:#?}", compiled.diagnostics);
        for entry in memo.linked().unwrap().entries() {
            assert_every_tie_is_found(entry);
        }
        let pages = compiled.value.into_iter().filter_map(|(path, file)| {
            Some((path, String::from_utf8(file.bytes()?.into_owned()).ok()?))
        });
        pages.collect()
    }
}

/// What is verified of an entry is every reference and file name that it has.
fn assert_every_tie_is_found(entry: &RawEntry) {
    let mut path = Vec::new();
    let mut found = Vec::new();
    let mut visit = |path: &[Step], tie: &Shape<'_>| found.push(format!("{path:?} {tie:?}"));
    entry.common.field_ties(&mut path, &mut visit);
    entry.data.field_ties(&mut path, &mut visit);
    let mut there = Vec::new();
    let common = entry.common.inspect_fields().into_iter();
    for (key, shape) in common.chain(entry.data.inspect_fields()) {
        shape.walk(&mut vec![Step::Key(key)], &mut |path, leaf| {
            if matches!(leaf, Shape::Reference(..) | Shape::File(_)) {
                there.push(format!("{path:?} {leaf:?}"));
            }
        });
    }
    assert_eq!(found, there);
}

fn settings() -> Value {
    json!({"title": "标记站", "base_url": "https://example.org/", "owner": "某街道"})
}

fn assert_shown(wanted: &[(String, String)], text: &str, what: &str) {
    let missing: Vec<_> = wanted
        .iter()
        .filter(|(_, shown)| !text.contains(shown))
        .collect();
    assert!(
        missing.is_empty(),
        "{what} does not show {missing:#?}\n{text}"
    );
}

/// An entry with every key, its id, and what was filled in.
fn filled(kind: Kind) -> (Map<String, Value>, &'static str, Filler) {
    let mut filler = Filler::default();
    let mut entry = filler.record([Data::fields(kind), Common::fields()].concat());
    let id = if kind.is_yearly() { "2021" } else { "all-keys" };
    if kind == Kind::Person {
        entry.insert("consent".into(), json!(true));
    }
    if kind.is_vocabulary() {
        entry.insert("id".into(), json!(id));
        // A term has no folder of its own to keep a picture in.
        entry.remove("cover");
        filler.wanted.retain(|(key, _)| key != "cover");
    } else {
        entry.insert("body".into(), json!("标记正文。"));
        filler.wanted.push(("body".into(), "标记正文。".into()));
    }
    if kind == Kind::Rota {
        // Two turns of one month would be one too many.
        entry["turns"][1]["month"] = json!(5);
    }
    (entry, id, filler)
}

fn site_with(kind: Kind, id: &str, entry: Map<String, Value>, filler: &Filler) -> SiteFiles {
    let mut site = SiteFiles::new(settings());
    site.add(kind, id, Value::Object(entry));
    for (kind, id, title) in &filler.targets {
        site.add(*kind, id, minimal(*kind, id, title));
    }
    for name in &filler.files {
        site.image(&format!("content/{}/{id}/{name}", kind.collection()));
    }
    site
}

fn every_key_is_shown(kind: Kind) {
    let (entry, id, filler) = filled(kind);
    let site = site_with(kind, id, entry, &filler);
    let path = page_of(kind, id);
    assert_shown(&filler.wanted, &site.pages()[&path], path.as_str());
}

fn page_of(kind: Kind, id: &str) -> OutPath {
    let folder = kind.url_segment();
    let slash = if folder.is_empty() { "" } else { "/" };
    OutPath::new(format!("{folder}{slash}{id}/index.html"))
}

/// Each key that is marked as illustrative, alone, puts a badge on the page.
fn every_sample_has_its_badge(kind: Kind) {
    let fields = [Data::fields(kind), Common::fields()].concat();
    let keys = fields.iter().map(|field| field.name);
    let body = (!kind.is_vocabulary()).then_some("body");
    let unbadged: Vec<&str> = keys
        .chain(body)
        .filter(|key| !INTERNAL.contains(key))
        .filter(|key| !kind.is_vocabulary() || *key != "cover")
        .filter(|key| {
            let (mut entry, id, filler) = filled(kind);
            entry.insert("sample".into(), json!([key]));
            let pages = site_with(kind, id, entry, &filler).pages();
            !pages[&page_of(kind, id)].contains("<span class=\"sample\">")
        })
        .collect();
    assert_eq!(unbadged, Vec::<&str>::new());
}

macro_rules! kinds {
    ($($name:ident $kind:ident)+) => {
        $(#[test]
        fn $name() {
            every_key_is_shown(Kind::$kind);
            every_sample_has_its_badge(Kind::$kind);
        })+

        #[test]
        fn every_kind_has_its_test() {
            assert_eq!([$(Kind::$kind),+], Kind::ALL);
        }
    };
}

kinds! {
    organization Organization
    person Person
    project Project
    station Station
    report Report
    event Event
    meeting Meeting
    visit Visit
    document Document
    notice Notice
    response Response
    rota Rota
    funds Funds
    assessment Assessment
    page Page
    topic Topic
    campaign Campaign
    sector Sector
    service_area ServiceArea
    community Community
}

#[test]
fn every_setting_of_the_site_is_shown() {
    let mut filler = Filler::default();
    // Where the site is published is nobody's business who reads it.
    let fields = SiteConfig::fields().into_iter();
    let shown = fields.filter(|field| field.name != "deploy").collect();
    let mut config = filler.record(shown);
    config.insert("base_url".into(), json!("https://example.org/"));
    let mut site = SiteFiles::new(Value::Object(config));
    let meeting = json!({"title": "例会", "kind": "working", "date": "2021-04-01"});
    site.add(Kind::Meeting, "one", meeting);
    let pages = site.pages();
    let all = pages.values().fold(String::new(), |all, page| all + page);
    assert_shown(&filler.wanted, &all, "the site");
}
