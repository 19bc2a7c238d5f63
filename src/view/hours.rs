//! Weekly opening hours as pages show them: by day, merged, and in a short form for the script that
//! says whether a place is open now.

use std::fmt::Write;

use serde::Serialize;

use crate::model::weekly::WeeklySlot;

/// Names of the days of the week, Monday first.
pub(super) const DAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

/// When something is open in a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Week([Vec<(u16, u16)>; 7]);

/// Days of the week that share their hours.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct HoursRow {
    /// The days in words: `周一至周五`, `周六、周日`, `每天`.
    pub days: String,
    /// The days as numbers, Monday is 1: `1 2 3 4 5`.
    pub numbers: String,
    /// The stretches of time, in order; none for days without any.
    pub times: Vec<Stretch>,
}

/// A stretch of time on one day.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// Its start: `08:30`.
    pub from: String,
    /// Its end: `11:30`; `24:00` for midnight.
    pub to: String,
}

impl From<(u16, u16)> for Stretch {
    fn from((from, to): (u16, u16)) -> Self {
        Stretch {
            from: clock(from),
            to: clock(to),
        }
    }
}

/// Minutes from midnight as `08:30`.
pub(super) fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Days, 0 for Monday, and the stretches that they share.
type Group<'w> = (Vec<usize>, &'w [(u16, u16)]);

impl Week {
    /// The week of some slots; stretches of one day that touch or overlap become one.
    pub(super) fn of(slots: &[WeeklySlot]) -> Self {
        let mut days: [Vec<(u16, u16)>; 7] = Default::default();
        for slot in slots {
            for day in &slot.days {
                days[usize::from(day - 1)].extend(&slot.times);
            }
        }
        for day in &mut days {
            day.sort_unstable();
            day.dedup_by(|next, kept| {
                let touches = next.0 <= kept.1;
                if touches {
                    kept.1 = kept.1.max(next.1);
                }
                touches
            });
        }
        Week(days)
    }

    /// Whether it is never open.
    fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// The days with the same hours together, in the order of their first days; nothing for a week
    /// without hours.
    pub(super) fn rows(&self) -> Vec<HoursRow> {
        let groups = self.groups().into_iter();
        let rows = groups.map(|(days, times)| HoursRow {
            days: days_in_words(&days),
            numbers: joined(days.iter().map(|day| (day + 1).to_string()), " "),
            times: times.iter().copied().map(Stretch::from).collect(),
        });
        rows.collect()
    }

    /// The short form that `_open.js` reads: `1-5 0830-1130 1400-1700;6 0900-1130`. Empty for a week
    /// without hours.
    pub(super) fn code(&self) -> String {
        let groups = self.groups().into_iter();
        let open = groups.filter(|(_, times)| !times.is_empty());
        let parts = open.map(|(days, times)| {
            let mut part = joined(runs(&days).into_iter().map(run_code), ",");
            for &(from, to) in times {
                let [from, to] = [from, to].map(|minutes| minutes / 60 * 100 + minutes % 60);
                // Writing to a string cannot fail.
                let _ = write!(part, " {from:04}-{to:04}");
            }
            part
        });
        joined(parts, ";")
    }

    fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        if self.is_empty() {
            return groups;
        }
        for (day, times) in self.0.iter().enumerate() {
            match groups.iter_mut().find(|(_, known)| known == times) {
                Some((days, _)) => days.push(day),
                None => groups.push((vec![day], times)),
            }
        }
        groups
    }
}

/// Days that follow one another, as first and last.
fn runs(days: &[usize]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &day in days {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == day => *last = day,
            _ => runs.push((day, day)),
        }
    }
    runs
}

fn run_code((first, last): (usize, usize)) -> String {
    if first == last {
        (first + 1).to_string()
    } else {
        format!("{}-{}", first + 1, last + 1)
    }
}

fn days_in_words(days: &[usize]) -> String {
    if days.len() == 7 {
        return String::from("每天");
    }
    let words = runs(days)
        .into_iter()
        .map(|(first, last)| match last - first {
            0 => DAYS[first].to_owned(),
            1 => format!("{}、{}", DAYS[first], DAYS[last]),
            _ => format!("{}至{}", DAYS[first], DAYS[last]),
        });
    joined(words, "、")
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(slots: &[&str]) -> Week {
        let slots = slots.iter().map(|text| WeeklySlot::parse(text).unwrap());
        Week::of(&slots.collect::<Vec<_>>())
    }

    #[test]
    fn days_with_the_same_hours_share_a_row() {
        let rows = week(&["周一至周五 08:30-11:30、14:00-17:00", "周日 09:00-11:30"]).rows();
        let days: Vec<_> = rows.iter().map(|row| row.days.as_str()).collect();
        assert_eq!(days, ["周一至周五", "周六", "周日"]);
        assert_eq!(rows[0].numbers, "1 2 3 4 5");
        assert_eq!(rows[0].times[1].to, "17:00");
        assert!(rows[1].times.is_empty());
    }

    #[test]
    fn days_apart_and_pairs_are_worded_shortly() {
        let rows = week(&["周一、周三、周五 09:00-10:00", "周末 09:00-12:00"]).rows();
        let days: Vec<_> = rows.iter().map(|row| row.days.as_str()).collect();
        assert_eq!(days, ["周一、周三、周五", "周二、周四", "周六、周日"]);
    }

    #[test]
    fn stretches_that_touch_or_overlap_become_one() {
        let week = week(&[
            "每天 08:00-10:00、09:00-12:00",
            "周三 12:00-24:00",
            "周四 00:00-08:00",
        ]);
        assert_eq!(week.code(), "1-2,5-7 0800-1200;3 0800-2400;4 0000-1200");
    }

    #[test]
    fn a_week_without_hours_has_no_rows() {
        assert_eq!(week(&[]).rows(), []);
        assert_eq!(week(&[]).code(), "");
        assert_eq!(week(&["每天 00:00-24:00"]).code(), "1-7 0000-2400");
        assert_eq!(week(&["每天 00:00-24:00"]).rows()[0].days, "每天");
    }
}
