//! The week of a station's rooms: one room, many uses (一室多用).

use serde::Serialize;

use crate::model::kinds::Room;
use crate::render::Prepared;
use crate::view::hours::{DAYS, clock};
use crate::view::{Card, Cards};

/// What takes place in the rooms of a station in a week.
#[derive(Debug, Serialize)]
pub struct Schedule<'a> {
    /// The days shown: Monday to Friday, with the weekend when anything takes place then.
    pub days: Vec<ScheduleDay>,
    /// The rooms of which times are written.
    pub rooms: Vec<RoomPlan<'a>>,
    /// The same by day, for narrow screens; days on which nothing takes place are left out.
    pub by_day: Vec<DayPlan<'a>>,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ScheduleDay {
    /// 1 for Monday to 7 for Sunday.
    pub number: usize,
    /// `周一`.
    pub label: &'static str,
}

/// The week of one room.
#[derive(Debug, Serialize)]
pub struct RoomPlan<'a> {
    /// The room's name.
    pub title: &'a str,
    /// The floor it is on, where written.
    pub floor: Option<&'a str>,
    /// For each of the schedule's days what takes place, in order.
    pub days: Vec<Vec<TimeBlock<'a>>>,
}

/// Uses of a room that overlap, or a single one.
#[derive(Debug, Serialize)]
pub struct TimeBlock<'a> {
    /// The uses, in order of their start.
    pub uses: Vec<UseTime<'a>>,
}

/// One use of a room at one time of the week.
#[derive(Debug, Clone, Serialize)]
pub struct UseTime<'a> {
    /// What the room is used for.
    pub title: &'a str,
    /// The room's name.
    pub room: &'a str,
    /// Who uses it, where written and public.
    pub organization: Option<Prepared<Card<'a>>>,
    /// Its start: `14:00`.
    pub from: String,
    /// Its end: `16:00`.
    pub to: String,
    /// Day and time in the form that the script `_open.js` reads: `2 1400-1600`.
    pub code: String,
    #[serde(skip)]
    minutes: (u16, u16),
}

/// What takes place on one day of the week, in all rooms.
#[derive(Debug, Serialize)]
pub struct DayPlan<'a> {
    /// The day.
    pub day: ScheduleDay,
    /// The uses, in order of their start.
    pub uses: Vec<UseTime<'a>>,
}

impl<'a> Schedule<'a> {
    /// That of some rooms; `None` when no times are written.
    pub(super) fn new(rooms: &'a [Room], cards: &Cards<'a>) -> Option<Self> {
        let is_timed = |room: &&Room| room.uses.iter().any(|used| !used.times.is_empty());
        let weeks = rooms.iter().filter(is_timed);
        let weeks: Vec<_> = weeks.map(|room| (room, week(room, cards))).collect();
        if weeks.is_empty() {
            return None;
        }
        let has_weekend =
            |(_, week): &(&Room, Week<'_>)| week[5..].iter().any(|day| !day.is_empty());
        let shown = if weeks.iter().any(has_weekend) { 7 } else { 5 };
        let days = DAYS.into_iter().take(shown).enumerate();
        let days = days.map(|(index, label)| ScheduleDay {
            number: index + 1,
            label,
        });
        let days: Vec<ScheduleDay> = days.collect();
        let by_day = days.iter().map(|&day| DayPlan {
            day,
            uses: on_day(&weeks, day),
        });
        let by_day = by_day.filter(|plan| !plan.uses.is_empty()).collect();
        let plan = |(room, week): (&'a Room, Week<'a>)| RoomPlan {
            title: &room.title,
            floor: room.floor.as_deref(),
            days: week.into_iter().take(shown).map(blocks).collect(),
        };
        let rooms = weeks.into_iter().map(plan).collect();
        Some(Schedule {
            days,
            rooms,
            by_day,
        })
    }
}

/// The uses of each day of the week, in order.
type Week<'a> = [Vec<UseTime<'a>>; 7];

fn week<'a>(room: &'a Room, cards: &Cards<'a>) -> Week<'a> {
    let mut week = Week::default();
    for used in &room.uses {
        let organization = cards.targets(&used.organization).next();
        for slot in &used.times {
            for &day in &slot.days {
                let times = slot.times.iter().map(|&(from, to)| UseTime {
                    title: &used.title,
                    room: &room.title,
                    organization: organization.clone(),
                    from: clock(from),
                    to: clock(to),
                    code: format!("{day} {}-{}", digits(from), digits(to)),
                    minutes: (from, to),
                });
                week[usize::from(day - 1)].extend(times);
            }
        }
    }
    for day in &mut week {
        day.sort_by_key(|used| used.minutes);
    }
    week
}

fn digits(minutes: u16) -> String {
    format!("{:02}{:02}", minutes / 60, minutes % 60)
}

fn on_day<'a>(weeks: &[(&'a Room, Week<'a>)], day: ScheduleDay) -> Vec<UseTime<'a>> {
    let of_rooms = weeks.iter().flat_map(|(_, week)| &week[day.number - 1]);
    let mut uses: Vec<UseTime<'a>> = of_rooms.cloned().collect();
    uses.sort_by_key(|used| used.minutes);
    uses
}

/// Puts uses that overlap together; one that starts when another ends does not.
fn blocks(uses: Vec<UseTime<'_>>) -> Vec<TimeBlock<'_>> {
    let mut blocks: Vec<TimeBlock<'_>> = Vec::new();
    let mut end = 0;
    for used in uses {
        match blocks.last_mut() {
            Some(block) if used.minutes.0 < end => {
                end = end.max(used.minutes.1);
                block.uses.push(used);
            }
            _ => {
                end = used.minutes.1;
                blocks.push(TimeBlock { uses: vec![used] });
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(title: &str, from: u16, to: u16) -> UseTime<'_> {
        UseTime {
            title,
            room: "活动室",
            organization: None,
            from: clock(from),
            to: clock(to),
            code: String::new(),
            minutes: (from, to),
        }
    }

    #[test]
    fn uses_that_overlap_are_shown_together() {
        let uses = vec![
            used("甲", 540, 720),
            used("乙", 600, 660),
            used("丙", 700, 730),
            used("丁", 730, 800),
        ];
        let titles: Vec<Vec<&str>> = blocks(uses)
            .iter()
            .map(|block| block.uses.iter().map(|used| used.title).collect())
            .collect();
        assert_eq!(titles, [vec!["甲", "乙", "丙"], vec!["丁"]]);
    }
}
