//! What whoever publishes the site must know of it beyond its files.

use std::collections::BTreeMap;

use super::Site;
use crate::diag::{Code, Diagnostic, Problem, text};
use crate::model::leaf::Sample;
use crate::model::node::{Part, Step};

/// Most illustrative entries that are named one by one.
const MOST_NAMED: usize = 10;

impl Site {
    /// Errors that there are illustrative entries, values or channels: no official site has any. The first
    /// ten are named.
    pub fn samples(&self) -> Vec<Diagnostic> {
        let is_sample = |sample: &Sample| *sample != Sample::Nothing;
        let entries = self.entries.iter().map(|entry| &entry.raw);
        let entries = entries.filter(|raw| is_sample(&raw.common.sample));
        let entries = entries.map(|raw| {
            let title = &raw.common.title;
            let message = text!("“{title}”还是示例", "“{title}” is still a sample");
            sample(message).at(raw.span(&[Step::Key("sample")], Part::Key))
        });
        let channels = self.config.channels.iter().filter(|channel| channel.sample);
        let channels = channels.map(|channel| {
            let title = &channel.title;
            let message = text!(
                "site.yaml 里的媒介渠道“{title}”还是示例",
                "the channel “{title}” in site.yaml is still a sample"
            );
            sample(message).nowhere()
        });
        let mut all: Vec<Diagnostic> = entries.chain(channels).collect();
        let more = all.len().saturating_sub(MOST_NAMED);
        if more > 0 {
            all.truncate(MOST_NAMED);
            let message = text!("另有 {more} 处示例", "there are {more} more samples");
            all.push(sample(message).nowhere());
        }
        all
    }

    /// When what lies below a path of the output expires, in seconds since 1970 (UTC).
    pub fn expiries(&self) -> BTreeMap<String, i64> {
        let zone = self.config.zone();
        let expiries = self.entries.iter().filter_map(|entry| {
            let on = entry.raw.common.expire_on?;
            let at = on.start().to_zoned(zone.clone()).ok()?;
            let path = entry.path.as_str().trim_end_matches('/');
            Some((path.to_owned(), at.timestamp().as_second()))
        });
        expiries.collect()
    }
}

fn sample(message: crate::diag::Text) -> Problem {
    Problem::error(Code::Sample, message).hint(text!(
        "填上真实内容并删去 `sample`，或写 `draft: true`；试发布的目标写 `staging: true`",
        "fill in what is real and delete `sample`, or write `draft: true`; a target for trials has `staging: true`"
    ))
}
