//! Makes steps ready: puts in what comes from the environment.

use std::cmp::Reverse;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::diag::{Text, text};
use crate::model::target::AfterStep;
use crate::model::variables::{Piece, pieces};

/// What is encoded of a value in an address: everything that could mean something there.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What is shorter is no password, and would be found in every word.
const SHORTEST_SECRET: usize = 4;

/// What a step does.
pub(super) enum Action {
    /// Sends what has changed to this address.
    Post(Url),
    /// Runs this program with these arguments.
    Command(Vec<String>),
}

/// A step with everything it needs.
pub(super) struct Ready {
    pub(super) action: Action,
    /// Whether its whole address is secret, so that whoever answers may name any part of it.
    pub(super) is_secret: bool,
    /// Values that must not be shown, with what stands for them.
    hidden: Vec<(String, String)>,
}

/// A step with the values of its variables.
///
/// # Errors
/// Why it cannot be run.
pub(super) fn ready(step: &AfterStep) -> Result<Ready, Text> {
    let (mut missing, mut hidden) = (Vec::new(), Vec::new());
    let mut filled = |text: &str, is_address| filled(text, is_address, &mut hidden, &mut missing);
    let action = match &step.url {
        Some(url) => Url::parse(&filled(url, true)).ok().map(Action::Post),
        None => {
            let words = step.command.iter().map(|word| filled(word, false));
            Some(Action::Command(words.collect()))
        }
    };
    if !missing.is_empty() {
        let (zh, en) = (missing.join("、"), missing.join(", "));
        return Err(text!(
            "要用环境变量 {zh}，现在没有",
            "it needs the variable {en}, which the environment has not"
        ));
    }
    // One may begin with another.
    hidden.sort_by_key(|(value, _)| Reverse(value.len()));
    match action {
        Some(Action::Post(url)) if !is_web(&url) => Err(no_address()),
        None => Err(no_address()),
        Some(action) => Ok(Ready {
            action,
            is_secret: step.url.as_ref().is_some_and(|url| url.starts_with("${")),
            hidden,
        }),
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

fn no_address() -> Text {
    text!(
        "代入环境变量后不是网址（整个网址放在环境变量里时，要以 `https://` 开头）",
        "it is no web address with its variables put in (where a variable is the whole address, it begins with `https://`)"
    )
}

impl Ready {
    /// Words from elsewhere, without what must not be shown.
    pub(super) fn without_secrets(&self, mut words: Text) -> Text {
        for (value, name) in &self.hidden {
            words.zh = words.zh.replace(value, name);
            words.en = words.en.replace(value, name);
        }
        words
    }
}

/// A text with the values of its variables, which are added to `hidden`; the names of those that there are not, to
/// `missing`.
///
/// In an address, values are encoded, except where a variable is its beginning, and so more than a part.
fn filled(
    text: &str,
    is_address: bool,
    hidden: &mut Vec<(String, String)>,
    missing: &mut Vec<String>,
) -> String {
    let mut filled = String::new();
    // What is no variable was told of when `site.yaml` was read.
    for piece in pieces(text).unwrap_or_default() {
        let name = match piece {
            Piece::Text(text) => {
                filled.push_str(text);
                continue;
            }
            Piece::Variable(name) => name,
        };
        let value = std::env::var(name).unwrap_or_default();
        // A line end comes along easily.
        let value = value.trim().to_owned();
        if value.is_empty() {
            missing.push(format!("`{name}`"));
            continue;
        }
        let encoded = utf8_percent_encode(&value, ENCODED).to_string();
        filled.push_str(match is_address && !filled.is_empty() {
            true => &encoded,
            false => &value,
        });
        let values = [value, encoded].into_iter();
        let values = values.filter(|value| value.len() >= SHORTEST_SECRET);
        hidden.extend(values.map(|value| (value, format!("${{{name}}}"))));
    }
    filled
}
