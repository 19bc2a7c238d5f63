//! The clock: the only place where the time of day is read.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{self, TimeZone};

use crate::content;
use crate::diag::{Code, Problem, did_you_mean, text};
use crate::model::config::DEFAULT_ZONE;
use crate::model::snapshot::Snapshot;

/// The local date and time in `time_zone`, an IANA name such as `Asia/Shanghai`.
///
/// # Errors
///
/// A problem without position when no time zone has that name.
pub fn now_in(time_zone: &str) -> Result<DateTime, Problem> {
    TimeZone::get(time_zone)
        .map(|zone| Timestamp::now().to_zoned(zone).datetime())
        .map_err(|_| unknown_zone(time_zone))
}

/// The local date and time where the site is, by the time zone in its `site.yaml`.
pub fn now_at(snapshot: &Snapshot) -> DateTime {
    let config = content::config(snapshot).value;
    let zone = config.and_then(|raw| raw.config.time_zone);
    // A time zone that does not exist is reported by the check of `site.yaml`.
    let now = now_in(zone.as_deref().unwrap_or(DEFAULT_ZONE));
    now.unwrap_or_else(|_| now_in("UTC").unwrap_or_default())
}

fn unknown_zone(time_zone: &str) -> Problem {
    let known: Vec<String> = tz::db()
        .available()
        .map(|name| name.as_str().to_owned())
        .collect();
    let near = did_you_mean(time_zone, known.iter().map(|name| (name.as_str(), None)));
    let hint = near.unwrap_or_else(|| {
        text!(
            "中国各地写 `Asia/Shanghai`",
            "for China write `Asia/Shanghai`"
        )
    });
    Problem::error(
        Code::InvalidValue,
        text!(
            "没有名为 `{time_zone}` 的时区",
            "no time zone called `{time_zone}`"
        ),
    )
    .hint(hint)
}

/// The seconds since 1970 (UTC).
#[cfg(feature = "deploy")]
pub(super) fn seconds() -> i64 {
    Timestamp::now().as_second()
}

/// A moment in seconds since 1970 as the time of day where this machine is, such as `14:05`.
#[cfg(feature = "deploy")]
pub(super) fn time_of_day(seconds: i64) -> String {
    let moment = Timestamp::from_second(seconds).unwrap_or_default();
    let local = moment.to_zoned(TimeZone::system());
    local.strftime("%H:%M").to_string()
}

/// Measures how long something takes, for the summary line.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// A stopwatch that starts now.
    pub fn start() -> Self {
        Stopwatch(Instant::now())
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shanghai_is_eight_hours_ahead_of_utc() {
        let utc = now_in("UTC").unwrap();
        let local = now_in("Asia/Shanghai").unwrap();
        let ahead = local.duration_since(utc);
        assert_eq!(ahead.as_mins() / 60, 8);
    }

    #[test]
    fn an_unknown_time_zone_is_a_problem_with_a_remedy() {
        let near = now_in("Asia/Shangahi").unwrap_err();
        assert!(near.hints[0].zh.contains("Asia/Shanghai"), "{near:?}");
        let far = now_in("北京时间").unwrap_err();
        assert!(far.hints[0].en.contains("Asia/Shanghai"), "{far:?}");
    }
}
