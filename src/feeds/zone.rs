//! Moments in UTC, as calendars write them.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

/// A local time as a moment in UTC, as calendars write it: `20210425T003000Z`.
pub(super) fn utc(local: civil::DateTime, zone: &TimeZone) -> String {
    let instant = local
        .to_zoned(zone.clone())
        .map(|zoned| zoned.timestamp());
    let instant = instant.unwrap_or(Timestamp::UNIX_EPOCH);
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}
