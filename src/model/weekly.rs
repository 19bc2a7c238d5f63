//! Opening hours and weekly schedules: days of the week with a start and an end.

use super::date::parse_time;
use super::form::Form;
use super::node::Node;
use super::shape::Shape;
use super::value::Value;

/// Days of the week with one or more stretches of time, `周一至周五 08:30-11:30、14:00-17:00`.
///
/// Other texts, such as `法定节假日除外`, are not accepted here; they go into a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeeklySlot {
    /// Days, 1 = Monday to 7 = Sunday, ascending.
    pub days: Vec<u8>,
    /// Start and end in minutes from midnight; start before end.
    pub times: Vec<(u16, u16)>,
    /// The officer's own words.
    pub written: String,
}

const NAMES: [char; 7] = ['一', '二', '三', '四', '五', '六', '日'];

impl WeeklySlot {
    /// Parses days and times; `None` when the text is neither.
    ///
    /// Days: `每天`, `工作日`, `周末`, `周一`, `周一至周五`, `周三、周六` (`星期`, `礼拜` and `天`
    /// work too). Times: `08:30-17:00`, several separated by `、` or `,`.
    pub fn parse(written: &str) -> Option<Self> {
        let text = written
            .trim()
            .replace('：', ":")
            .replace(['～', '~', '–', '—', '至', '到'], "-");
        let time_start = text.find(|c: char| c.is_ascii_digit())?;
        let days = parse_days(text[..time_start].trim())?;
        let times = text[time_start..]
            .split(['、', ',', '，', ';', '；'])
            .map(|stretch| {
                let (from, to) = stretch.split_once('-')?;
                let (from, to) = (minutes(from)?, minutes(to)?);
                (from < to).then_some((from, to))
            })
            .collect::<Option<Vec<_>>>()?;
        Some(WeeklySlot {
            days,
            times,
            written: written.trim().to_owned(),
        })
    }
}

fn minutes(text: &str) -> Option<u16> {
    let text = text.trim();
    if text == "24:00" {
        return Some(24 * 60);
    }
    let (hour, minute) = parse_time(text)?;
    Some(u16::try_from(hour).ok()? * 60 + u16::try_from(minute).ok()?)
}

fn parse_days(text: &str) -> Option<Vec<u8>> {
    match text {
        "每天" | "每日" | "全周" => return Some((1..=7).collect()),
        "工作日" => return Some((1..=5).collect()),
        "周末" => return Some(vec![6, 7]),
        _ => {}
    }
    let mut days = Vec::new();
    for part in text.split(['、', ',', '，']) {
        match part.split_once('-') {
            Some((from, to)) => {
                let (from, to) = (day(from)?, day(to)?);
                if from > to {
                    return None;
                }
                days.extend(from..=to);
            }
            None => days.push(day(part)?),
        }
    }
    days.sort_unstable();
    days.dedup();
    Some(days)
}

fn day(text: &str) -> Option<u8> {
    let text = text.trim();
    let name = text
        .strip_prefix("星期")
        .or_else(|| text.strip_prefix("礼拜"))
        .or_else(|| text.strip_prefix('周'))
        .unwrap_or(text)
        .replace('天', "日");
    let index = NAMES.iter().position(|known| name == known.to_string())?;
    u8::try_from(index + 1).ok()
}

impl Value for WeeklySlot {
    fn form() -> Form {
        Form::WeeklySlot
    }

    fn of_node(node: &Node) -> Option<Self> {
        match node {
            Node::Text(written) => WeeklySlot::parse(written),
            _ => None,
        }
    }

    fn inspect(&self) -> Shape<'_> {
        Shape::WeeklySlot(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_lists_and_names_of_days_are_read() {
        let days = |text| WeeklySlot::parse(text).unwrap().days;
        assert_eq!(days("周一至周五 08:30-17:00"), [1, 2, 3, 4, 5]);
        assert_eq!(days("星期三、周日 9:00-11:30"), [3, 7]);
        assert_eq!(days("每天 00:00-24:00").len(), 7);
        assert_eq!(days("周一到周三、周六 08:30～17:00"), [1, 2, 3, 6]);
    }

    #[test]
    fn several_stretches_of_a_day_are_kept_apart() {
        let slot = WeeklySlot::parse("工作日 08:30-11:30、14:00-17:00").unwrap();
        assert_eq!(slot.times, [(510, 690), (840, 1020)]);
    }

    #[test]
    fn backward_times_and_unknown_days_are_refused() {
        for text in [
            "周一 17:00-08:30",
            "周八 08:30-17:00",
            "08:30",
            "周五至周一 08:30-17:00",
            "节假日除外",
        ] {
            assert_eq!(WeeklySlot::parse(text), None, "{text}");
        }
    }
}
