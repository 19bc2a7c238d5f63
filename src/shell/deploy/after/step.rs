//! Makes steps ready: puts in what comes from the environment, before anything is sent.

use std::cmp::Reverse;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

use super::words;
use crate::deploy::changes::key_of;
use crate::diag::{Code, Diagnostic};
use crate::model::target::{AfterStep, DeployTarget, Payload};
use crate::model::variables::{Piece, pieces};

/// What is encoded of a value in an address: everything that could mean something there.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What is shorter is no password, and would be found in every word.
const SHORTEST_SECRET: usize = 4;

/// What is shorter in the path of an address is a word, such as `robot` or `send`.
const SHORTEST_SEGMENT: usize = 6;

/// A step with everything it needs.
pub struct Step {
    /// The step, as it is written in `site.yaml`.
    pub shown: String,
    pub(super) key: String,
    pub(super) payload: Payload,
    pub(super) action: Action,
    /// Values that must not be shown, with what stands for them; the longest first, since one may begin with another.
    hidden: Vec<(String, String)>,
}

/// What a step does.
pub(super) enum Action {
    /// Sends it to this address.
    Post(Url),
    /// Runs this program with these arguments.
    Command(Vec<String>),
}

/// What prevents running a step.
pub struct Lack {
    target: String,
    step: String,
    /// The variable that the environment does not have; `None` where the address is none.
    variable: Option<String>,
}

impl Lack {
    /// The error because of which nothing is done.
    pub fn refused(&self) -> Diagnostic {
        words::lacks(
            (&self.target, &self.step),
            self.variable.as_deref(),
            Code::Environment,
        )
    }

    /// The error that the step alone is left out.
    pub fn left_out(&self) -> Diagnostic {
        words::lacks(
            (&self.target, &self.step),
            self.variable.as_deref(),
            Code::After,
        )
    }
}

/// The steps of a target that can be run, and what prevents running the others.
pub fn prepare(target: &DeployTarget) -> (Vec<Step>, Vec<Lack>) {
    let mut steps = Vec::new();
    let mut lacks = Vec::new();
    for step in &target.after {
        match Step::of(target, step) {
            Ok(step) => steps.push(step),
            Err(found) => lacks.extend(found),
        }
    }
    (steps, lacks)
}

impl Step {
    fn of(target: &DeployTarget, written: &AfterStep) -> Result<Self, Vec<Lack>> {
        let lack = |variable: Option<String>| Lack {
            target: target.name.clone(),
            step: written.shown(),
            variable,
        };
        let mut missing = Vec::new();
        let mut hidden = Vec::new();
        let mut filled = |text: &str, is_address: bool| {
            filled(text, is_address, &mut hidden).unwrap_or_else(|names| {
                missing.extend(names);
                String::new()
            })
        };
        let action = match &written.url {
            Some(url) => Url::parse(&filled(url, true)).map(Action::Post).ok(),
            None => {
                let words = written.command.iter();
                let words = words.map(|word| filled(word, false)).collect();
                Some(Action::Command(words))
            }
        };
        if !missing.is_empty() {
            return Err(missing.into_iter().map(|name| lack(Some(name))).collect());
        }
        let is_web = |action: &Action| match action {
            Action::Post(url) => ["http", "https"].contains(&url.scheme()) && url.has_host(),
            Action::Command(_) => true,
        };
        let Some(action) = action.filter(is_web) else {
            return Err(vec![lack(None)]);
        };
        hidden.sort_by_key(|(value, _)| Reverse(value.len()));
        Ok(Step {
            shown: written.shown(),
            key: key_of(written),
            payload: written.payload(),
            action,
            hidden,
        })
    }

    /// Words from elsewhere, without what must not be shown.
    pub(super) fn without_secrets(&self, words: &str) -> String {
        let mut words = words.to_owned();
        for (value, name) in &self.hidden {
            words = words.replace(value, name);
        }
        words
    }
}

/// A text with the values of its variables, which are added to `hidden`.
///
/// In an address, values are encoded, except where a variable is its beginning, and so more than a part.
///
/// # Errors
/// The names of those that there are not.
fn filled(
    text: &str,
    is_address: bool,
    hidden: &mut Vec<(String, String)>,
) -> Result<String, Vec<String>> {
    let mut filled = String::new();
    let mut missing = Vec::new();
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
        let value = value.trim();
        if value.is_empty() {
            missing.push(name.to_owned());
            continue;
        }
        let encoded = utf8_percent_encode(value, ENCODED).to_string();
        let mut values = match is_address && filled.is_empty() {
            true => parts(value),
            false => Vec::new(),
        };
        match is_address && !filled.is_empty() {
            true => filled.push_str(&encoded),
            false => filled.push_str(value),
        }
        values.extend([value.to_owned(), encoded]);
        values.retain(|value| value.len() >= SHORTEST_SECRET);
        hidden.extend(
            values
                .into_iter()
                .map(|value| (value, format!("${{{name}}}"))),
        );
    }
    match missing.is_empty() {
        true => Ok(filled),
        false => Err(missing),
    }
}

/// The parts of a secret address that may be as secret as the whole: whoever answers may name one of them alone.
fn parts(address: &str) -> Vec<String> {
    let Ok(url) = Url::parse(address) else {
        return Vec::new();
    };
    let path = url.path().trim_matches('/');
    let segments = [path].into_iter().chain(path.split('/'));
    let segments = segments.filter(|segment| segment.len() >= SHORTEST_SEGMENT);
    let queries = url.query().into_iter().flat_map(|query| query.split('&'));
    // A password may stand there without a name.
    let values = queries.map(|query| query.split_once('=').map_or(query, |(_, value)| value));
    let user = [url.username(), url.password().unwrap_or_default()];
    let raw = segments.chain(values).chain(user);
    let both = raw.flat_map(|part| {
        let decoded = percent_decode_str(part).decode_utf8_lossy().into_owned();
        [part.to_owned(), decoded]
    });
    both.collect()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn whatever_may_be_secret_in_an_address_is_known() {
        for (address, expected) in [
            ("no address", &[][..]),
            ("https://hook.example", &[]),
            ("https://hook.example/send/", &[]),
            (
                "https://hook.example/robot/SECRET/",
                &["robot/SECRET", "SECRET"],
            ),
            (
                "https://hook.example/x?a=1&token=b%2Fc&d",
                &["1", "b%2Fc", "b/c", "d"],
            ),
            (
                "https://me:pass%40word@hook.example/",
                &["me", "pass%40word", "pass@word"],
            ),
        ] {
            let mut found = parts(address);
            found.dedup();
            found.retain(|part| !part.is_empty());
            assert_eq!(found, expected, "{address}");
        }
    }
}
