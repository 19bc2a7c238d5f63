//! The site's time zone in feeds and calendars.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

use crate::link::Site;
use crate::model::config::DEFAULT_ZONE;
use crate::model::date::Moment;

/// The name of the site's time zone.
pub(super) fn zone_name(site: &Site) -> &str {
    site.config.time_zone.as_deref().unwrap_or(DEFAULT_ZONE)
}

/// The site's time zone; UTC for a name that is none, which is reported elsewhere.
pub(super) fn zone_of(site: &Site) -> TimeZone {
    TimeZone::get(zone_name(site)).unwrap_or(TimeZone::UTC)
}

/// RFC 3339, with the zone's offset; in UTC where the offset then had seconds, which the format
/// cannot say.
pub(super) fn timestamp(moment: Moment, zone: &TimeZone) -> String {
    match moment.start().to_zoned_datetime(zone.clone()) {
        Ok(zoned) if zoned.offset().seconds() % 60 == 0 => {
            zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
        }
        Ok(zoned) => zoned.timestamp().to_string(),
        Err(_) => format!("{}T00:00:00Z", moment.date),
    }
}

/// A local time as a moment in UTC, as calendars write it: `20210425T003000Z`.
pub(super) fn utc(local: civil::DateTime, zone: &TimeZone) -> String {
    let instant = local
        .to_zoned_datetime(zone.clone())
        .map(|zoned| zoned.timestamp());
    let instant = instant.unwrap_or(Timestamp::UNIX_EPOCH);
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}
