//! Why a page was or was not rendered.

use serde_json::Value;

use crate::diag::{Text, text};
use crate::model::tree::OutPath;

/// Most differences that are named.
const MOST: usize = 12;

/// Longest value that is quoted, in characters.
const LONGEST: usize = 40;

/// How much of what two long values share is quoted before the first difference, in characters.
const BEFORE: usize = 10;

/// What was done about a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// Nothing: the change could not have reached it.
    Untouched,
    /// Its view was made and is the same as before.
    SameView,
    /// The same, and the URLs of assets were exchanged.
    Dressed,
    /// It was rendered.
    Rendered,
    /// It could not be rendered.
    Failed,
}

/// The page that somebody asks about.
#[derive(Debug)]
pub(super) struct Explain {
    pub(super) path: OutPath,
    /// Its view the last time.
    view: Option<Value>,
    told: Option<Text>,
}

/// How things stood before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// There was nothing yet.
    Nothing,
    /// Everything had to be rendered again.
    OtherEnvironment,
    /// Pages were known.
    Known,
}

impl Explain {
    pub(super) fn new(path: &str) -> Self {
        Explain {
            path: OutPath::new(path),
            view: None,
            told: None,
        }
    }

    pub(super) fn told(&self) -> Option<Text> {
        self.told.clone()
    }

    /// Forgets what was done the last time, because this time nothing may come to be done.
    pub(super) fn begin(&mut self) {
        self.told = None;
    }

    /// Notes what was done about the page whose view now is `view`.
    pub(super) fn note(&mut self, done: Option<Done>, before: Before, view: Option<Value>) {
        let path = &self.path;
        self.told = Some(match (done, before) {
            (None, _) => text!("{path}：没有这一页", "{path}: there is no such page"),
            (Some(Done::Failed), _) => text!("{path}：生成失败", "{path}: could not be rendered"),
            (Some(Done::Untouched), _) => text!(
                "{path}：没有重新生成：它的条目和它显示的其他条目都没有变",
                "{path}: not rendered: neither its entry nor any entry that it shows has changed"
            ),
            (Some(Done::SameView), _) => text!(
                "{path}：没有重新生成：模板得到的内容和上次一样",
                "{path}: not rendered: its template would get the same as before"
            ),
            (Some(Done::Dressed), _) => text!(
                "{path}：没有重新生成，只换了样式或脚本的网址",
                "{path}: not rendered; only the URLs of assets were exchanged"
            ),
            (Some(Done::Rendered), Before::Nothing) => {
                text!("{path}：第一次生成", "{path}: rendered for the first time")
            }
            (Some(Done::Rendered), Before::OtherEnvironment) => text!(
                "{path}：重新生成：模板、界面文字或 site.yaml 变了",
                "{path}: rendered: templates, UI strings or site.yaml have changed"
            ),
            (Some(Done::Rendered), Before::Known) => rendered(path, &self.view, &view),
        });
        self.view = view;
    }
}

fn rendered(path: &OutPath, before: &Option<Value>, now: &Option<Value>) -> Text {
    let (Some(before), Some(now)) = (before, now) else {
        return text!("{path}：新的一页", "{path}: a new page");
    };
    let mut differences = Vec::new();
    compare("", before, now, &mut differences);
    if differences.is_empty() {
        return text!(
            "{path}：重新生成：上次没有生成成功，或它的文件换了位置",
            "{path}: rendered, because it could not be the last time, or its file has moved"
        );
    }
    let more = differences.len().saturating_sub(MOST);
    differences.truncate(MOST);
    let listed = differences.join("\n    ");
    let more = if more > 0 {
        format!("\n    … {more}")
    } else {
        String::new()
    };
    text!(
        "{path}：重新生成，因为模板得到的内容变了：\n    {listed}{more}",
        "{path}: rendered, because its template gets something else:\n    {listed}{more}"
    )
}

fn compare(name: &str, before: &Value, now: &Value, found: &mut Vec<String>) {
    match (before, now) {
        (Value::Object(old), Value::Object(new)) => {
            let keys = old
                .keys()
                .chain(new.keys().filter(|key| !old.contains_key(*key)));
            for key in keys {
                let below = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}.{key}")
                };
                let part = |of: &serde_json::Map<String, Value>| of.get(key).cloned();
                let (old, new) = (part(old), part(new));
                compare(
                    &below,
                    &old.unwrap_or_default(),
                    &new.unwrap_or_default(),
                    found,
                );
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                compare(&format!("{name}[{index}]"), old, new, found);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            found.push(format!("{name}: {} → {}", old.len(), new.len()));
        }
        (old, new) if old != new => {
            found.push(format!("{name}: {}", quoted(old, new)));
        }
        _ => {}
    }
}

/// Both values, as far as they differ and there is room.
fn quoted(old: &Value, new: &Value) -> String {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let (old, new) = (text(old), text(new));
    let pairs = old.chars().zip(new.chars());
    let same = pairs.take_while(|(one, other)| one == other).count();
    // A little of what comes before tells where it is.
    let from = if same < LONGEST / 2 { 0 } else { same - BEFORE };
    format!("{} → {}", short(&old, from), short(&new, from))
}

/// The text from its `from`th character on.
fn short(text: &str, from: usize) -> String {
    let mut rest = text.chars().skip(from);
    let shown: String = rest.by_ref().take(LONGEST).collect();
    let before = if from > 0 { "…" } else { "" };
    let after = if rest.next().is_some() { "…" } else { "" };
    format!("`{before}{}{after}`", shown.replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn differences_are_named_by_their_path() {
        let mut explain = Explain::new("a/index.html");
        let view = |title: &str| json!({"page": {"title": title}, "items": [{"id": 1}]});
        explain.note(Some(Done::Rendered), Before::Nothing, Some(view("甲")));
        explain.note(Some(Done::Rendered), Before::Known, Some(view("乙")));
        let told = explain.told().unwrap();
        assert!(told.zh.contains("page.title: `甲` → `乙`"), "{told:?}");
        assert!(!told.zh.contains("items"), "{told:?}");
    }

    #[test]
    fn long_values_are_quoted_where_they_differ() {
        let before = "街".repeat(100);
        let now = format!("{before}道");
        let quoted = quoted(&json!(before), &json!(now));
        let shared = "街".repeat(BEFORE);
        assert_eq!(quoted, format!("`…{shared}` → `…{shared}道`"));
    }
}
